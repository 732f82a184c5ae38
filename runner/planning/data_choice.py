"""What of a study and a request says which data is read, how it is labelled and how it is split."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import models.data.labelling.rules
from models.data.indicators.indicator import Tier
from models.data.labelling.rules import ColumnLabel, RowLabel, TargetRule
from models.data.preparation import default_split
from models.data.sources import DataSource
from models.data.splitting.choice import Split
from models.data.splitting.periods import SplitDates, SplitFractions, read_border
from models.data.splitting.unordered import ColumnSplit, GroupSplit, RandomSplit, StratifiedSplit
from models.task import Task
from runner.errors import RunError
from trial_sets.errors import suggest
from trial_sets.files import TIERS, SplitRule
from trial_sets.records.request import DataRequest
from trial_sets.study import Study

_BORDERS = ("train_start", "val_start", "test_start", "test_end")
_SHARES = ("val_fraction", "test_fraction")


def find_source(request: DataRequest) -> DataSource:
    """Return where the data comes from, and how it is read."""
    return DataSource(
        path=request.path,
        date_column=request.date_column,
        date_format=request.date_format,
        ticker=request.ticker,
        label_column=request.label_column,
        as_feature_table=request.feature_table,
    )


def choose_tier(study: Study, request: DataRequest) -> Tier:
    """Return the indicators to compute from prices.

    Raises
    ------
    RunError
        If there is no such tier.
    """
    tier = request.tier or study.tier
    if tier not in TIERS:
        raise RunError(f"--tier {tier}: there is no such tier{suggest(tier, TIERS)}")
    return tier


def task_of_rows(study: Study) -> Task:
    """Return what a label is."""
    assert study.task != "none", "a study that scores no rows has no data"
    return study.task


def find_label(study: Study, request: DataRequest) -> RowLabel:
    """Return what the label of a row is; a column that was named by option goes first."""
    rule = study.label
    if (column := request.label_column or rule.column) is not None:
        return ColumnLabel(column, rule.horizon if study.is_ordered else 0)
    if rule.target is not None:
        return TargetRule(rule.target, rule.horizon)
    return models.data.labelling.rules.LabelRule(rule.threshold, rule.horizon, rule.direction)


def cuts_validation(study: Study, request: DataRequest) -> bool:
    """Say whether folds cut the validation period rather than reach back before it."""
    rule = study.split
    return request.val_start is not None or (rule is not None and rule.val_start is not None)


def choose_split(study: Study, source: DataSource, request: DataRequest) -> Split:
    """Return the split: what was given by option, else the study's, else the data's default.

    Raises
    ------
    RunError, DataError
        If options do not go together or with the study's split, or a border is no date.
    """
    rule = study.split
    asked = _given(request, *_BORDERS, *_SHARES)
    if rule is None:
        return _choose_periods(source, request)
    if asked and not rule.is_ordered:
        raise RunError(
            f"{_options(asked)}: the study splits rows without time (split.kind={rule.kind})"
        )
    if asked:
        return _choose_periods(source, request)
    return _read_rule(rule)


def _read_rule(rule: SplitRule) -> Split:
    """Return the split that a study declares."""
    shares: dict[str, Any] = {
        name: value
        for name in ("val", "test", "seed")
        if (value := getattr(rule, name)) is not None
    }
    if rule.kind == "dates":
        borders: dict[str, Any] = {
            name: read_border(f"split.{name}", text) for name, text in rule.borders.items()
        }
        return SplitDates(borders.pop("val_start", None), borders.pop("test_start"), **borders)
    if rule.kind == "column":
        return ColumnSplit(rule.column or "")
    if rule.kind == "groups":
        return GroupSplit(rule.column or "", **shares)
    kinds = {"fractions": SplitFractions, "random": RandomSplit, "stratified": StratifiedSplit}
    split: Split = kinds[rule.kind](**shares)
    return split


def _choose_periods(source: DataSource, request: DataRequest) -> Split:
    """Return the split by the dates or fractions that were given, or the data's default."""
    dates, fractions = _given(request, *_BORDERS), _given(request, *_SHARES)
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
