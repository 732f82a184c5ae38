"""Preparing the data of a run: the split that was asked for, and what there is to say of it."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any, Literal

import models.data.labels
from models.data.dataset import Dataset, default_split, prepare_dataset
from models.data.indicators.indicator import Tier
from models.data.sources import DataSource, load_source
from models.data.splits import Split, SplitDates, SplitFractions, read_border
from runner.errors import RunError
from runner.planning.row_sketch import sketch_rows
from trial_sets.errors import suggest
from trial_sets.files import TIERS
from trial_sets.records.looks import RowSketch
from trial_sets.records.request import DataRequest
from trial_sets.records.run_info import DataSummary, SplitSummary
from trial_sets.study import Study


def load_dataset_for(study: Study, request: DataRequest) -> Dataset:
    """Read, check and prepare the data that a study is to run on.

    The rows are those at which the study's longest context fits, so that every trial is scored
    on the same rows.

    Raises
    ------
    DataError, RunError
        If the data or its split cannot be used.
    """
    source = _find_source(request)
    return prepare_dataset(
        source,
        tier=_choose_tier(study, request),
        label=models.data.labels.LabelRule(**study.label.model_dump()),
        split=_choose_split(source, request),
        context=study.longest_context(),
    )


def sketch_splits(
    study: Study, request: DataRequest, dataset: Dataset
) -> dict[Literal["validation", "test"], RowSketch]:
    """Return what is kept of the values in the rows that a trial is chosen and tested on.

    Raises
    ------
    DataError
        If the data cannot be read again.
    """
    rule = models.data.labels.LabelRule(**study.label.model_dump())
    features = load_source(_find_source(request), _choose_tier(study, request), rule).features
    return {
        "validation": sketch_rows(features, dataset.val_rows),
        "test": sketch_rows(features, dataset.test_rows),
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
    if not {"val_start", "test_start"} <= borders.keys():
        raise RunError(
            f"{source.path}: a split by dates needs both --val-start and --test-start; "
            f"found {_options(dates)}"
        )
    return SplitDates(**borders)


def _given(request: DataRequest, *names: str) -> dict[str, Any]:
    """Return those of the named options that were given."""
    return {name: v for name in names if (v := getattr(request, name)) is not None}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _options(names: Iterable[str]) -> str:
    return ", ".join(map(_option, names))


def summarize_data(dataset: Dataset) -> DataSummary:
    """Return what a reader of the results must know of the data."""
    names = {"train": "train", "val": "validation", "test": "test"}
    return DataSummary.model_validate(
        {
            "name": dataset.name,
            "fingerprint": dataset.fingerprint,
            "tier": dataset.tier,
            "label": dataset.label,
            "features": len(dataset.feature_names),
            "context": dataset.context,
            "splits": {
                names[split]: SplitSummary(**asdict(summary))
                for split, summary in dataset.summary().items()
            },
            "notices": dataset.notices,
            "reading": dataset.reading,
        }
    )
