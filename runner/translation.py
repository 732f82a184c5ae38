"""From a trial's configuration to what the built-in trainers take.

A study that declares parameters of its own has no network of ours: a plan refuses to train it here.
"""

from dataclasses import dataclass
from typing import Any

from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from models.settings import GroupSettings, Precision, ReplicaSettings
from models.task import Task
from trial_sets.configuration import (
    AnyConfiguration,
    Configuration,
    LstmConfiguration,
    NetworkConfiguration,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What all fits of a run learn, and from what."""

    n_features: int
    task: Task = "binary"
    metric: str = "auc"  # by which an epoch is selected
    n_classes: int = 0  # of several classes

    @property
    def outputs(self) -> int:
        """Numbers that a network predicts for a row."""
        return self.n_classes if self.task == "multiclass" else 1


def architecture_of(configuration: AnyConfiguration, question: Question) -> AnyArchitecture:
    """Return the network's shape for what a run asks."""
    c = _of_network(configuration)
    if isinstance(c, LstmConfiguration):
        return LstmArchitecture(
            n_features=question.n_features,
            context=c.context,
            hidden_size=c.hidden_size,
            n_layers=c.n_layers,
            outputs=question.outputs,
        )
    return Architecture(
        n_features=question.n_features,
        context=c.context,
        patch=c.patch,
        stride=c.stride,
        d_model=c.d_model,
        n_layers=c.n_layers,
        n_heads=c.n_heads,
        d_ff_ratio=c.d_ff_ratio,
        revin=c.revin,
        outputs=question.outputs,
    )


def group_settings(
    configuration: AnyConfiguration,
    question: Question,
    micro_batches: int = 1,
    precision: Precision = "fp32",
) -> GroupSettings:
    """Return what all fits of one group share; fits with equal settings can be stacked."""
    c = _of_network(configuration)
    return GroupSettings(
        architecture=architecture_of(c, question),
        batch_size=c.batch_size,
        epochs=c.epochs,
        patience=c.patience,
        min_delta=c.min_delta,
        schedule=c.schedule,
        step_size=c.step_size,
        gamma=c.gamma,
        final_factor=c.final_factor,
        warmup_fraction=c.warmup_fraction,
        micro_batches=micro_batches,
        precision=precision,
        task=question.task,
        metric=question.metric,
        loss=c.loss,
    )


def replica_settings(configuration: AnyConfiguration, seed: int) -> ReplicaSettings:
    """Return what a fit has of its own within its group."""
    c = _of_network(configuration)
    return ReplicaSettings(
        seed=seed,
        dropout=c.dropout,
        learning_rate=c.learning_rate,
        weight_decay=c.weight_decay,
        optimizer=c.optimizer,
        momentum=c.momentum,
        label_smoothing=c.label_smoothing,
        positive_class_weight=c.positive_class_weight,
        gradient_clip=c.gradient_clip,
    )


def find_fault(configuration: AnyConfiguration, question: Question, *, is_ordered: bool) -> str:
    """Say why a network cannot learn what a run asks; nothing where it can.

    Parameters
    ----------
    configuration
        Of a trial.
    question
        The run's.
    is_ordered
        Whether rows follow each other: others have no windows.
    """
    c = _of_network(configuration)
    wanted: dict[str, Any] = {"context": 1}
    if isinstance(c, Configuration):
        wanted |= {"patch": 1, "stride": 1, "revin": False}
    is_window = not is_ordered or c.context == 1
    for name, value in wanted.items() if is_window else ():
        if getattr(c, name) != value:
            why = "rows without time have no windows" if not is_ordered else "a window of one row"
            return f"{name}={getattr(c, name)}: {why}, expected {name}={value}"
    try:
        group_settings(c, question).admit(replica_settings(c, 0))
    except ValueError as error:
        return str(error)
    return ""


def _of_network(configuration: AnyConfiguration) -> NetworkConfiguration:
    assert isinstance(configuration, Configuration | LstmConfiguration), "a plan refuses others"
    return configuration
