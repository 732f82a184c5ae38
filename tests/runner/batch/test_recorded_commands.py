"""The record of what a command has predicted: by which epoch, and on rows of one fold alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from runner.batch.first_tables import FirstTables
from runner.batch.ran import Ran
from runner.batch.recording import Outcome, Recorder, SentScores, Subject, Training
from runner.storage.outputs import RunFolder
from runner.workers.sent_table import PredictionTable, SentTable
from tests.runner.conftest import fit
from trial_sets.records.record import EpochPoint, Failure
from trial_sets.task import Metric

RAN, STARTED = Ran("cpu", 1, 1, 1), datetime(2026, 1, 28, 12, tzinfo=UTC)


@pytest.fixture
def recorder(folder: RunFolder) -> Recorder:
    metric = Metric(name="mae", direction="minimize")
    return Recorder(folder, lambda _: pytest.fail("there is no data"), {}, metric=metric)


def send_table(scores: Sequence[float], first: int = 0) -> SentTable:
    """Return numbers that a command has predicted for rows from the first on, labelled 0, 1, ..."""
    n = len(scores)
    table = PredictionTable(
        rows=np.arange(first, first + n),
        labels=np.arange(n, dtype=np.float64),
        scores=np.array(scores),
        dates=np.full(n, "NaT", dtype="datetime64[ns]"),
        groups=np.empty(0, dtype=np.int64),
    )
    return SentTable.of_tables("regression", table)


def trace(*maes: float) -> tuple[EpochPoint, ...]:
    return tuple(
        EpochPoint(epoch=n, train_loss=None, val_loss=None, val_metric=mae, seconds=0.1)
        for n, mae in enumerate(maes, 1)
    )


@pytest.mark.parametrize(
    ("curve", "epoch", "has_last"),
    [
        ((), None, True),
        ((2.0, 0.5, 1.0), 2, False),  # the best: nobody knows the last
        ((2.0, 0.3, 0.5), 3, True),  # the last
        ((2.0, 0.3, 1.0), None, False),  # neither
    ],
)
def test_what_a_command_has_predicted_tells_by_which_epoch(
    recorder: Recorder, curve: tuple[float, ...], epoch: int | None, has_last: bool
) -> None:
    training = Training(trace(*curve), 2 if curve else None)
    sent = SentScores(table=send_table((0.5, 1.5, 1.5, 3.5, 4.5, 4.5)))  # all off by 0.5
    outcome = Outcome(sent, metrics={"val_mae": 0.3}, training=training)
    found = recorder.file(Subject.of_fit(fit()), outcome, RAN, STARTED)
    assert (found.metrics["val_mae"], found.selected_epoch) == (0.5, epoch)
    assert ("val_mae_last" in found.metrics) is has_last
    with np.load(recorder.folder.fit(*found.id) / "predictions.npz") as arrays:
        assert ("value_last" in arrays) is has_last
    assert found.notices == (
        "the trainer says val_mae=0.3, and its predictions come to 0.5, which counts",
    )


@pytest.mark.parametrize("in_search_first", [True, False])
def test_a_search_is_held_against_the_rows_of_the_run_and_the_other_way_round(
    recorder: Recorder, in_search_first: bool
) -> None:
    search = replace(recorder, folder=recorder.folder.of_search("s"), first_tables=FirstTables())
    search.folder.search_json.parent.mkdir(parents=True)
    search.folder.search_json.touch()
    first, second = (search, recorder) if in_search_first else (recorder, search)
    filed = [
        one.file(Subject.of_fit(fit(name)), Outcome(sent), RAN, STARTED)
        for one, name, sent in (
            (first, "A1", SentScores(table=send_table((0.5, 1.5)))),
            (second, "A2", SentScores(table=send_table((0.5, 1.5)))),
            (second, "A3", SentScores(table=send_table((0.5, 1.5), first=3))),
        )
    ]
    assert [record.status for record in filed] == ["complete", "complete", "failed"]


def test_rows_that_validate_in_two_folds_are_refused(recorder: Recorder) -> None:
    scores, failures = (0.5, 1.5, 1.5), []
    for fold, first in ((1, 0), (2, 3), (3, 5)):
        outcome = Outcome(SentScores(table=send_table(scores, first)))
        subject = replace(Subject.of_fit(fit()), fold=fold)
        failures.append(recorder.file(subject, outcome, RAN, STARTED).failure)
    assert failures[:2] == [None, None]
    assert failures[2] == Failure.of(
        "error",
        "row 5 validates in fold 2 and in fold 3 (1 such rows); expected each row in one fold, "
        "numbered as in the whole data",
    )
