"""What a person asks of a report."""

from dataclasses import dataclass

from trial_sets.errors import InputError
from trial_sets.metric_names import Direction
from trial_sets.task import SHARES, Metric

_LARGEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is made.

    Attributes
    ----------
    n_top
        Size of the top; None for that of `choose_top`.
    rope
        Instead of the study's, in units of the metric.
    params
        Show these hyperparameters alone; two of them also as a pair.
    filter_text
        Keep the rows that satisfy it in trends and findings.
    study
        Hold other tools' results against this study.
    metric, direction
        Judge and tabulate a run by another metric of its validation rows; it needs a ROPE.
    """

    n_top: int | None = None
    rope: float | None = None
    params: tuple[str, ...] = ()
    filter_text: str | None = None
    study: str | None = None
    metric: str | None = None
    direction: Direction | None = None

    def check_rope(self, metric: Metric) -> None:
        """Refuse a ROPE that a metric's differences never reach.

        Raises
        ------
        InputError
            If it is a half or more of what lies between 0 and 1.
        """
        if self.rope is not None and metric.name in SHARES and self.rope >= _LARGEST_SHARE:
            raise InputError(
                f"--rope {self.rope:g}: a half or more of the whole range of {metric.title}, from "
                f"0 to 1; expected less than {_LARGEST_SHARE:g}"
            )
