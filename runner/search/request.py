"""What a person asks of a search, before anything is looked at."""

from dataclasses import dataclass

from runner.planning.request import Request
from trial_sets.records.search_info import PrunerName, SamplerName, StopRule


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Which space is searched, how, and for how long."""

    request: Request  # of the study, the data, what trains; its sets and trials do not count
    name: str = "search"
    sampler: SamplerName = "tpe"
    seed: int = 0  # of what is proposed
    pruner: PrunerName = "none"
    trials: int | None = None  # of the whole search, those that have ended included
    hours: float | None = None  # from this command's start; fits that run by then end
    stops: tuple[StopRule, ...] = ()
    space_file: str | None = None  # None for the study's own space
    study_from: str | None = None  # FILE or FILE#NAME of an Optuna storage
    with_default: bool = True  # whether the base is proposed first
