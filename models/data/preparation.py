"""From a source to a dataset: read, check, compute, label, split and scale."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from models.data.dataset import Dataset, FeatureArray
from models.data.dates import write_date
from models.data.folds import Fold, FoldRule, split_folds
from models.data.indicators.indicator import Tier
from models.data.labels import UNKNOWN, LabelRule
from models.data.sources import DataSource, RawData, load_source
from models.data.splits import RowArray, Samples, Split, SplitDates, SplitFractions, SplitRows
from models.errors import DataError, listed, place

SMALLEST_SPREAD = 1e-30  # below it a column is as good as constant, and its variance vanishes

EMBEDDED_SPLIT = SplitDates(date(2015, 1, 1), date(2017, 1, 1), date(2019, 1, 1))


def default_split(source: DataSource) -> Split:
    """Return the split of a source for which a person gave none.

    The embedded data trains to 2014, validates on 2015 and 2016, tests on 2017 and 2018; other data
    is cut 70 / 15 / 15 % by rows.
    """
    return EMBEDDED_SPLIT if source.path is None else SplitFractions()


@dataclass(frozen=True, slots=True)
class PreparedFolds:
    """The data of each fold, and the folds that have none.

    Attributes
    ----------
    datasets : tuple of Dataset
        In time order; one without a number where there are no folds. Only the last knows of what
        comes after its validation rows: the features of the test period.
    dropped : tuple of Fold
        Folds that lack a class to validate on.
    """

    datasets: tuple[Dataset, ...]
    dropped: tuple[Fold, ...] = ()


def prepare_dataset(
    source: DataSource,
    *,
    tier: Tier = "a50",
    label: LabelRule | None = None,
    split: Split | None = None,
    context: int = 80,
) -> Dataset:
    """Prepare the data of a run without folds; see `prepare_folds`."""
    folds = prepare_folds(source, FoldRule(), tier=tier, label=label, split=split, context=context)
    return folds.datasets[0]


def prepare_folds(
    source: DataSource,
    rule: FoldRule,
    *,
    tier: Tier = "a50",
    label: LabelRule | None = None,
    split: Split | None = None,
    context: int = 80,
) -> PreparedFolds:
    """Read, check, compute, label, split and scale.

    Parameters
    ----------
    source : DataSource
        The embedded data or a file.
    rule : FoldRule
        How many folds there are, and where.
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
    meaning = label or LabelRule()
    raw = load_source(source, tier, meaning)
    samples = Samples(
        raw.file,
        raw.dates,
        raw.labels,
        np.asarray(np.isfinite(raw.features).all(axis=1)),
        context,
        meaning.horizon,
    )
    folds = split_folds(samples, split or default_split(source), rule)
    return PreparedFolds(
        datasets=tuple(
            _open_dataset(source, raw, samples, fold, fold.rows)
            for fold in folds
            if fold.rows is not None
        ),
        dropped=tuple(fold for fold in folds if fold.rows is None),
    )


def _open_dataset(
    source: DataSource, raw: RawData, samples: Samples, fold: Fold, rows: SplitRows
) -> Dataset:
    """Return the data of one fold: nothing that comes after it, but for the test period."""
    where = "all training rows" + (f" of fold {fold.number}" if fold.number is not None else "")
    features, scale_notices = _scale(raw, rows.train, samples.context, where)
    known = slice(fold.known)
    labels = raw.labels[known].copy()
    if fold.known is not None:
        labels[len(labels) - samples.horizon :] = UNKNOWN  # they look at what comes after
    return Dataset(
        name=source.name,
        fingerprint=raw.fingerprint,
        tier=raw.tier,
        feature_names=raw.feature_names,
        features=features[known],
        labels=labels,
        dates=raw.dates[known],
        context=samples.context,
        train_rows=rows.train,
        val_rows=rows.val,
        test_rows=rows.test,
        notices=(*raw.notices, *rows.notices, *scale_notices),
        label=raw.label,
        reading=raw.reading,
        fold=fold.number,
    )


def _scale(
    raw: RawData, train_rows: RowArray, context: int, where: str
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
    return scaled, (f"{raw.file}: constant in {where}, so of no use there: {constant}",)


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
