"""What one trial trains: every field of the training configuration, with its limits.

A study of a trainer of one's own declares its hyperparameters itself: a configuration holds these.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from trial_sets.training_rules import check_training

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Width = Annotated[int, Field(ge=1, le=65_536)]
Share = Annotated[float, Field(ge=0.0, lt=1.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, le=1e6, allow_inf_nan=False)]
Optimizer = Literal["adam", "adamw", "sgd", "rmsprop"]
Schedule = Literal["constant", "step", "exponential", "linear", "cosine", "one_cycle"]
Loss = Literal["bce", "cross_entropy", "mse", "mae", "huber"]
_LATER = frozenset({"momentum", "step_size", "gamma", "final_factor", "loss"})
NonNegative = Annotated[float, Field(ge=0.0, le=1e6, allow_inf_nan=False)]


def _check_plain(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    """Refuse anything but one plain value with one sentence, where a union has one a member."""
    try:
        plain: object = handler(value)
        if isinstance(plain, int):
            float(plain)  # lines and trends are of what a float can hold
    except (ValidationError, OverflowError):
        said = "Input should be finite number, text, true or false"
        raise PydanticCustomError("plain_value", said) from None
    return plain


OptionValue = Annotated[
    bool | int | Annotated[float, Field(allow_inf_nan=False)] | str, WrapValidator(_check_plain)
]


class StrictModel(BaseModel):
    """A frozen model that converts nothing and refuses unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class KeyedModel(StrictModel):
    """A configuration, whose key is computed once: whoever compares asks for it again and again."""

    @property
    def identity(self) -> dict[str, Any]:
        """What tells this configuration from others."""
        return self.model_dump()

    @cached_property
    def key(self) -> str:
        """Twelve hex digits that name this configuration: SHA-256 of its canonical JSON."""
        return _digest(self.identity)

    def __hash__(self) -> int:
        return hash(self.key)  # options of any order are the same

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed, and a key of its own."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("key", None)
        return copied


def batch_size_for(d_model: int) -> int:
    """Return the first round's batch size: 128 below width 128, 64 up to 255, 32 from 256."""
    if d_model < 128:
        return 128
    return 64 if d_model < 256 else 32


def _batch_size_of(fields: dict[str, Any]) -> int:
    """Return the batch size of a configuration that names none."""
    return batch_size_for(fields.get("d_model", 1))  # a wrong width is an error of its own


class Configuration(KeyedModel):
    """The full configuration of a trial; two trials are the same fit when these are equal."""

    # What the first round searched.
    d_model: Width = Field(description="Width of a token; n_heads must divide it.")
    n_layers: Annotated[int, Field(ge=1, le=128)] = Field(description="Encoder layers.")
    n_heads: Width = Field(description="Attention heads.")
    d_ff_ratio: Annotated[int, Field(ge=1, le=64)] = Field(
        description="Width of the feed-forward layers, in multiples of d_model."
    )
    dropout: Share = Field(
        description="Share of activations dropped after the positions, in the attention and "
        "after both feed-forward layers."
    )
    learning_rate: Positive = Field(description="Step size of the optimizer, at its highest.")
    weight_decay: NonNegative = Field(description="Strength of the decay; see optimizer.")
    # What the first round fixed.
    batch_size: Count = Field(
        default_factory=_batch_size_of,
        description="Rows a step; unless given 128 for d_model below 128, 64 up to 255, "
        "32 from 256.",
    )
    epochs: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=50, description="Passes over the training rows, at most."
    )
    patience: Count = Field(
        default=10, description="Epochs without a better validation metric before training stops."
    )
    min_delta: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] = Field(
        default=0.001,
        description="Smallest gain that counts as better, in units of the study's metric; to be "
        "given where that is not AUC.",
    )
    optimizer: Optimizer = Field(
        default="adam",
        description="adam, sgd and rmsprop add the decay to the gradient (L2), adamw shrinks the "
        "weights apart from it.",
    )
    momentum: Share = Field(default=0.0, description="Of sgd and rmsprop.")
    schedule: Schedule = Field(
        default="constant",
        description="Of the learning rate after its warm-up: constant, falling every step_size "
        "epochs (step) or every epoch (exponential) by gamma, or down to final_factor at the end "
        "of the last epoch in a line (linear) or along half a cosine (cosine); one_cycle first "
        "rises and then falls.",
    )
    step_size: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        default=None, description="Of schedule step: epochs from one fall to the next."
    )
    gamma: Annotated[float, Field(gt=0.0, lt=1.0)] | None = Field(
        default=None,
        description="Of schedule step the factor of each fall, 0.1 unless given; of exponential "
        "that of each epoch.",
    )
    final_factor: Share = Field(
        default=0.0, description="Of schedules linear and cosine: the factor at the very end."
    )
    warmup_fraction: Share = Field(
        default=0.0, description="Share of all steps over which the learning rate rises linearly."
    )
    gradient_clip: Positive | None = Field(
        default=None, description="Largest norm of the whole gradient; null for no limit."
    )
    loss: Loss | None = Field(
        default=None,
        description="What is trained: bce of two classes, cross_entropy of several; of numbers "
        "mse, mae or huber; null for the first of the task.",
    )
    label_smoothing: Share = Field(
        default=0.0,
        description="Share s of the targets' smoothing: y becomes y (1 - s) + s / K, with K "
        "classes.",
    )
    positive_class_weight: Positive = Field(
        default=1.0, description="Factor on the loss of positive rows."
    )
    context: Count = Field(default=80, description="Rows a window: what the network looks back on.")
    patch: Count = Field(default=16, description="Rows a patch; at most the context.")
    stride: Count = Field(default=8, description="Rows from a patch to the next; at most a patch.")
    revin: bool = Field(
        default=True,
        description="Whether each window is normalised by its own mean and deviation.",
    )
    # What only a trainer of one's own reads.
    options: dict[str, OptionValue] = Field(
        default_factory=dict,
        max_length=100,
        description="Whatever a trainer of one's own reads, by name; a trial's are added to the "
        "base's.",
    )

    @model_validator(mode="after")
    def _check_shapes(self) -> Self:
        if self.d_model % self.n_heads:
            raise ValueError(f"d_model={self.d_model} is not divisible by n_heads={self.n_heads}")
        if self.patch > self.context:
            raise ValueError(f"patch={self.patch} is longer than context={self.context}")
        if self.stride > self.patch:
            raise ValueError(f"stride={self.stride} leaves gaps between patches of {self.patch}")
        check_training(self)
        return self

    @property
    def identity(self) -> dict[str, Any]:
        """What tells this configuration from others: later fields only where they are used."""
        return _drop_unused(self.model_dump(), Configuration)

    @property
    def settings(self) -> dict[str, Any]:
        """Every hyperparameter by name, those of a trainer of one's own as ``options.name``."""
        names = (name for name in Configuration.model_fields if name != "options")
        own = {f"options.{name}": value for name, value in self.options.items()}
        return {name: getattr(self, name) for name in names} | own


def _as_in_transformer(name: str, **changes: Any) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Return a field of the transformer's configuration, with its default and description."""
    known = Configuration.model_fields[name]
    return Field(**{"default": known.default, "description": known.description, **changes})


class LstmConfiguration(KeyedModel):
    """The full configuration of a trial of the LSTM."""

    hidden_size: Width = Field(description="Width of the LSTM's state.")
    n_layers: Annotated[int, Field(ge=1, le=128)] = Field(
        description="Layers: encoder layers, or those of the LSTM."
    )
    dropout: Share = Field(description="Share of activations dropped between the LSTM's layers.")
    learning_rate: Positive = _as_in_transformer("learning_rate")
    weight_decay: NonNegative = _as_in_transformer("weight_decay", default=0.0)
    batch_size: Count = Field(default=64, description="Rows a step.")
    epochs: Annotated[int, Field(ge=1, le=100_000)] = _as_in_transformer("epochs")
    patience: Count = _as_in_transformer("patience")
    min_delta: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] = _as_in_transformer(
        "min_delta"
    )
    optimizer: Optimizer = _as_in_transformer("optimizer")
    momentum: Share = _as_in_transformer("momentum")
    schedule: Schedule = _as_in_transformer("schedule")
    step_size: Annotated[int, Field(ge=1, le=100_000)] | None = _as_in_transformer("step_size")
    gamma: Annotated[float, Field(gt=0.0, lt=1.0)] | None = _as_in_transformer("gamma")
    final_factor: Share = _as_in_transformer("final_factor")
    warmup_fraction: Share = _as_in_transformer("warmup_fraction")
    gradient_clip: Positive | None = _as_in_transformer("gradient_clip")
    loss: Loss | None = _as_in_transformer("loss")
    label_smoothing: Share = _as_in_transformer("label_smoothing")
    positive_class_weight: Positive = _as_in_transformer("positive_class_weight")
    context: Count = _as_in_transformer("context")

    @model_validator(mode="after")
    def _check_training(self) -> Self:
        check_training(self)
        return self

    @property
    def identity(self) -> dict[str, Any]:
        """What tells this configuration from others: later fields only where they are used."""
        return _drop_unused(self.model_dump(), LstmConfiguration)

    @property
    def settings(self) -> dict[str, Any]:
        """Every hyperparameter by name."""
        return {name: getattr(self, name) for name in LstmConfiguration.model_fields}


class FreeConfiguration(KeyedModel):
    """The configuration of a trial whose study declares its hyperparameters itself."""

    parameters: dict[str, OptionValue] = Field(min_length=1, max_length=1_000)

    @property
    def settings(self) -> dict[str, Any]:
        """Every hyperparameter by name."""
        return dict(self.parameters)

    @property
    def context(self) -> int:
        """Rows a window: those of a parameter of this name, otherwise one."""
        return self._count("context") or 1

    @property
    def epochs(self) -> int | None:
        """Passes over the training rows: a parameter of this name; None if there is none."""
        return self._count("epochs")

    def _count(self, name: str) -> int | None:
        said = self.parameters.get(name)
        return said if type(said) is int and said >= 1 else None


def _tell_kind(said: object) -> str:
    """Tell which configuration a file or a caller means, so that errors are of that one alone."""
    for name, kind in (("parameters", "FreeConfiguration"), ("hidden_size", "LstmConfiguration")):
        if name in said if isinstance(said, dict) else hasattr(said, name):
            return f"<{kind}>"
    return "<Configuration>"


AnyConfiguration = Annotated[
    Annotated[Configuration, Tag("<Configuration>")]
    | Annotated[LstmConfiguration, Tag("<LstmConfiguration>")]
    | Annotated[FreeConfiguration, Tag("<FreeConfiguration>")],
    Discriminator(_tell_kind),
]


NetworkConfiguration = Configuration | LstmConfiguration


def _drop_unused(said: dict[str, Any], model: type[StrictModel]) -> dict[str, Any]:
    """Leave out later fields at their default, so that every old record keeps its key."""
    return {
        name: value
        for name, value in said.items()
        if name not in _LATER or value != model.model_fields[name].default
    }


def _digest(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _drop_default(schema: dict[str, Any]) -> None:
    """Hide the default of a key that a file leaves out: it depends on the layers below."""
    schema.pop("default", None)


_PARTIAL_FIELDS: dict[str, Any] = {
    name: (
        field.rebuild_annotation(),
        Field(default=None, description=field.description, json_schema_extra=_drop_default),
    )
    for name, field in (LstmConfiguration.model_fields | Configuration.model_fields).items()
}
Overrides = create_model(
    "Overrides",
    __base__=StrictModel,
    __doc__="Any fields of a configuration: a study's base, a set's base, a trial's own keys.",
    **_PARTIAL_FIELDS,
)


def said(overrides: StrictModel) -> dict[str, Any]:
    """Return only the configuration fields that an ``Overrides`` file part names."""
    named = overrides.model_fields_set & set(_PARTIAL_FIELDS)
    return {name: getattr(overrides, name) for name in sorted(named)}
