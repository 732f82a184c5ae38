"""Training a group: several replicas of one architecture, in one program."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from models.epoch_logits import EpochLogits, EpochValues
from models.epoch_metrics import find_epoch_loss, find_epoch_metric
from models.objective import RANKING, metric_sign
from models.settings import GroupSettings, ReplicaSettings
from models.training.history import LogitHistory, ValueHistory
from models.training.memory import measure_peak_memory, reset_peak_memory
from models.training.results import (
    EpochReport,
    EpochScores,
    ReplicaResult,
    Scores,
    Selection,
    StopReason,
)
from models.training.stack import ReplicaStack
from models.training.stopping import has_stalled, select_epoch
from models.training.windows import TrainingData


def train_group(
    group: GroupSettings,
    replicas: Sequence[ReplicaSettings],
    data: TrainingData,
    device: torch.device,
    report: Callable[[EpochReport], bool | None],
) -> Iterator[ReplicaResult]:
    """Train the replicas of a group, each until it stops by itself.

    Parameters
    ----------
    group : GroupSettings
        What the replicas share.
    replicas : sequence of ReplicaSettings
        At least one.
    data : TrainingData
        The series and its rows.
    device : torch.device
        A CPU, a CUDA device, or MPS.
    report : callable
        Hears of each epoch of each replica. If it answers False, that replica ends after the epoch,
        pruned unless it would have ended there anyway.

    Returns
    -------
    iterator of ReplicaResult
        Each as soon as its replica has stopped; the others go on without it.

    Raises
    ------
    ValueError
        If the data do not fit the architecture or the task, there is no replica, or one has
        settings without effect.
    """
    if not replicas:
        raise ValueError("a group needs at least one replica, got none")
    for replica in replicas:
        group.admit(replica)
    data.validate(group.architecture, group.task)
    return _Training(group, replicas, data, device).run(report)


@dataclass(slots=True)
class _Member:
    """A replica in training; its place in the stack is its place in the list of members."""

    replica: int
    settings: ReplicaSettings
    history: LogitHistory | ValueHistory
    sign: int
    curve: list[EpochScores] = field(default_factory=list)
    selected_logits: Scores | None = None
    last_logits: Scores | None = None
    failure: str | None = None
    is_told_to_stop: bool = False

    @property
    def values(self) -> list[float]:
        """The epochs' metrics, so that more is better."""
        return [self.sign * scores.val_metric for scores in self.curve]


class _Training:
    def __init__(
        self,
        group: GroupSettings,
        replicas: Sequence[ReplicaSettings],
        data: TrainingData,
        device: torch.device,
    ) -> None:
        reset_peak_memory(device)
        self._started = time.perf_counter()
        self._group, self._data, self._device = group, data, device
        sign = metric_sign(group.metric)
        self._members = [
            _Member(i, settings, _open_history(group, len(data.val_rows)), sign)
            for i, settings in enumerate(replicas)
        ]
        self._stack = ReplicaStack(group, replicas, data, device)
        self._val_labels = data.labels[data.val_rows]
        self._score = find_epoch_metric(group.task, group.metric)
        self._measure_loss = find_epoch_loss(group.trained_loss, self._stack.target.deviation)

    def run(self, report: Callable[[EpochReport], bool | None]) -> Iterator[ReplicaResult]:
        """Train epoch by epoch until no member is left."""
        for epoch in range(1, self._group.epochs + 1):
            self._run_epoch(epoch, report)
            reasons = [self._judge(member) for member in self._members]
            for place, reason in enumerate(reasons):
                if reason is not None:
                    yield self._conclude(place, reason)
            going_on = [place for place, reason in enumerate(reasons) if reason is None]
            if not going_on:
                return
            if len(going_on) < len(self._members):
                self._stack.keep(going_on)
                self._members = [self._members[place] for place in going_on]

    def _run_epoch(self, epoch: int, report: Callable[[EpochReport], bool | None]) -> None:
        """Train one epoch, score it, and tell of it."""
        started = time.perf_counter()
        train_losses = self._stack.train_epoch()
        logits = self._stack.predict(self._data.val_rows)
        seconds = time.perf_counter() - started
        for place, member in enumerate(self._members):
            member.failure = self._find_failure(epoch, train_losses[place], logits[place])
            if member.failure is None:
                scores = EpochScores(
                    epoch=epoch,
                    train_loss=float(train_losses[place]),
                    val_loss=self._measure_loss(self._val_labels, logits[place]),
                    val_metric=self._score(self._val_labels, logits[place]),
                    seconds=seconds,
                )
                self._record(place, scores, logits[place])
                member.is_told_to_stop = report(EpochReport(member.replica, scores)) is False

    def _find_failure(self, epoch: int, train_loss: float, scores: Scores) -> str | None:
        """Say what is not finite, if anything is."""
        if not np.isfinite(train_loss):
            return f"the training loss was {train_loss} in epoch {epoch}"
        n_bad = int((~np.isfinite(scores)).reshape(len(scores), -1).any(1).sum())
        if n_bad:
            kind = "values" if self._group.task == "regression" else "logits"
            return f"{n_bad} of {len(scores)} validation {kind} were not finite after epoch {epoch}"
        return None

    def _record(self, place: int, scores: EpochScores, logits: Scores) -> None:
        """Add an epoch to a member's curve and keep its weights if it is the best so far."""
        member = self._members[place]
        member.curve.append(scores)
        member.last_logits = logits
        is_selected = select_epoch(member.values) == scores.epoch
        member.history.add(scores.epoch, logits, is_selected=is_selected)
        if is_selected:
            member.selected_logits = logits
            self._stack.select(place)

    def _judge(self, member: _Member) -> StopReason | None:
        """Say why a member stops now, or that it does not."""
        if member.failure is not None:
            return "diverged"
        patience, min_delta = self._group.patience, self._group.min_delta
        if has_stalled(member.values, patience=patience, min_delta=min_delta):
            return "patience"
        if len(member.curve) == self._group.epochs:
            return "epochs"
        return "pruned" if member.is_told_to_stop else None

    def _conclude(self, place: int, reason: StopReason) -> ReplicaResult:
        member = self._members[place]
        kept = None if member.failure else member.history.gather()
        selection = None if member.failure else self._predict_selected(place)
        return ReplicaResult(
            replica=member.replica,
            settings=member.settings,
            curve=tuple(member.curve),
            stop_reason=reason,
            failure=member.failure,
            selection=selection,
            last_val_logits=None if member.failure else member.last_logits,
            epoch_logits=kept if isinstance(kept, EpochLogits) else None,
            epoch_values=kept if isinstance(kept, EpochValues) else None,
            seconds=time.perf_counter() - self._started,
            peak_memory_bytes=measure_peak_memory(self._device),
            n_parameters=self._group.architecture.count_parameters(),
        )

    def _predict_selected(self, place: int) -> Selection:
        """Predict the training and the extra rows with a member's selected weights."""
        member = self._members[place]
        assert member.selected_logits is not None
        extra = self._data.extra_rows.items()
        return Selection(
            epoch=select_epoch(member.values),
            val_logits=member.selected_logits,
            train_logits=self._stack.predict_selected(place, self._data.train_rows),
            extra_logits={name: self._stack.predict_selected(place, rows) for name, rows in extra},
        )


def _open_history(group: GroupSettings, n_rows: int) -> LogitHistory | ValueHistory:
    """Return where a fit's scores by epoch are kept: as precisely as its metric needs them."""
    if group.metric in RANKING:
        return LogitHistory(group.epochs, n_rows)
    return ValueHistory(group.epochs, n_rows, group.architecture.outputs)
