"""What a fit leaves on disk: the schema that the runner writes and the analysis reads."""

import contextlib
import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.records.fit_id import FitId
from trial_sets.records.limits import (
    MOST_MESSAGE,
    MOST_TRACEBACK,
    cap_text,
    keep_end,
)
from trial_sets.redaction import hide_person
from trial_sets.strict_json import check, parse_json

# 1 knew no run and no head of the ledger of claims; 2 no folds; 3 only AUC; 4 no pruned fit.
SCHEMA_VERSION = 5
_FIRST_OF_ANY_METRIC = 4  # version
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**53)]  # what a float holds exactly


class EpochPoint(StrictModel):
    """One epoch of a fit's learning curve."""

    epoch: Annotated[Count, Field(ge=1)]
    train_loss: Finite | None  # mean over the epoch's batches, with dropout
    val_loss: Finite | None  # of the validation rows; of classes cross-entropy, in nats
    val_metric: Finite | None = Field(  # the study's metric, by which the epoch is selected
        validation_alias=AliasChoices("val_metric", "val_auc")  # which it was before version 4
    )
    seconds: Finite


RecordStatus = Literal["complete", "failed", "pruned"]  # the last: a search ended it early
FailureKind = Literal[
    "error",  # the training raised
    "diverged",  # numbers that are not finite
    "out_of_memory",  # on the device, even in micro-batches
    "out_of_host_memory",  # the system refused memory, or killed the worker for it
    "crashed",  # the worker process ended
    "timed_out",  # longer than --timeout
    "hung",  # no sign of life
    "device_lost",  # the device stopped working
]


class Failure(StrictModel):
    """Why a fit has no result."""

    kind: FailureKind
    message: str
    traceback: str = ""

    @classmethod
    def of(cls, kind: FailureKind, message: str, traceback: str = "") -> "Failure":
        """Return a failure as a record holds it, whatever was said and however much.

        Records are shared: home folder, user and host are not named.
        """
        return cls(
            kind=kind,
            message=cap_text(hide_person(message), MOST_MESSAGE),
            traceback=keep_end(hide_person(traceback), MOST_TRACEBACK),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


class Provenance(StrictModel):
    """Under what a fit ran; none of it is part of what makes fits comparable."""

    device: str
    group_size: int  # replicas that trained as one program
    micro_batches: int = 1  # parts of a step's batch, to fit the device's memory
    attempts: int = 1  # how often this batch of fits tried
    started: str  # ISO 8601, UTC
    finished: str
    versions: dict[str, str]  # of Python, this project, and PyTorch or, of a baseline, scikit-learn
    platform: str  # the system and the kind of machine
    processor: str = ""  # its maker and the instructions in use; once also its model
    matmul: str = "default"  # the library of the matrix products on a CPU


class Record(StrictModel):
    """The result of one trial with one seed, or the reason why there is none."""

    schema_version: int = SCHEMA_VERSION
    run: str | None = None  # that it belongs to; None in one of version 1
    status: RecordStatus
    kind: Literal["trial", "control", "baseline"]
    names: Annotated[tuple[str, ...], Field(min_length=1)]  # the first is the folder's
    configuration: AnyConfiguration | None  # None for a baseline
    key: str  # of the configuration; the baseline's name for a baseline
    seed: int
    fold: Annotated[int, Field(ge=1)] | None = None  # None in a run without folds
    metric: str = "val_auc"  # which of the metrics its study is about
    metrics: dict[str, Finite | None] = Field(
        default_factory=dict  # val_auc, val_auc_last, ...
    )
    curve: tuple[EpochPoint, ...] = ()
    selected_epoch: int | None = None
    stop_reason: str | None = None  # patience, epochs, diverged, pruned, finished (one's own)
    n_parameters: int | None = None
    seconds: Finite = 0.0  # training alone
    peak_memory_mib: Finite | None = None
    predictions_sha256: str | None = None  # of predictions.npz
    failure: Failure | None = None
    notices: tuple[str, ...] = ()  # what was left out, since a record does not hold it
    claims_head: str | None = None  # SHA-256 of the ledger's last line when its batch began
    provenance: Provenance
    sha256: str | None = None  # of everything else, as `sealed` writes it

    @field_validator("schema_version")
    @classmethod
    def _check_version(cls, version: int) -> int:
        if not 1 <= version <= SCHEMA_VERSION:
            raise ValueError(f"schema_version={version}, expected 1 to {SCHEMA_VERSION}")
        return version

    @model_validator(mode="after")
    def _check_status(self, info: ValidationInfo) -> Self:
        if self.status == "complete" and self.score is None:
            raise ValueError(f"a complete record needs metrics.{self.metric}")
        if (self.status == "failed") != (self.failure is not None):
            raise ValueError("a record has a failure exactly when its status is failed")
        is_stopped = self.stop_reason == "pruned"
        if self.status == ("complete" if is_stopped else "pruned"):
            raise ValueError(f"status={self.status}, but stop_reason={self.stop_reason}")
        if self.sha256 is not None and self.sha256 != (info.context or self._digest()):
            raise ValueError("not what was written: its sha256 is another")
        return self

    def sealed(self) -> "Record":
        """Return the record with the checksum by which a later change is noticed."""
        said = self.model_dump(mode="json", exclude={"sha256"})
        return self.model_copy(update={"sha256": _digest(said)})

    def _digest(self) -> str:
        """Return the SHA-256 of what the file says but for the checksum, however it is laid out.

        Fields that the file lacks, since it was written before they were known, do not count.
        """
        said = self.model_dump(mode="json", exclude={"sha256"}, exclude_unset=True)
        if self.schema_version < _FIRST_OF_ANY_METRIC:
            for point in said.get("curve", ()):
                point["val_auc"] = point.pop("val_metric")
        return _digest(said)

    @property
    def score(self) -> float | None:
        """The validation rows' value of the study's metric."""
        return self.metrics.get(self.metric)

    @property
    def name(self) -> str:
        """The name under which the fit is filed."""
        return self.names[0]

    @property
    def id(self) -> FitId:
        """Which fit of its run it is."""
        return FitId(self.name, self.seed, self.fold)


def parse_record(text: str, where: str) -> Record:
    """Return the record that a file's text holds.

    Most hold just what was written, which the text itself shows in half the time that it takes to
    write the record again and compare; the others are read all the same.

    Raises
    ------
    InputError
        If it is no valid record, or is not what was written.
    """
    content = parse_json(text, where)
    with contextlib.suppress(ValidationError, RecursionError):
        if isinstance(content, dict) and "sha256" in content:
            digest = _digest({key: value for key, value in content.items() if key != "sha256"})
            if digest == content["sha256"]:
                return Record.model_validate_json(text, context=digest)
    return check(Record, content, where)


def _digest(said: Any) -> str:  # noqa: ANN401 - parsed JSON
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
