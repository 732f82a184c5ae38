"""From a trial's configuration to what the built-in trainer takes.

A study that declares parameters of its own has no network of ours: a plan refuses to train it here.
"""

from models.architecture import Architecture
from models.settings import GroupSettings, Precision, ReplicaSettings
from trial_sets.configuration import AnyConfiguration, Configuration


def architecture_of(configuration: AnyConfiguration, n_features: int) -> Architecture:
    """Return the network's shape for data with ``n_features`` channels."""
    c = _of_network(configuration)
    return Architecture(
        n_features=n_features,
        context=c.context,
        patch=c.patch,
        stride=c.stride,
        d_model=c.d_model,
        n_layers=c.n_layers,
        n_heads=c.n_heads,
        d_ff_ratio=c.d_ff_ratio,
        revin=c.revin,
    )


def group_settings(
    configuration: AnyConfiguration,
    n_features: int,
    micro_batches: int = 1,
    precision: Precision = "fp32",
) -> GroupSettings:
    """Return what all fits of one group share; fits with equal settings can be stacked."""
    c = _of_network(configuration)
    return GroupSettings(
        architecture=architecture_of(c, n_features),
        batch_size=c.batch_size,
        epochs=c.epochs,
        patience=c.patience,
        min_delta=c.min_delta,
        schedule=c.schedule,
        warmup_fraction=c.warmup_fraction,
        micro_batches=micro_batches,
        precision=precision,
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
        label_smoothing=c.label_smoothing,
        positive_class_weight=c.positive_class_weight,
        gradient_clip=c.gradient_clip,
    )


def _of_network(configuration: AnyConfiguration) -> Configuration:
    assert isinstance(configuration, Configuration), "a plan refuses others"
    return configuration
