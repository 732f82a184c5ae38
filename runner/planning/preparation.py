"""Preparing the data of a run: the split that was asked for, and what there is to say of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, Literal

import numpy as np

import models.data.labelling.rules
from models.data.dataset import Dataset
from models.data.indicators.indicator import Tier
from models.data.preparation import PreparedFolds, default_split, prepare_folds
from models.data.sources import DataSource, load_source
from models.data.splitting.choice import Split
from models.data.splitting.folds import FoldRule
from models.data.splitting.periods import SplitDates, SplitFractions, read_border
from models.data.splitting.samples import SplitName
from runner.errors import RunError
from runner.planning.row_sketch import sketch_rows
from trial_sets.errors import suggest
from trial_sets.files import TIERS
from trial_sets.records.looks import RowSketch
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
    source = _find_source(request)
    return prepare_folds(
        source,
        FoldRule(study.folds, cuts_validation=request.val_start is not None),
        tier=_choose_tier(study, request),
        label=models.data.labelling.rules.LabelRule(**study.label.model_dump()),
        split=_choose_split(source, request),
        context=study.longest_context(),
    )


def sketch_splits(
    study: Study, request: DataRequest, datasets: Sequence[Dataset]
) -> dict[Literal["validation", "test"], RowSketch]:
    """Return what is kept of the values in the rows that a trial is chosen and tested on.

    Raises
    ------
    DataError
        If the data cannot be read again.
    """
    rule = models.data.labelling.rules.LabelRule(**study.label.model_dump())
    features = load_source(_find_source(request), _choose_tier(study, request), rule).features
    return {
        "validation": sketch_rows(features, np.concatenate([one.val_rows for one in datasets])),
        "test": sketch_rows(features, datasets[-1].test_rows),
    }


def _find_source(request: DataRequest) -> DataSource:
    return DataSource(
        path=request.path,
        date_column=request.date_column,
        date_format=request.date_format,
        ticker=request.ticker,
        label_column=request.label_column,
        as_feature_table=request.feature_table,
    )


def _choose_tier(study: Study, request: DataRequest) -> Tier:
    tier = request.tier or study.tier
    if tier not in TIERS:
        raise RunError(f"--tier {tier}: there is no such tier{suggest(tier, TIERS)}")
    return tier


def _choose_split(source: DataSource, request: DataRequest) -> Split:
    """Return the split by the dates or fractions that were given, or the data's default."""
    dates = _given(request, "train_start", "val_start", "test_start", "test_end")
    fractions = _given(request, "val_fraction", "test_fraction")
    if dates and fractions:
        raise RunError(f"give either dates or fractions: found {_options(dates | fractions)}")
    default = default_split(source)
    if fractions:
        shares = {name.removesuffix("_fraction"): share for name, share in fractions.items()}
        return SplitFractions(**shares)
    if not dates:
        return default
    borders = {name: read_border(_option(name), text) for name, text in dates.items()}
    if isinstance(default, SplitDates):
        return replace(default, **borders)
    if "test_start" not in borders:
        raise RunError(
            f"{source.path}: a split by dates needs --test-start; found {_options(dates)}"
        )
    return SplitDates(borders.pop("val_start", None), borders.pop("test_start"), **borders)


def _given(request: DataRequest, *names: str) -> dict[str, Any]:
    """Return those of the named options that were given."""
    return {name: v for name in names if (v := getattr(request, name)) is not None}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _options(names: Iterable[str]) -> str:
    return ", ".join(map(_option, names))


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
