"""What a trainer of one's own is told, and what it can report."""

from __future__ import annotations

import math
import os
import reprlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

POINT_METRIC = "val_metric"  # what a point of the curve calls the study's metric
LARGEST = float(np.finfo(np.float32).max)
_METRIC = {"val_metric": "val_scores", "val_auc": "val_logits"}  # names, and those of once


class Terms:
    """What the fit's data and study settle about what may be reported.

    Parameters
    ----------
    data
        The `TrainerData` of the fit, with the test rows where they are to be predicted.
    metric, direction
        The study's.
    """

    def __init__(self, data: Any, metric: str = "auc", direction: str = "maximize") -> None:  # noqa: ANN401
        self.task: str = data.task
        self.metric = metric
        self.sign = -1.0 if direction == "minimize" else 1.0
        self.outputs = len(data.classes) if data.task == "multiclass" else 1
        self.rows = {
            "train": len(data.train_rows),
            "val": len(data.val_rows),
            "test": len(data.test_rows),
        }

    @property
    def in_halves(self) -> bool:
        """Whether an epoch's scores count by their order alone."""
        return self.task == "binary" and self.metric in ("auc", "average_precision")

    def check_scores(self, call: str, name: str, values: Any) -> Any:  # noqa: ANN401
        """Return scores as an array of their own (n,) or (n, classes).

        Raises
        ------
        ValueError
            If they are of another shape, not finite, or larger than what is kept.
        """
        if self.task == "none":
            raise ValueError(f"{call}: {name} is given, but the study scores no rows (task none)")
        array = np.array(values, dtype=np.float64)  # what the trainer goes on to do with its own
        rows = self.rows[name.partition("_")[0]]
        shape = (rows, self.outputs) if self.task == "multiclass" else (rows,)
        if array.shape != shape:
            raise ValueError(f"{call}: {name} has shape {array.shape}, expected {shape}")
        if not np.isfinite(array).all():
            bad = int((~np.isfinite(array)).sum())
            raise ValueError(f"{call}: {bad} of {array.size} values of {name} are not finite")
        is_far = np.abs(array) > LARGEST
        if is_far.any():
            expected = "values" if self.task == "regression" else "log-odds"
            raise ValueError(
                f"{call}: {int(is_far.sum())} of {array.size} values of {name} are beyond "
                f"{LARGEST:.2g}, such as {array[is_far][0]:.2g}; expected {expected}, which are "
                "kept in single precision"
            )
        return array


class StopTraining(BaseException):
    """The fit is to end with what it has shown so far.

    No `Exception`: a trainer that goes on after any error does not go on after this.
    """


class TrainerContext:
    """What a trainer of one's own is told, and what it can report."""

    def __init__(
        self,
        *,
        seed: int,
        device: str,
        wants_test: bool,
        terms: Terms,
        history: Any,  # noqa: ANN401 - a ScoreHistory
        report: Callable[[dict[str, Any]], bool | None],
    ) -> None:
        self.seed = seed
        self.device = device  # cpu, mps, cuda:0
        self.wants_test = wants_test  # predict data.test_rows too: the champion's evaluation
        self._terms, self._history, self._report = terms, history, report
        self._has_history: bool | None = None  # whether epochs come with scores, once one has come
        self._best = -math.inf
        self._curve: list[dict[str, Any]] = []
        self._saved: dict[str, Any] = {}
        self._started = time.perf_counter()
        self._pid = os.getpid()
        self._has_ended = False
        self.is_told_to_stop = False  # since an epoch that was reported

    def report_epoch(
        self,
        *,
        val_metric: float | None = None,
        val_loss: float | None = None,
        train_loss: float | None = None,
        val_scores: Any = None,  # noqa: ANN401 - array_like
        val_auc: float | None = None,
        val_logits: Any = None,  # noqa: ANN401 - array_like
    ) -> None:
        """Report that another epoch has ended; it appears in the live table and the curve.

        Parameters
        ----------
        val_metric, val_loss, train_loss
            Of this epoch; the first in the study's metric.
        val_scores
            Scores of ``data.val_rows`` after this epoch, as `save_predictions` would take them.
            With those of every epoch that has a ``val_metric`` the analysis can choose the epoch on
            some rows and score it on others; without, a claim is held to the last epoch as well.
        val_auc, val_logits
            The same under their names of once, where the study's metric is the AUC.

        Raises
        ------
        StopTraining
            If the fit is to end: a search has pruned it. What was reported and saved by then
            counts, and whatever is reported after raises this again.
        ValueError
            If a value is not a finite number, or ``val_scores`` has another shape than its rows,
            comes without ``val_metric``, or with some epochs that have one and not with others.
        RuntimeError
            In a forked process, or once the fit has ended.
        """
        self._refuse_others("report_epoch")
        if self.is_told_to_stop:
            raise StopTraining
        name = self._choose_name(val_metric, val_scores, val_auc, val_logits)
        metric, scores = (val_auc, val_logits) if name == "val_auc" else (val_metric, val_scores)
        given = {"train_loss": train_loss, "val_loss": val_loss, name: metric}
        for key, value in given.items():
            if value is not None and not is_finite_number(value):
                raise ValueError(f"report_epoch: {key}={show(value)}, expected a finite number")
        known = {key: None if value is None else float(value) for key, value in given.items()}
        self._remember(name, known[name], scores)
        now = time.perf_counter()
        point = {"epoch": len(self._curve) + 1, "seconds": now - self._started, **known}
        point[POINT_METRIC] = point.pop(name)
        self._started = now
        self._curve.append(point)
        if self._report(point) is False:
            self.is_told_to_stop = True
            raise StopTraining

    def _choose_name(self, metric: Any, scores: Any, auc: Any, logits: Any) -> str:  # noqa: ANN401
        """Return under which of its two names the metric came."""
        old = auc is not None or logits is not None
        if old and (metric is not None or scores is not None):
            raise ValueError("report_epoch: val_auc or val_logits beside val_metric or val_scores")
        if old and self._terms.metric != "auc":
            wanted = self._terms.metric
            raise ValueError(
                f"report_epoch: val_auc, but the study's metric is {wanted}: val_metric"
            )
        return "val_auc" if old else "val_metric"

    def _remember(self, name: str, metric: float | None, scores: Any) -> None:  # noqa: ANN401
        """Keep the scores of the epoch that has just ended, if they are given."""
        called = _METRIC[name]
        if metric is None:
            if scores is not None:
                raise ValueError(f"report_epoch: {called} without {name}, expected both")
            return
        is_given = scores is not None
        if self._has_history not in (None, is_given):
            found = "with" if is_given else "without"
            raise ValueError(
                f"report_epoch: epoch {len(self._curve) + 1} came {found} {called}, unlike those "
                f"before; expected them of every epoch that has {name}, or of none"
            )
        self._has_history = is_given
        worth = self._terms.sign * metric
        if is_given:
            array = self._terms.check_scores("report_epoch", called, scores)
            self._history.add(len(self._curve) + 1, array, is_selected=worth > self._best)
        self._best = max(worth, self._best)

    def save_predictions(
        self,
        val: Any,  # noqa: ANN401 - array_like
        *,
        train: Any = None,  # noqa: ANN401
        val_last: Any = None,  # noqa: ANN401
        test: Any = None,  # noqa: ANN401
    ) -> None:
        """Save scores in the order of the split's rows; the metrics are computed from them.

        Log-odds (n,) of a binary label, predicted values (n,) of a regression, logits or
        log-probabilities (n, classes) of several classes.

        Parameters
        ----------
        val
            Of ``data.val_rows``, at the selected epoch.
        train
            Of ``data.train_rows``, at the selected epoch.
        val_last
            Of ``data.val_rows``, at the last epoch. By default those of the selected one, if that
            is the last that was reported; otherwise nothing is known of the last.
        test
            Of ``data.test_rows``, when ``wants_test`` and only then.

        Raises
        ------
        ValueError
            If an array has another shape than its rows, a value is not finite, or nobody asked
            for the test rows.
        RuntimeError
            In a forked process, or once the fit has ended.
        """
        self._refuse_others("save_predictions")
        if test is not None and not self.wants_test:
            raise ValueError(
                "save_predictions: test is given, but nobody asked for it (context.wants_test)"
            )
        given = {"val": val, "train": train, "val_last": val_last, "test": test}
        for name, values in given.items():
            if values is not None:
                self._saved[name] = self._terms.check_scores("save_predictions", name, values)

    def end(self) -> None:
        """Take in nothing more: a thread may go on that the trainer has left."""
        self._has_ended = True

    def _refuse_others(self, call: str) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError(f"{call}: called in a forked process, which has no part in the fit")
        if self._has_ended:
            raise RuntimeError(f"{call}: the fit has ended")

    def describe(self, returned: object, seconds: float) -> dict[str, Any]:
        """Return what the fit has shown, as it is sent.

        Of one that was told to stop, what it has reported and saved: no metrics that it returned.

        Raises
        ------
        ValueError
            If predictions of the test rows are missing, or what the function returned is no mapping
            of metrics.
        """
        is_pruned = self.is_told_to_stop
        metrics = {} if is_pruned else check_metrics(returned, self._terms.metric)
        if self.wants_test and "test" not in self._saved and not is_pruned:
            raise ValueError(
                "the trainer saved no predictions of the test rows: save_predictions(test=)"
            )
        sign, points = self._terms.sign, self._curve
        worths = [-math.inf if p[POINT_METRIC] is None else sign * p[POINT_METRIC] for p in points]
        saved = {name: array.ravel().tolist() for name, array in self._saved.items()}
        best = max(worths, default=-math.inf)
        is_earlier = best > -math.inf and worths.index(best) < len(worths) - 1
        last = [] if is_earlier or is_pruned else saved.get("val", [])
        return {
            "index": 0,
            "curve": points,
            "selected_epoch": 1 + int(np.argmax(worths)) if worths else None,
            "stop_reason": "pruned" if is_pruned else "finished",
            "outputs": self._terms.outputs,
            "train_logits": saved.get("train", []),
            "val_logits": saved.get("val", []),
            "val_logits_last": saved.get("val_last", last),
            "test_logits": saved.get("test", []),
            **self._history.gather(),
            "metrics": metrics,
            "n_parameters": None,
            "seconds": seconds,
            "peak_memory_bytes": None,
        }


def check_metrics(returned: object, metric: str) -> dict[str, float]:
    """Return the metrics as finite floats, the study's under ``val_<name>``.

    Raises
    ------
    ValueError
        If they are no mapping of texts to finite numbers.
    """
    if returned is None:
        return {}
    if not isinstance(returned, Mapping):
        kind = type(returned).__name__
        raise ValueError(f"the trainer returned {kind}, expected a mapping of metrics or None")
    metrics: dict[str, float] = {}
    for name, value in returned.items():
        if not isinstance(name, str) or not is_finite_number(value):
            said = f"{show(name)}: {show(value)}"
            raise ValueError(f"the trainer returned {said}, expected a finite number")
        metrics[name.encode(errors="backslashreplace").decode()] = float(value)
    if metric in metrics and f"val_{metric}" not in metrics:
        metrics[f"val_{metric}"] = metrics.pop(metric)
    return metrics


def is_finite_number(value: Any) -> bool:  # noqa: ANN401 - whatever a person's function returns
    """Return whether a value is a finite number."""
    try:
        return math.isfinite(float(value)) and not isinstance(value, (str, bytes, bytearray))
    except (TypeError, ValueError, OverflowError):
        return False


def show(value: object) -> str:
    """Return what a person's function gave, on a line, as far as it can be shown."""
    try:
        return reprlib.repr(value)
    except Exception:  # noqa: BLE001 - a class of their own, or an integer of too many digits
        return f"a value of type {type(value).__name__}"
