"""What a fit leaves on disk: the schema that the runner writes and the analysis reads."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trial_sets.configuration import Configuration, StrictModel

SCHEMA_VERSION = 1
Finite = Annotated[float, Field(allow_inf_nan=False)]


class EpochPoint(StrictModel):
    """One epoch of a fit's learning curve."""

    epoch: int  # from 1
    train_loss: Finite | None  # mean over the epoch's batches, with dropout
    val_loss: Finite | None  # binary cross-entropy of the validation rows, in nats
    val_auc: Finite | None
    seconds: Finite


class Failure(StrictModel):
    """Why a fit has no result."""

    kind: Literal["error", "diverged", "crashed", "interrupted"]
    message: str
    traceback: str = ""


class Provenance(StrictModel):
    """Under what a fit ran; none of it is part of what makes fits comparable."""

    device: str
    group_size: int  # replicas that trained as one program
    started: str  # ISO 8601, UTC
    finished: str
    versions: dict[str, str]  # of Python, PyTorch and this project
    platform: str


class Record(StrictModel):
    """The result of one trial with one seed, or the reason why there is none."""

    schema_version: Literal[1] = 1
    status: Literal["complete", "failed"]
    kind: Literal["trial", "control", "baseline"]
    names: Annotated[tuple[str, ...], Field(min_length=1)]  # the first is the folder's
    configuration: Configuration | None  # None for a baseline
    key: str  # of the configuration; the baseline's name for a baseline
    seed: int
    metrics: dict[str, Finite | None] = Field(default_factory=dict)  # val_auc, val_auc_last, ...
    curve: tuple[EpochPoint, ...] = ()
    selected_epoch: int | None = None
    stop_reason: str | None = None  # patience, epochs, or finished by a trainer of one's own
    n_parameters: int | None = None
    seconds: Finite = 0.0  # training alone
    peak_memory_mib: Finite | None = None
    predictions_sha256: str | None = None  # of predictions.npz
    failure: Failure | None = None
    provenance: Provenance

    @model_validator(mode="after")
    def _check_status(self) -> Self:
        if self.status == "complete" and self.metrics.get("val_auc") is None:
            raise ValueError("a complete record needs metrics.val_auc")
        if (self.status == "failed") != (self.failure is not None):
            raise ValueError("a record has a failure exactly when its status is failed")
        return self

    @property
    def name(self) -> str:
        """The name under which the fit is filed."""
        return self.names[0]
