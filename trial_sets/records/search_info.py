"""What the trials of one search have in common: the schema of search.json."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.records.request import RunRequest
from trial_sets.space import SearchSpace
from trial_sets.strict_json import check, read_json

SamplerName = Literal["grid", "random", "qmc", "tpe", "gp", "cmaes", "nsga2", "manual"]
PrunerName = Literal["none", "median", "hyperband", "guide"]
SAMPLERS: tuple[SamplerName, ...] = get_args(SamplerName)
PRUNERS: tuple[PrunerName, ...] = get_args(PrunerName)
StopKind = Literal["gain", "same-best", "no-better"]
TRIAL_PREFIX = "trial-"  # of a trial's folder, before the number that Optuna knows it by


class StopRule(StrictModel):
    """When a search ends before all its trials have run."""

    kind: StopKind
    limit: Annotated[float, Field(gt=0, allow_inf_nan=False)]  # a share a trial, or trials


class SearchStop(StrictModel):
    """Why a search has ended before all its trials had run."""

    rule: str  # as it was given: `no-better=30`, `hours=2`
    n_ended: Annotated[int, Field(ge=0)]  # trials by then
    at: str  # ISO 8601, UTC
    sentence: str  # what was seen


class SearchInfo(StrictModel):
    """Everything that makes the trials of a search one search; `stops` alone are added to."""

    schema_version: Literal[2] = 2
    name: Annotated[str, Field(min_length=1)]
    run: str  # in whose folder it lies
    sampler: SamplerName
    seed: Annotated[int, Field(ge=0, lt=2**32)]  # of what is proposed
    fit_seed: Annotated[int, Field(ge=0, lt=2**32)]  # that every trial is trained with
    pruner: PrunerName = "none"
    jobs: Annotated[int, Field(ge=1)] = 1  # fits at a time when it began
    space: SearchSpace
    fixed: dict[str, OptionValue | None] = Field(default_factory=dict)  # what does not vary
    default: dict[str, OptionValue] | None = None  # the base's values, proposed first
    study_from: str | None = None  # whose trials it goes on from
    n_foreign: Annotated[int, Field(ge=0)] = 0  # trials of those
    request: RunRequest | None = None  # with the folds that were asked for
    folds: Annotated[int, Field(ge=1)] = 1  # of what comes after the search, which has none itself
    stops: tuple[SearchStop, ...] = ()


def name_trial(number: int) -> str:
    """Return the name of a search's trial, which sorts by its number."""
    return f"{TRIAL_PREFIX}{number:05d}"


def read_search_info(path: Path) -> SearchInfo:
    """Return what a search.json says; version 1, which knew no `folds`, is read as without any.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    content = read_json(path)
    if isinstance(content, dict) and content.get("schema_version", 1) == 1:
        content["schema_version"] = 2
    return check(SearchInfo, content, str(path))
