"""From what a worker reports to a record on disk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.data.dataset import Dataset
from models.epoch_logits import MOST_BYTES, EpochLogits, EpochValues, choose_step
from runner.batch.first_tables import FirstTables
from runner.batch.ran import Ran
from runner.batch.scored_rows import ScoredRows, find_score, note_other_score, pack_predictions
from runner.planning.fit import Fit
from runner.storage.machine import Machine
from runner.storage.outputs import RunFolder
from runner.workers.commands.metrics_file import match_epoch
from runner.workers.protocol import FitResult
from runner.workers.sent_logits import SentLogits, SentValues
from runner.workers.sent_table import SentTable
from trial_sets.configuration import AnyConfiguration
from trial_sets.records.fit_id import FitId
from trial_sets.records.layout import BASELINE_PREFIX
from trial_sets.records.limits import cap_metrics, thin_curve
from trial_sets.records.record import EpochPoint, Failure, Record, RecordStatus
from trial_sets.task import AUC, Metric


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose record it is."""

    kind: Literal["trial", "control", "baseline"]
    names: tuple[str, ...]
    configuration: AnyConfiguration | None
    key: str
    seed: int
    fold: int | None = None

    @classmethod
    def of_fit(cls, fit: Fit) -> "Subject":
        """Return the subject of a trial's or control's record."""
        return cls(fit.kind, fit.names, fit.configuration, fit.key, fit.seed, fit.fold)

    @classmethod
    def of_baseline(cls, fit: FitId) -> "Subject":
        """Return the subject of a baseline's record."""
        key = fit.name.removeprefix(BASELINE_PREFIX)
        return cls("baseline", (fit.name,), None, key, fit.seed, fit.fold)


@dataclass(frozen=True, slots=True)
class SentScores:
    """What a fit has predicted: in the order of a dataset's rows, or a table with its own rows.

    Log-odds or values, one a row; of several classes logits, all of the first row first.
    """

    val: Sequence[float] = ()  # at the selected epoch
    val_last: Sequence[float] = ()  # at the last epoch, where they are known
    train: Sequence[float] = ()
    test: Sequence[float] = ()
    by_epoch: SentLogits | SentValues | None = None  # those of val
    table: SentTable | None = None  # of a command, in place of the others

    @classmethod
    def of_result(cls, result: FitResult) -> "SentScores | None":
        """Return what a worker's result says of them; None where it has predicted nothing."""
        if result.table is not None:
            return cls(table=result.table)
        if not result.val_logits:
            return None
        return cls(
            val=result.val_logits,
            val_last=result.val_logits_last,
            train=result.train_logits,
            test=result.test_logits,
            by_epoch=result.epoch_values or result.epoch_logits,
        )


@dataclass(frozen=True, slots=True)
class Training:
    """How the training went, as far as it got."""

    curve: tuple[EpochPoint, ...] = ()
    selected_epoch: int | None = None
    stop_reason: str | None = None
    n_parameters: int | None = None
    seconds: float = 0.0
    peak_memory_mib: float | None = None

    @classmethod
    def of_result(cls, result: FitResult) -> "Training":
        """Return what a worker's result says of it."""
        return cls(
            curve=result.curve,
            selected_epoch=result.selected_epoch,
            stop_reason=result.stop_reason,
            n_parameters=result.n_parameters,
            seconds=result.seconds,
            peak_memory_mib=_mib(result.peak_memory_bytes),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fit has shown, as far as it got."""

    predictions: SentScores | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)  # beside those of the predictions
    failure: Failure | None = None
    training: Training = Training()
    notices: tuple[str, ...] = ()

    @property
    def status(self) -> RecordStatus:
        """How the fit has ended, as its record says it."""
        if self.failure is not None:
            return "failed"
        return "pruned" if self.training.stop_reason == "pruned" else "complete"

    @classmethod
    def of_result(cls, result: FitResult) -> "Outcome":
        """Return what a worker's result says; divergence is a failure."""
        training = Training.of_result(result)
        if result.stop_reason == "diverged":
            failure = Failure.of("diverged", result.message)
            return cls(failure=failure, training=training)
        return cls(
            SentScores.of_result(result), result.metrics, None, training, tuple(result.notices)
        )


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes the records of one batch; the parent process alone does."""

    folder: RunFolder
    find_dataset: Callable[[int | None], Dataset]  # that of a fold
    versions: Mapping[str, str]  # of Python and PyTorch, as the workers run them
    machine: Machine | None = None  # what the workers run on
    claims_head: str | None = None  # of the ledger of claims; see `enter_claims`
    metric: Metric = AUC  # the study's
    first_tables: FirstTables = field(default_factory=FirstTables)

    def file(self, subject: Subject, outcome: Outcome, ran: Ran, started: datetime) -> Record:
        """Score what a fit predicted and write its record."""
        scores: dict[str, float] = {}
        predictions: bytes | None = None
        told: tuple[str, ...] = ()
        try:
            if outcome.failure is None:
                scores, predictions, told = self._score_and_pack(subject, outcome)
                told += note_other_score(self.metric, scores, outcome.metrics)
                scores |= self._find_score(outcome, scores)
        except ValueError as error:  # a worker's word for it, that they are so many and finite
            outcome = Outcome(failure=Failure.of("error", str(error)), training=outcome.training)
            scores, predictions, told = {}, None, ()
        training = self._settle_epoch(outcome, scores)
        metrics, notices = cap_metrics({**scores, **outcome.metrics, **scores}, self.metric.key())
        curve, thinned = thin_curve(training.curve, training.selected_epoch)
        record = Record(
            run=self.folder.path.name,
            status=outcome.status,
            kind=subject.kind,
            names=subject.names,
            configuration=subject.configuration,
            key=subject.key,
            seed=subject.seed,
            fold=subject.fold,
            metric=self.metric.key(),
            metrics=metrics,
            curve=curve,
            selected_epoch=training.selected_epoch,
            stop_reason=training.stop_reason,
            n_parameters=training.n_parameters,
            seconds=training.seconds,
            peak_memory_mib=training.peak_memory_mib,
            failure=outcome.failure,
            notices=(*outcome.notices, *notices, *thinned, *told),
            claims_head=self.claims_head,
            provenance=ran.trace(started, self.versions, self.machine),
        )
        self.folder.write_record(record, predictions)
        return record

    def _score_and_pack(
        self, subject: Subject, outcome: Outcome
    ) -> tuple[dict[str, float], bytes | None, tuple[str, ...]]:
        """Return the metrics of predictions, their file, and a notice of epochs left out of it.

        Nothing of them where there are no predictions.
        """
        sent = outcome.predictions
        if sent is None:
            return {}, None, ()
        if sent.table is not None:
            return self._score_table(subject, sent.table, outcome.training)
        data = self.find_dataset(subject.fold)
        val = _list_rows(data, data.val_rows, sent.val, sent.val_last)
        test = _list_rows(data, data.test_rows, sent.test) if len(sent.test) else None
        scores = _measure(val, test)
        if len(sent.train):
            train = _list_rows(data, data.train_rows, sent.train).measure("train")
            scores |= {name: train[name] for name in self._train_names() if name in train}
        kept = _receive_by_epoch(data, sent, outcome.training)
        notices = () if kept is None else _note_thinned(kept, outcome.training, subject)
        return scores, pack_predictions(val, test, kept), notices

    def _score_table(
        self, subject: Subject, table: SentTable, training: Training
    ) -> tuple[dict[str, float], bytes | None, tuple[str, ...]]:
        """Score what a command has predicted, if its rows and labels are those of the others.

        Of its epochs it has predicted by one; if that is not the last, nobody knows the last's.
        """
        val, test = table.receive_val(), table.receive_test()
        self.first_tables.refuse_others(self.folder, subject.fold, val)
        if test is not None:
            self.first_tables.refuse_others(self.folder, subject.fold, test, "test")
        scored = ScoredRows.of_table(table.task, val)
        tested = None if test is None else ScoredRows.of_table(table.task, test)
        scores = _measure(scored, tested)
        points = [point.epoch for point in training.curve if point.val_metric is not None]
        if not points or self._find_epoch(training, scores) == points[-1]:
            scored = replace(scored, last=scored.scores)
            scores |= {f"{n}_last": v for n, v in scores.items() if n.startswith("val_")}
        return scores, pack_predictions(scored, tested, None), ()

    def _find_score(self, outcome: Outcome, scores: Mapping[str, float]) -> dict[str, float]:
        """Return the study's metric, which a pruned fit need not have come to."""
        if outcome.status == "pruned" and self.metric.find({**outcome.metrics, **scores}) is None:
            return {}
        return find_score(self.metric, scores, outcome.metrics)

    def _settle_epoch(self, outcome: Outcome, scores: Mapping[str, float]) -> Training:
        """Return how a training went, with the epoch that a command has predicted by."""
        sent, training = outcome.predictions, outcome.training
        if sent is None or sent.table is None:
            return training
        return replace(training, selected_epoch=self._find_epoch(training, scores))

    def _find_epoch(self, training: Training, scores: Mapping[str, float]) -> int | None:
        minimize = self.metric.sign < 0
        return match_epoch(training.curve, scores.get(self.metric.key()), minimize=minimize)

    def _train_names(self) -> tuple[str, ...]:
        return AUC.key("train"), self.metric.key("train")


def _list_rows(
    data: Dataset, rows: NDArray[np.int64], scores: Sequence[float], last: Sequence[float] = ()
) -> ScoredRows:
    selected, at_end = (np.asarray(values, dtype=np.float64) for values in (scores, last))
    return ScoredRows.of_dataset(data, rows, selected, at_end if len(last) else None)


def _measure(val: ScoredRows, test: ScoredRows | None) -> dict[str, float]:
    """Return the metrics of the validation rows, at both epochs if known, and of the test rows."""
    return val.measure("val") | ({} if test is None else test.measure("test"))


def _receive_by_epoch(
    data: Dataset, sent: SentScores, training: Training
) -> EpochLogits | EpochValues | None:
    n_rows, n_epochs, selected = len(data.val_rows), len(training.curve), training.selected_epoch
    match sent.by_epoch:
        case None:
            return None
        case SentLogits() as logits:
            return logits.receive(n_rows, n_epochs, selected)
        case SentValues() as values:
            return values.receive(n_rows, data.outputs, n_epochs, selected)


def _note_thinned(
    kept: EpochLogits | EpochValues, training: Training, subject: Subject
) -> tuple[str, ...]:
    """Return a notice if the log-odds of epochs that were scored are not kept."""
    n_scored = sum(point.val_metric is not None for point in training.curve)
    n_kept, n_bytes = len(kept.epochs), _count_bytes(kept)
    if n_kept >= n_scored:
        return ()
    n_planned = (subject.configuration and subject.configuration.epochs) or n_scored
    step = choose_step(n_planned, n_bytes // (2 * n_kept))
    which = f"one of {step}" if step > 1 else "the first"
    return (
        f"of {n_scored:,} epochs the validation log-odds of {n_kept:,} are kept: {which}, with the "
        f"selected and the last, since those of a fit come to {MOST_BYTES // 10**6} MB at most",
    )


def _count_bytes(kept: EpochLogits | EpochValues) -> int:
    return kept.halves.nbytes if isinstance(kept, EpochLogits) else kept.values.nbytes


def _mib(size_bytes: int | None) -> float | None:
    """Return a size in MiB."""
    return None if size_bytes is None else round(size_bytes / 1024**2, 1)
