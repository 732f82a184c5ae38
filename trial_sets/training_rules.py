"""What fields of a training configuration ask of each other, whatever the network."""

from typing import Any, Protocol


class TrainingFields(Protocol):
    """The fields of a configuration that say how a network is trained."""

    @property
    def optimizer(self) -> str:
        """Which optimizer."""

    @property
    def momentum(self) -> float:
        """Of sgd and rmsprop."""

    @property
    def schedule(self) -> str:
        """Of the learning rate."""

    @property
    def step_size(self) -> int | None:
        """Epochs between falls."""

    @property
    def gamma(self) -> float | None:
        """Factor of a fall or an epoch."""

    @property
    def final_factor(self) -> float:
        """Factor at the end."""

    @property
    def warmup_fraction(self) -> float:
        """Share of the steps."""


_READ_BY: dict[str, tuple[str, ...]] = {
    "step_size": ("step",),
    "gamma": ("step", "exponential"),
    "final_factor": ("linear", "cosine"),
}


def check_training(fields: TrainingFields) -> None:
    """Check that every field that is set has an effect, and those that a schedule needs are set.

    Raises
    ------
    ValueError
        Such as ``momentum=0.9 has no effect with optimizer adam: it goes with sgd and rmsprop``.
    """
    if fields.momentum and fields.optimizer in {"adam", "adamw"}:
        raise ValueError(
            f"momentum={fields.momentum:g} has no effect with optimizer {fields.optimizer}: it "
            "goes with sgd and rmsprop"
        )
    schedule = fields.schedule
    for name, readers in _READ_BY.items():
        value: Any = getattr(fields, name)
        if value and schedule not in readers:
            raise ValueError(
                f"{name}={value:g} has no effect with schedule {schedule}: it goes with "
                f"{' and '.join(readers)}"
            )
    if schedule == "step" and fields.step_size is None:
        raise ValueError("schedule step needs step_size, the epochs from one fall to the next")
    if schedule == "exponential" and fields.gamma is None:
        raise ValueError("schedule exponential needs gamma, the factor of every epoch")
    if schedule == "one_cycle" and fields.warmup_fraction:
        raise ValueError(
            f"warmup_fraction={fields.warmup_fraction:g}: schedule one_cycle brings its own warm-up"
        )
