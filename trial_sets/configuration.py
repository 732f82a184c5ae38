"""What one trial trains: every field of the training configuration, with its limits."""

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Probability = Annotated[float, Field(ge=0.0, lt=1.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, le=1e6, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0.0, le=1e6, allow_inf_nan=False)]


OptionValue = bool | int | Annotated[float, Field(allow_inf_nan=False)] | str


class StrictModel(BaseModel):
    """A frozen model that converts nothing and refuses unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


def batch_size_for(d_model: int) -> int:
    """Return the first round's batch size: 128 below width 128, 64 up to 255, 32 from 256."""
    if d_model < 128:
        return 128
    return 64 if d_model < 256 else 32


class Configuration(StrictModel):
    """The full configuration of a trial; two trials are the same fit when these are equal."""

    # What the first round searched.
    d_model: Count  # width of a token
    n_layers: Annotated[int, Field(ge=1, le=128)]  # encoder layers
    n_heads: Count  # attention heads; must divide d_model
    d_ff_ratio: Annotated[int, Field(ge=1, le=64)]  # feed-forward width / d_model
    dropout: Probability
    learning_rate: Positive
    weight_decay: NonNegative
    # What the first round fixed.
    batch_size: Count  # rows a step; by default a function of d_model
    epochs: Annotated[int, Field(ge=1, le=100_000)] = 50  # at most
    patience: Count = 10  # epochs without a better validation AUC before stopping
    min_delta: NonNegative = 0.001  # smallest gain in validation AUC that counts as better
    optimizer: Literal["adam", "adamw"] = "adam"  # L2 in the gradient, or decoupled decay
    schedule: Literal["constant", "cosine"] = "constant"  # of the learning rate
    warmup_fraction: Probability = 0.0  # share of all steps over which the rate rises linearly
    gradient_clip: Positive | None = None  # largest norm of a replica's gradient
    label_smoothing: Probability = 0.0
    positive_class_weight: Positive = 1.0  # weight of a positive row in the loss
    context: Count = 80  # rows a window
    patch: Count = 16  # rows a patch
    stride: Count = 8  # rows from one patch to the next
    revin: bool = True  # normalise each window by its own mean and deviation
    # What only a trainer of one's own reads.
    options: dict[str, OptionValue] = Field(default_factory=dict, max_length=100)

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    @model_validator(mode="before")
    @classmethod
    def _fill_batch_size(cls, fields: Any) -> Any:  # noqa: ANN401 - pydantic hands over raw input
        if isinstance(fields, dict) and isinstance(fields.get("d_model"), int):
            return {"batch_size": batch_size_for(fields["d_model"]), **fields}
        return fields

    @model_validator(mode="after")
    def _check_shapes(self) -> Self:
        if self.d_model % self.n_heads:
            raise ValueError(f"d_model={self.d_model} is not divisible by n_heads={self.n_heads}")
        if self.patch > self.context:
            raise ValueError(f"patch={self.patch} is longer than context={self.context}")
        if self.stride > self.patch:
            raise ValueError(f"stride={self.stride} leaves gaps between patches of {self.patch}")
        return self

    @property
    def key(self) -> str:
        """Twelve hex digits that name this configuration: SHA-256 of its canonical JSON."""
        text = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


_PARTIAL_FIELDS: dict[str, Any] = {
    name: (field.rebuild_annotation() | None, None)
    for name, field in Configuration.model_fields.items()
}
Overrides = create_model(
    "Overrides",
    __base__=StrictModel,
    __doc__="Any fields of a configuration: a study's base, a set's base, a trial's own keys.",
    **_PARTIAL_FIELDS,
)


def said(overrides: StrictModel) -> dict[str, Any]:
    """Return only the configuration fields that an ``Overrides`` file part names."""
    named = overrides.model_fields_set & set(Configuration.model_fields)
    return {name: getattr(overrides, name) for name in sorted(named)}
