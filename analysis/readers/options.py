"""What a person says about an input, where guessing is not enough."""

from dataclasses import dataclass

from trial_sets.metric_names import Direction


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read results of other tools.

    Attributes
    ----------
    metric_column
        The column or key of the objective.
    param_columns
        The columns or keys of the hyperparameters.
    direction
        Whether more or less of the metric is better.
    study
        The study to read from an Optuna storage that holds several.
    preferred_study
        The study to read from those Optuna storages that hold it; others are read without.
    """

    metric_column: str | None = None
    param_columns: tuple[str, ...] = ()
    direction: Direction | None = None
    study: str | None = None
    preferred_study: str | None = None
