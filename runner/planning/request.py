"""What a person asks the command for, before anything is looked at."""

from dataclasses import dataclass, field
from pathlib import Path

from runner.faults.breaker import OnFailure
from trial_sets.records.layout import OUTPUTS
from trial_sets.records.request import (
    DEFAULT_STUDY,
    DataRequest,
    Precision,
    RunRequest,
    StudyOverrides,
)
from trial_sets.redaction import hide_home


@dataclass(frozen=True, slots=True)
class Request:
    """Which fits of which study, on which data, and where their records go."""

    study: str = DEFAULT_STUDY
    sets_file: str | None = None  # FILE or FILE:NAME with sets of one's own
    sets: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    controls: bool = True
    baselines: bool = True
    seeds: int | None = None  # the first so many of the study's
    looks: tuple[int, ...] | None = None  # a plan of looks, where it is not the study's
    folds: int | None = None  # in place of the study's
    data: DataRequest = field(default_factory=DataRequest)
    overrides: StudyOverrides = field(default_factory=StudyOverrides)  # in every configuration
    trainer: str | None = None  # FILE.py:function, in place of the transformer
    command: str | None = None  # template of a command, in place of both
    python: str | None = None  # that runs either; None for the one that runs this
    precision: Precision = "fp32"  # of the large matrix products
    device: str = "auto"
    jobs: int | None = None  # worker processes; None for one a core or GPU
    launch: tuple[str, ...] = ()  # words before a worker's command, for the slots in turn
    launch_python: str | None = None  # the Python there; None for the path of this one
    evaluate_test: str | None = None  # the trial to be scored on the test period
    output: Path = OUTPUTS
    force: bool = False  # run finished fits again
    rerun_failed: bool = False  # run fits again that would probably fail again
    retries: int = 1  # of a fit that chance may have ended
    timeout_s: float | None = None  # of a fit
    hang_s: float = 300.0  # without a sign of life
    on_failure: OnFailure = "same_error"

    def of_run(self, data_sha256: str | None = None, folder: str | None = None) -> RunRequest:
        """Return what of it identifies the run.

        Parameters
        ----------
        data_sha256
            Of the data's file.
        folder
            Where the command was given, from the run's folder. Paths in the home folder begin with
            ``~``: run.json is shared, and names nobody.
        """
        path = self.data.path
        shown = None if path is None else Path(hide_home(str(path)))
        return RunRequest(
            study=hide_home(self.study),
            sets_file=self.sets_file and hide_home(self.sets_file),
            data=self.data.model_copy(update={"path": shown}),
            data_sha256=data_sha256,
            folder=folder,
            overrides=self.overrides,
            trainer=self.trainer and hide_home(self.trainer),
            command=self.command and hide_home(self.command),
            python=self.python and hide_home(self.python),
            folds=self.folds,
            precision=self.precision,
        )
