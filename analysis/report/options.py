"""What a person asks of a report."""

from dataclasses import dataclass

from trial_sets.metric_names import Direction


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is made.

    Attributes
    ----------
    n_top
        Size of the top; None for that of `choose_top`.
    rope
        Instead of the study's, in AUC.
    params
        Show these hyperparameters alone; two of them also as a pair.
    filter_text
        Keep the rows that satisfy it in trends and findings.
    study
        Hold other tools' results against this study.
    metric, direction
        Tabulate another metric of a run's records; verdicts are always on the validation AUC.
    """

    n_top: int | None = None
    rope: float | None = None
    params: tuple[str, ...] = ()
    filter_text: str | None = None
    study: str | None = None
    metric: str | None = None
    direction: Direction | None = None
