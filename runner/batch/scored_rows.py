"""Rows with their labels and what a fit predicted for them: scored, and packed for the disk."""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.dataset import Dataset
from models.epoch_logits import EpochLogits, EpochValues
from models.metrics import score_predictions
from models.task import Task
from runner.workers.sent_table import PredictionTable
from trial_sets.task import LOSSES, SHARES, Metric

Scores = NDArray[np.float64]
_ROUNDING = 1e-3  # by which a trainer's word for a metric may differ from that of its predictions


@dataclass(frozen=True, slots=True, eq=False)
class ScoredRows:
    """The rows of one split, and a fit's scores of them.

    Axes: N rows, K classes.
    """

    task: Task
    rows: NDArray[np.int64]  # (N,)
    dates: NDArray[np.datetime64]  # (N,); NaT where rows have no time
    labels: NDArray[Any]  # (N,) as `models.data.labelling.labels` says
    scores: Scores  # (N,) log-odds or values, (N, K) logits; at the selected epoch
    last: Scores | None  # at the last epoch, as far as they are known
    groups: NDArray[np.int64]  # (N,), or (0,) where there are none
    classes: tuple[str, ...] = ()  # K names, of several classes

    @classmethod
    def of_dataset(
        cls, data: Dataset, rows: NDArray[np.int64], scores: Scores, last: Scores | None = None
    ) -> "ScoredRows":
        """Return scores of some of a dataset's rows, (n,) or one number a class after another.

        Raises
        ------
        ValueError
            If there are more or fewer than rows.
        """
        return cls(
            task=data.task,
            rows=rows,
            dates=data.dates[rows],
            labels=data.labels[rows],
            scores=_shape(scores, len(rows), data.outputs),
            last=None if last is None else _shape(last, len(rows), data.outputs),
            groups=data.groups[rows] if len(data.groups) else data.groups,
            classes=data.classes,
        )

    @classmethod
    def of_table(cls, task: Task, table: PredictionTable) -> "ScoredRows":
        """Return what a command has predicted, by whichever of its epochs that was."""
        return cls(
            task=task,
            rows=table.rows,
            dates=table.dates,
            labels=table.labels,
            scores=table.scores,
            last=None,
            groups=table.groups,
            classes=table.classes,
        )

    def measure(self, split: str) -> dict[str, float]:
        """Return every metric of the task at the selected and the last epoch, by its name.

        Raises
        ------
        ValueError
            If the scores allow of none.
        """
        found: dict[str, float] = {}
        for suffix, scores in (("", self.scores), ("_last", self.last)):
            metrics = {} if scores is None else self._measure(scores)
            found |= {f"{split}_{name}{suffix}": value for name, value in metrics.items()}
        return found

    def _measure(self, scores: Scores) -> dict[str, float]:
        return asdict(score_predictions(self.labels, scores, task=self.task, classes=self.classes))

    def arrays(self, prefix: str = "") -> dict[str, NDArray[Any]]:
        """Return what predictions.npz holds of these rows."""
        name = "value" if self.task == "regression" else "logit"
        found: dict[str, NDArray[Any]] = {
            "row": self.rows,
            "date": self.dates,
            "label": self.labels,
            name: self._round(self.scores),
        }
        if not prefix and self.last is not None:
            found[f"{name}_last"] = self._round(self.last)
        if self.classes:
            found["classes"] = np.array(self.classes)
        if len(self.groups):
            found["group"] = self.groups
        return {f"{prefix}{key}": array for key, array in found.items()}

    def _round(self, scores: Scores) -> NDArray[Any]:
        """Return values as they are, and log-odds in single precision."""
        if self.task == "regression":
            return scores
        if (np.abs(scores) > np.finfo(np.float32).max).any():
            raise ValueError("a log-odds value is beyond single precision, in which they are kept")
        return scores.astype(np.float32)


def pack_predictions(
    val: ScoredRows, test: ScoredRows | None, by_epoch: EpochLogits | EpochValues | None
) -> bytes:
    """Return predictions.npz: one entry a row of the split, in the order of rows."""
    arrays: Mapping[str, NDArray[Any]] = {
        **val.arrays(),
        **_list_epochs(by_epoch),
        **({} if test is None else test.arrays("test_")),
    }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def find_score(
    metric: Metric, scores: Mapping[str, float], returned: Mapping[str, float]
) -> dict[str, float]:
    """Return the study's metric of the validation rows under the name that records give it.

    Parameters
    ----------
    metric
        The study's.
    scores
        Of the predictions, which go before what was returned.
    returned
        What the trainer says, as ``val_rmse`` or ``rmse``.

    Raises
    ------
    ValueError
        If there is none, or it is none that this metric can have.
    """
    name = metric.key()
    if name in scores:
        return {}
    value = metric.find(returned)
    if value is None:
        raise ValueError(f"the trainer neither saved predictions nor returned {name}")
    if metric.name in SHARES and not 0 <= value <= 1:
        raise ValueError(f"the trainer returned {name}={value:g}, expected a number from 0 to 1")
    if metric.name in LOSSES and value < 0:
        raise ValueError(f"the trainer returned {name}={value:g}, expected none below 0")
    return {name: value}


def note_other_score(
    metric: Metric, scores: Mapping[str, float], returned: Mapping[str, float]
) -> tuple[str, ...]:
    """Return a notice if a trainer says another value than its predictions come to.

    Parameters
    ----------
    metric
        The study's.
    scores
        Of the predictions.
    returned
        What the trainer says.
    """
    name = metric.key()
    told, said = scores.get(name), returned.get(name)
    if told is None or said is None or isclose(told, said, rel_tol=_ROUNDING):
        return ()
    return (
        f"the trainer says {name}={said:g}, and its predictions come to {told:g}, which counts",
    )


def _list_epochs(by_epoch: EpochLogits | EpochValues | None) -> dict[str, NDArray[Any]]:
    match by_epoch:
        case None:
            return {}
        case EpochLogits():
            return {
                "epoch": by_epoch.epochs,
                "epoch_center": by_epoch.centers,
                "epoch_logit": by_epoch.halves,
            }
    return {"epoch": by_epoch.epochs, "epoch_value": by_epoch.values}


def _shape(scores: Scores, n_rows: int, outputs: int) -> Scores:
    if scores.size != n_rows * outputs:
        raise ValueError(f"{scores.size} scores of {n_rows} rows, expected {n_rows * outputs}")
    return scores if outputs == 1 else scores.reshape(n_rows, outputs)
