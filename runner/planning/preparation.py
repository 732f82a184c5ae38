"""Preparing the data of a run: the split that was asked for, and what there is to say of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.data.dataset import Dataset
from models.data.preparation import PreparedFolds, prepare_folds
from models.data.sources import load_source
from models.data.splitting.folds import FoldRule
from models.data.splitting.samples import SplitName
from runner.planning.data_choice import (
    choose_split,
    choose_tier,
    cuts_validation,
    find_label,
    find_source,
    task_of_rows,
)
from runner.planning.row_sketch import sketch_rows, sketch_whole_rows
from trial_sets.records.looks import KeptRows
from trial_sets.records.request import DataRequest
from trial_sets.records.run_info import DataSummary, FoldSummary, SplitSummary
from trial_sets.study import Study


def load_folds_for(study: Study, request: DataRequest) -> PreparedFolds:
    """Read, check and prepare the data that a study is to run on.

    The rows are those at which the study's longest context fits, so that every trial is scored
    on the same rows.

    Raises
    ------
    DataError, RunError
        If the data or its split cannot be used.
    """
    source = find_source(request)
    return prepare_folds(
        source,
        FoldRule(study.folds, cuts_validation=cuts_validation(study, request)),
        tier=choose_tier(study, request),
        label=find_label(study, request),
        split=choose_split(study, source, request),
        context=study.longest_context() if study.is_ordered else None,
        task=task_of_rows(study),
    )


def sketch_splits(
    study: Study, request: DataRequest, datasets: Sequence[Dataset]
) -> dict[Literal["validation", "test"], KeptRows]:
    """Return what is kept of the values in the rows that a trial is chosen and tested on.

    Raises
    ------
    DataError
        If the data cannot be read again.
    """
    source = find_source(request)
    raw = load_source(
        source,
        choose_tier(study, request),
        find_label(study, request),
        task=task_of_rows(study),
        split=choose_split(study, source, request),
    )
    features, chosen = raw.features, np.concatenate([one.val_rows for one in datasets])
    return {
        "validation": _sketch(features, chosen, study),
        "test": _sketch(features, datasets[-1].test_rows, study),
    }


def _sketch(
    features: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], study: Study
) -> KeptRows:
    return KeptRows(
        rows=sketch_rows(features, rows, is_ordered=study.is_ordered),
        whole=None if study.is_ordered else sketch_whole_rows(features, rows),
    )


def summarize_data(prepared: PreparedFolds) -> DataSummary:
    """Return what a reader of the results must know of the data."""
    last = prepared.datasets[-1]
    found = {one.fold: _list_splits(one) for one in prepared.datasets}
    kept = [
        FoldSummary(number=fold, train=splits["train"], validation=splits["validation"])
        for fold, splits in found.items()
        if fold is not None
    ]
    dropped = [
        FoldSummary(number=fold.number, train=None, validation=None, dropped=fold.dropped)
        for fold in prepared.dropped
        if fold.number is not None
    ]
    validation = _join_splits([splits["validation"] for splits in found.values()])
    notices = [notice for dataset in prepared.datasets for notice in dataset.notices]
    return DataSummary(
        name=last.name,
        fingerprint=last.fingerprint,
        tier=last.tier,
        label=last.label,
        features=len(last.feature_names),
        context=last.context,
        splits={**found[last.fold], "validation": validation},
        folds=tuple(sorted([*kept, *dropped], key=lambda fold: fold.number)),
        notices=tuple(dict.fromkeys(notices)),
        reading=last.reading,
    )


def _list_splits(
    dataset: Dataset,
) -> dict[Literal["train", "validation", "test"], SplitSummary]:
    summary = {split: SplitSummary(**asdict(one)) for split, one in dataset.summary().items()}
    names: dict[SplitName, Literal["train", "validation", "test"]]
    names = {"train": "train", "val": "validation", "test": "test"}
    return {names[split]: one for split, one in summary.items()}


def _join_splits(splits: Sequence[SplitSummary]) -> SplitSummary:
    """Return what several periods in time order, or parts without one, are together."""
    positives = [split.positives for split in splits if split.positives is not None]
    digests = "".join(split.rows_digest for split in splits)
    is_one = len(splits) == 1
    return SplitSummary(
        rows=sum(split.rows for split in splits),
        positives=sum(positives) if positives else None,
        first=splits[0].first,
        last=splits[-1].last,
        classes={name: sum(split.classes[name] for split in splits) for name in splits[0].classes},
        **_join_numbers(splits),
        rows_digest=digests if is_one else _digest(digests),
    )


def _join_numbers(splits: Sequence[SplitSummary]) -> dict[str, float]:
    """Return mean and deviation of the labels of several periods; nothing if they are none."""
    known = [(s.rows, s.mean, s.deviation) for s in splits if s.mean is not None]
    if not known:
        return {}
    n, mean, deviation = np.array(known, dtype=np.float64).T
    whole = float(np.average(mean, weights=n))
    variance = float(np.average(deviation**2 + (mean - whole) ** 2, weights=n))
    return {"mean": whole, "deviation": variance**0.5}


def _digest(digests: str) -> str:
    return hashlib.sha256(digests.encode()).hexdigest()[:16] if digests else ""
