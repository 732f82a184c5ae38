"""What the labels of a split must show, so that a score of it means something."""

import numpy as np

from models.data.splitting.samples import RowArray, Samples, SplitName
from models.errors import DataError

MIN_CLASS_ROWS = 5  # of each of two classes in every split: below, an AUC means nothing
LEAST_CLASS_ROWS = 2  # of each class in a fold, and of each of several: below, it has no error
FEW_ROWS = 30  # of a class, or with a number: below, a score means little, worth a notice

_NAMES = {"train": "training", "val": "validation", "test": "test"}


def check_split_labels(
    samples: Samples, rows: RowArray, split: SplitName, where: str, *, is_fold: bool = False
) -> list[str]:
    """Return a notice where a score of some rows means little.

    Parameters
    ----------
    samples : Samples
        All rows.
    rows : int array
        Those of the split.
    split : SplitName
        Which one it is.
    where : str
        How a sentence about it begins, such as ``a.csv: the train period, 2020 to 2021,``.
    is_fold : bool
        Whether it is the validation of one of several folds, where fewer of two classes will do.

    Raises
    ------
    DataError
        If a class has too few rows, or numbers are all the same.
    """
    if samples.task == "binary":
        least = LEAST_CLASS_ROWS if is_fold else MIN_CLASS_ROWS
        return _check_two_classes(samples, rows, where, least)
    if samples.task == "multiclass":
        return _check_classes(samples, rows, split, where)
    return _check_numbers(samples, rows, where)


def _check_two_classes(samples: Samples, rows: RowArray, where: str, least: int) -> list[str]:
    positives = int(samples.labels[rows].sum())
    rarer = min(positives, len(rows) - positives)
    counts = f"{where} has {positives} positive of {len(rows)} rows"
    if rarer < least:
        raise DataError(f"{counts}; at least {least} rows of each class are needed")
    return [f"{counts}: few for an AUC"] if rarer < FEW_ROWS else []


def _check_classes(samples: Samples, rows: RowArray, split: SplitName, where: str) -> list[str]:
    counts = np.bincount(samples.labels[rows], minlength=len(samples.classes))
    rarest = int(counts.argmin())
    name, count = samples.classes[rarest], int(counts[rarest])
    if count < LEAST_CLASS_ROWS:
        found = f"{count or 'no'} {_NAMES[split]} row{'s' * (count != 1)}"
        others = int((counts < LEAST_CLASS_ROWS).sum()) - 1
        also = f" ({others} more classes have too few)" if others else ""
        raise DataError(
            f"{where} lacks a class: class {name!r} has {found}{also}; at least "
            f"{LEAST_CLASS_ROWS} of each class are needed"
        )
    if count >= FEW_ROWS:
        return []
    return [f"{where} has {count} rows of class {name!r}, its rarest: few for an estimate"]


def _check_numbers(samples: Samples, rows: RowArray, where: str) -> list[str]:
    labels = samples.labels[rows]
    if not np.ptp(labels) > 0:
        raise DataError(
            f"{where} has {len(rows)} row{'s' * (len(rows) != 1)} whose label is {labels[0]:g} "
            "throughout; expected labels that differ"
        )
    few = [f"{where} has {len(rows)} rows: few for an estimate"]
    return few if len(rows) < FEW_ROWS else []
