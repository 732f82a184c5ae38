"""From a source to a dataset: read, check, compute, label, split and scale."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from models.data.dataset import Dataset, FeatureArray, GroupArray
from models.data.dates import write_date
from models.data.indicators.indicator import Tier
from models.data.labelling.labels import hide_labels
from models.data.labelling.rules import LabelRule, RowLabel
from models.data.raw_data import RawData
from models.data.sources import DataSource, load_source
from models.data.splitting.choice import Split, choose_folds, is_ordered
from models.data.splitting.folds import Fold, FoldRule
from models.data.splitting.periods import SplitDates, SplitFractions
from models.data.splitting.repeats import note_repeats
from models.data.splitting.samples import RowArray, Samples, SplitRows
from models.data.splitting.unordered import GroupSplit
from models.errors import DataError, listed, place
from models.task import Task

USUAL_CONTEXT = 80  # rows in a window, where they have an order
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
        comes after its validation rows: the features of the test period. Where rows have no order,
        only the last knows the labels of the test rows.
    dropped : tuple of Fold
        Folds that lack a class to validate on.
    """

    datasets: tuple[Dataset, ...]
    dropped: tuple[Fold, ...] = ()


def prepare_dataset(
    source: DataSource,
    *,
    tier: Tier = "a50",
    label: RowLabel | None = None,
    split: Split | None = None,
    context: int | None = None,
    task: Task = "binary",
) -> Dataset:
    """Prepare the data of a run without folds; see `prepare_folds`."""
    folds = prepare_folds(
        source, FoldRule(), tier=tier, label=label, split=split, context=context, task=task
    )
    return folds.datasets[-1]


def prepare_folds(
    source: DataSource,
    rule: FoldRule,
    *,
    tier: Tier = "a50",
    label: RowLabel | None = None,
    split: Split | None = None,
    context: int | None = None,
    task: Task = "binary",
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
    label : RowLabel | None
        What the label of a row is; by default whether the next high reaches close + 1 %.
    split : Split | None
        The periods, or how rows without time are split; by default what `default_split` returns.
    context : int | None
        Rows in a window, by default 80; rows without time have no window but themselves.
    task : Task
        What a label is.

    Raises
    ------
    DataError
        If the data or an option cannot be used.
    """
    meaning, chosen = label or LabelRule(), split or default_split(source)
    has_order = is_ordered(chosen)
    if not has_order and context not in {None, 1}:
        raise DataError(
            f"context: found {context}; rows that are split without regard to time have no "
            "windows, expected 1"
        )
    raw = load_source(source, tier, meaning, task=task, split=chosen)
    samples = _list_samples(
        raw,
        task,
        context=(USUAL_CONTEXT if context is None else context) if has_order else 1,
        horizon=meaning.horizon if has_order else 0,
    )
    folds = choose_folds(samples, chosen, rule)
    if not has_order:
        repeats = note_repeats(raw.file, raw.features, raw.labels, folds)
        raw = replace(raw, notices=raw.notices + repeats)
    return PreparedFolds(
        datasets=tuple(
            _open_dataset(source, raw, samples, fold, fold.rows, chosen)
            for fold in folds
            if fold.rows is not None
        ),
        dropped=tuple(fold for fold in folds if fold.rows is None),
    )


def _list_samples(raw: RawData, task: Task, *, context: int, horizon: int) -> Samples:
    return Samples(
        raw.file,
        raw.dates,
        raw.labels,
        np.asarray(np.isfinite(raw.features).all(axis=1)),
        context,
        horizon,
        task,
        raw.classes,
        raw.belongs,
    )


def _open_dataset(
    source: DataSource,
    raw: RawData,
    samples: Samples,
    fold: Fold,
    rows: SplitRows,
    split: Split,
) -> Dataset:
    """Return the data of one fold: nothing that comes after it, but for the test period."""
    where = "all training rows" + (f" of fold {fold.number}" if fold.number is not None else "")
    features, scale_notices = _scale(raw, rows.train, samples.context, where)
    known = slice(fold.known)
    labels = raw.labels[known]
    if fold.known is not None:
        labels = hide_labels(labels, slice(len(labels) - samples.horizon, None))  # they look ahead
    if fold.unseen is not None:
        labels = hide_labels(labels, fold.unseen)
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
        task=samples.task,
        classes=samples.classes,
        is_ordered=is_ordered(split),
        groups=_number_groups(raw, split),
        target_horizon=raw.target_horizon,
    )


def _number_groups(raw: RawData, split: Split) -> GroupArray:
    """Return the number of each row's group, in the order of their names; none without groups."""
    if raw.belongs is None or not isinstance(split, GroupSplit):
        return np.zeros(0, dtype=np.int64)
    return np.unique(raw.belongs, return_inverse=True)[1].astype(np.int64)


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
    is_timed, name = not np.isnat(raw.dates[row]), raw.feature_names[column]
    day = write_date(raw.dates[row]) if is_timed else None
    raise DataError(
        f"{place(raw.file, row=row, date=day, column=name)}: found {raw.features[row, column]:g}, "
        f"{abs(deviations[row, column]):.0e} standard deviations of the training rows from their "
        "mean; expected a value like theirs"
    )
