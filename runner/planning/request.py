"""What a person asks the command for, before anything is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.settings import Precision
from runner.faults.breaker import OnFailure
from trial_sets.records.layout import OUTPUTS


@dataclass(frozen=True, slots=True)
class DataRequest:
    """Which data, how it is read, labelled and split; None stands for the default."""

    path: Path | None = None  # None for the embedded S&P 500
    feature_table: bool = False  # take a file with prices as a finished feature table
    date_column: str | None = None
    label_column: str | None = None  # a 0/1 column instead of the label rule
    tier: str | None = None
    threshold: float | None = None  # of the label rule
    horizon: int | None = None  # in rows
    direction: str | None = None
    train_start: str | None = None  # ISO 8601 dates; a split ends where the next one starts
    val_start: str | None = None
    test_start: str | None = None
    test_end: str | None = None  # exclusive
    val_fraction: float | None = None  # of the rows, where there are no dates
    test_fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Which fits of which study, on which data, and where their records go."""

    study: str = "a50"
    sets_file: str | None = (
        None  # FILE or FILE:NAME with sets of one's own, in place of the study's
    )
    sets: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    controls: bool = True
    baselines: bool = True
    seeds: int | None = None  # the first so many of the study's
    data: DataRequest = DataRequest()
    overrides: Mapping[str, int] = field(default_factory=dict)  # in every configuration
    trainer: str | None = None  # FILE.py:function, in place of the transformer
    precision: Precision = "fp32"  # of the large matrix products
    device: str = "auto"
    jobs: int | None = None  # worker processes; None for one a core or GPU
    evaluate_test: str | None = None  # the trial to be scored on the test period
    output: Path = OUTPUTS
    force: bool = False  # run finished fits again
    rerun_failed: bool = False  # run fits again that would probably fail again
    retries: int = 1  # of a fit that chance may have ended
    timeout_s: float | None = None  # of a fit
    hang_s: float = 300.0  # without a sign of life
    on_failure: OnFailure = "same_error"
