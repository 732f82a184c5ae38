"""A trainer of one's own: a person's function run through the same queue, records and analysis.

The function is called once a fit, in a worker process, as ``function(configuration, data,
context)`` and returns metrics, or None when it saved predictions:

- ``configuration``: a dict with every field of the trial, ``options`` included.
- ``data``: a `models.data.dataset.Dataset` - ``features`` (T, C), scaled by the training rows;
  ``labels`` (T,); ``train_rows`` and ``val_rows``, the last row of each window;
  ``window(row)``, a view of (context, C). The test period's labels are hidden (-1). The arrays
  are read-only and this fit's alone; `torch.tensor` copies them without a warning.
- ``context``: a `TrainerContext`.
"""

import importlib.util
import math
import os
import reprlib
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.data.dataset import Dataset
from models.training.history import LogitHistory
from runner.workers.protocol import EpochDone, FitResult, Job, unquote_path
from runner.workers.sent_logits import SentLogits
from trial_sets.records.limits import cap_text
from trial_sets.records.record import EpochPoint

SavedLogits = NDArray[np.float64]
LARGEST = float(np.finfo(np.float32).max)


@dataclass(slots=True)
class TrainerContext:
    """What a trainer of one's own is told, and what it can report."""

    seed: int
    device: str  # cpu, mps, cuda:0
    wants_test: bool  # predict data.test_rows too: the champion's evaluation
    _rows: Mapping[str, int]
    _report: Callable[[EpochPoint], None]
    _history: LogitHistory
    _has_history: bool | None = None  # whether epochs come with their log-odds, once one has come
    _best_auc: float = -math.inf
    _curve: list[EpochPoint] = field(default_factory=list)
    _logits: dict[str, SavedLogits] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)
    _pid: int = field(default_factory=os.getpid)
    _has_ended: bool = False

    def report_epoch(
        self,
        *,
        val_auc: float | None = None,
        val_loss: float | None = None,
        train_loss: float | None = None,
        val_logits: ArrayLike | None = None,
    ) -> None:
        """Report that another epoch has ended; it appears in the live table and the curve.

        Parameters
        ----------
        val_auc, val_loss, train_loss
            Of this epoch.
        val_logits
            Log-odds of ``data.val_rows`` after this epoch, as `save_predictions` would take them.
            With those of every epoch that has a ``val_auc`` the analysis can choose the epoch on
            some rows and score it on others; without, a claim is held to the last epoch as well.

        Raises
        ------
        ValueError
            If a value is not a finite number, or ``val_logits`` has another length than its rows,
            comes without ``val_auc``, or with some epochs that have one and not with others.
        RuntimeError
            In a forked process, or once the fit has ended.
        """
        self._refuse_others("report_epoch")
        scores = {"train_loss": train_loss, "val_loss": val_loss, "val_auc": val_auc}
        for name, value in scores.items():
            if value is not None and not _is_number(value):
                raise ValueError(f"report_epoch: {name}={_show(value)}, expected a finite number")
        known = {name: None if value is None else float(value) for name, value in scores.items()}
        self._remember(known["val_auc"], val_logits)
        now = time.perf_counter()
        point = EpochPoint(
            epoch=len(self._curve) + 1,
            train_loss=known["train_loss"],
            val_loss=known["val_loss"],
            val_metric=known["val_auc"],
            seconds=now - self._started,
        )
        self._started = now
        self._curve.append(point)
        self._report(point)

    def _remember(self, val_auc: float | None, val_logits: ArrayLike | None) -> None:
        """Keep the log-odds of the epoch that has just ended, if they are given."""
        if val_auc is None:
            if val_logits is not None:
                raise ValueError("report_epoch: val_logits without val_auc, expected both")
            return
        is_given = val_logits is not None
        if self._has_history not in (None, is_given):
            found = "with" if is_given else "without"
            raise ValueError(
                f"report_epoch: epoch {len(self._curve) + 1} came {found} val_logits, unlike those "
                "before; expected them of every epoch that has val_auc, or of none"
            )
        self._has_history = is_given
        if val_logits is not None:
            logits = self._check("report_epoch", "val_logits", val_logits)
            is_selected = val_auc > self._best_auc
            self._best_auc = max(val_auc, self._best_auc)
            self._history.add(len(self._curve) + 1, logits, is_selected=is_selected)

    def save_predictions(
        self,
        val: ArrayLike,
        *,
        train: ArrayLike | None = None,
        val_last: ArrayLike | None = None,
        test: ArrayLike | None = None,
    ) -> None:
        """Save log-odds in the order of the split's rows; the metrics are computed from them.

        Parameters
        ----------
        val
            Of ``data.val_rows``, at the selected epoch.
        train
            Of ``data.train_rows``, at the selected epoch.
        val_last
            Of ``data.val_rows``, at the last epoch; by default those of the selected one.
        test
            Of ``data.test_rows``, when ``wants_test`` and only then.

        Raises
        ------
        ValueError
            If an array has another length than its rows, a value is not finite, or nobody asked
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
                self._logits[name] = self._check("save_predictions", name, values)

    def end(self) -> None:
        """Take in nothing more: a thread may go on that the trainer has left."""
        self._has_ended = True

    def _refuse_others(self, call: str) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError(f"{call}: called in a forked process, which has no part in the fit")
        if self._has_ended:
            raise RuntimeError(f"{call}: the fit has ended")

    @property
    def has_test(self) -> bool:
        """Whether predictions of the test rows were saved."""
        return "test" in self._logits

    def _check(self, call: str, name: str, values: ArrayLike) -> SavedLogits:
        array = np.array(values, dtype=np.float64)  # what the trainer goes on to do with its own
        rows = self._rows[name.partition("_")[0]]
        if array.shape != (rows,):
            raise ValueError(f"{call}: {name} has shape {array.shape}, expected ({rows},)")
        if not np.isfinite(array).all():
            bad = int((~np.isfinite(array)).sum())
            raise ValueError(f"{call}: {bad} of {rows} values of {name} are not finite")
        is_far = np.abs(array) > LARGEST
        if is_far.any():
            raise ValueError(
                f"{call}: {int(is_far.sum())} of {rows} values of {name} are beyond "
                f"{LARGEST:.2g}, such as {array[is_far][0]:.2g}; expected log-odds, which are kept "
                "in single precision"
            )
        return array

    def result(self, metrics: Mapping[str, float], seconds: float) -> FitResult:
        """Return what the fit has shown."""
        aucs = [
            -math.inf if point.val_metric is None else point.val_metric for point in self._curve
        ]
        kept = self._history.gather()
        logits = {name: tuple(values.tolist()) for name, values in self._logits.items()}
        return FitResult(
            index=0,
            curve=tuple(self._curve),
            selected_epoch=1 + int(np.argmax(aucs)) if aucs else None,
            stop_reason="finished",
            train_logits=logits.get("train", ()),
            val_logits=logits.get("val", ()),
            val_logits_last=logits.get("val_last", logits.get("val", ())),
            test_logits=logits.get("test", ()),
            epoch_logits=None if kept is None else SentLogits.of(kept),
            metrics=dict(metrics),
            n_parameters=None,
            seconds=seconds,
            peak_memory_bytes=None,
        )


def train_custom(job: Job, data: Dataset, send: Callable[[EpochDone | FitResult], None]) -> None:
    """Run a person's function for the one fit of a job and send what it reports.

    Raises
    ------
    Exception
        Whatever the function raises; ValueError for what it returns.
    """
    assert job.trainer is not None
    path, _, name = unquote_path(job.trainer).rpartition(":")
    function = _load(Path(path), name)
    shown = data.copied()  # the fit's alone
    if not job.with_test:
        shown = replace(shown, test_rows=shown.test_rows[:0])
    context = TrainerContext(
        seed=job.seeds[0],
        device=job.device,
        wants_test=job.with_test,
        _rows={
            "train": len(data.train_rows),
            "val": len(data.val_rows),
            "test": len(data.test_rows),
        },
        _report=lambda point: send(EpochDone(index=0, point=point)),
        _history=LogitHistory(job.configurations[0].epochs or 1, len(data.val_rows)),
    )
    started = time.perf_counter()
    try:
        returned = function(job.configurations[0].model_dump(), shown, context)
    finally:
        context.end()
    if job.with_test and not context.has_test:
        raise ValueError(
            "the trainer saved no predictions of the test rows: save_predictions(test=)"
        )
    send(context.result(_check_metrics(returned), time.perf_counter() - started))


@lru_cache(maxsize=1)
def _load(path: Path, name: str) -> Callable[..., object]:
    """Import a person's file and return its function."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(f"trainer_of_ones_own_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    function: Callable[..., object] = getattr(module, name)
    return function


def _check_metrics(returned: object) -> dict[str, float]:
    """Return the metrics as finite floats."""
    if returned is None:
        return {}
    if not isinstance(returned, Mapping):
        kind = type(returned).__name__
        raise ValueError(f"the trainer returned {kind}, expected a mapping of metrics or None")
    metrics: dict[str, float] = {}
    for name, value in returned.items():
        if not isinstance(name, str) or not _is_number(value):
            said = f"{_show(name)}: {_show(value)}"
            raise ValueError(f"the trainer returned {said}, expected a finite number")
        metrics[cap_text(name, len(name) + 60)] = float(value)  # which JSON can hold
    return metrics


def _is_number(value: Any) -> bool:  # noqa: ANN401 - whatever a person's function returns
    try:
        return math.isfinite(float(value)) and not isinstance(value, str | bytes | bytearray)
    except (TypeError, ValueError, OverflowError):
        return False


def _show(value: object) -> str:
    """Return what a person's function gave, on a line, as far as it can be shown."""
    try:
        return reprlib.repr(value)
    except Exception:  # noqa: BLE001 - a class of their own, or an integer of too many digits
        return f"a value of type {type(value).__name__}"
