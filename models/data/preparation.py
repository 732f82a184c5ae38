"""From a source to a dataset: read, check, compute, label, split and scale."""

from datetime import date

import numpy as np
import numpy.typing as npt

from models.data.dataset import Dataset, FeatureArray
from models.data.dates import write_date
from models.data.indicators.indicator import Tier
from models.data.labels import LabelRule
from models.data.sources import DataSource, RawData, load_source
from models.data.splits import RowArray, Split, SplitDates, SplitFractions, split_rows
from models.errors import DataError, listed, place

SMALLEST_SPREAD = 1e-30  # below it a column is as good as constant, and its variance vanishes

EMBEDDED_SPLIT = SplitDates(date(2015, 1, 1), date(2017, 1, 1), date(2019, 1, 1))


def default_split(source: DataSource) -> Split:
    """Return the split of a source for which a person gave none.

    The embedded data trains to 2014, validates on 2015 and 2016, tests on 2017 and 2018; other data
    is cut 70 / 15 / 15 % by rows.
    """
    return EMBEDDED_SPLIT if source.path is None else SplitFractions()


def prepare_dataset(
    source: DataSource,
    *,
    tier: Tier = "a50",
    label: LabelRule | None = None,
    split: Split | None = None,
    context: int = 80,
) -> Dataset:
    """Read, check, compute, label, split and scale.

    Parameters
    ----------
    source : DataSource
        The embedded data or a file.
    tier : Tier
        Indicators computed from prices; a feature table has its own.
    label : LabelRule | None
        What makes a row positive; by default the next high reaches close + 1 %.
    split : Split | None
        The periods; by default those of `default_split`.
    context : int
        Rows in a window.

    Raises
    ------
    DataError
        If the data or an option cannot be used.
    """
    rule = label or LabelRule()
    raw = load_source(source, tier, rule)
    rows = split_rows(
        raw.file,
        raw.dates,
        raw.labels,
        np.asarray(np.isfinite(raw.features).all(axis=1)),
        split or default_split(source),
        context=context,
        horizon=rule.horizon,
    )
    features, scale_notices = _scale(raw, rows.train, context)
    return Dataset(
        name=source.name,
        fingerprint=raw.fingerprint,
        tier=raw.tier,
        feature_names=raw.feature_names,
        features=features,
        labels=raw.labels,
        dates=raw.dates,
        context=context,
        train_rows=rows.train,
        val_rows=rows.val,
        test_rows=rows.test,
        notices=(*raw.notices, *rows.notices, *scale_notices),
        label=raw.label,
        reading=raw.reading,
    )


def _scale(
    raw: RawData, train_rows: RowArray, context: int
) -> tuple[FeatureArray, tuple[str, ...]]:
    """Standardise by mean and deviation of the rows that training windows touch, each once."""
    is_touched = np.zeros(len(raw.dates), dtype=bool)
    for offset in range(context):
        is_touched[train_rows - offset] = True
    seen = raw.features[is_touched]
    is_constant = np.ptp(seen, axis=0) < SMALLEST_SPREAD
    mean = np.where(is_constant, seen[0], seen.mean(axis=0))
    scale = np.where(is_constant, 1.0, seen.std(axis=0))
    deviations = (raw.features - mean) / scale
    _refuse_far(raw, deviations)
    scaled = deviations.astype(np.float32)
    if not is_constant.any():
        return scaled, ()
    constant = listed(np.array(raw.feature_names)[is_constant])
    return scaled, (f"{raw.file}: constant in all training rows, so of no use there: {constant}",)


def _refuse_far(raw: RawData, deviations: npt.NDArray[np.float64]) -> None:
    """Refuse a value that lies farther out than single precision reaches."""
    is_far = np.abs(deviations) > np.finfo(np.float32).max
    if not is_far.any():
        return
    row, column = map(int, np.argwhere(is_far)[0])
    day, name = write_date(raw.dates[row]), raw.feature_names[column]
    raise DataError(
        f"{place(raw.file, row=row, date=day, column=name)}: found {raw.features[row, column]:g}, "
        f"{abs(deviations[row, column]):.0e} standard deviations of the training rows from their "
        "mean; expected a value like theirs"
    )
