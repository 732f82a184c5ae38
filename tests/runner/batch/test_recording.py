"""A record says what a fit has shown, scored on the rows that it was shown on."""

import hashlib
import json
import platform
from dataclasses import fields
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.data.dataset import Dataset
from models.epoch_logits import EpochLogits
from runner.batch.ran import Ran
from runner.batch.recording import Outcome, Recorder, SentScores, Subject, Training
from runner.storage.outputs import RunFolder
from runner.workers.protocol import FitResult
from runner.workers.sent_logits import SentLogits
from tests.runner.conftest import fit
from trial_sets.records.fit_id import FitId
from trial_sets.records.record import EpochPoint, Failure, Provenance, Record

RAN, STARTED = Ran("cuda:1", 4, 2, 3), datetime(2026, 1, 28, 12, tzinfo=UTC)
# Of the four pairs of a positive and a negative row, three are in order.
VAL = (-2.0, 0.5, 1.0, 0.0)


@pytest.fixture
def dataset() -> Dataset:
    days = np.datetime64("2020-01-01", "ns") + np.arange(10) * np.timedelta64(1, "D")
    return Dataset(
        name="made",
        fingerprint="0",
        tier="own",
        feature_names=("x",),
        features=np.zeros((10, 1), dtype=np.float32),
        labels=np.array([0, 1, 1, 0, 0, 0, 1, 1, 0, 1], dtype=np.int8),
        dates=days,
        context=1,
        train_rows=np.arange(4),
        val_rows=np.arange(4, 8),
        test_rows=np.arange(8, 10),
        notices=(),
        label="made",
    )


@pytest.fixture
def recorder(folder: RunFolder, dataset: Dataset) -> Recorder:
    return Recorder(folder, lambda _: dataset, {"python": "3.11", "torch": "2.11"})


def result(**fields: object) -> FitResult:
    base = {
        "index": 0, "curve": (), "selected_epoch": None, "stop_reason": "finished",
        "n_parameters": 10, "seconds": 1.5, "peak_memory_bytes": 3 * 2**20,
    }  # fmt: skip
    return FitResult.model_validate({**base, **fields})


def file(recorder: Recorder, outcome: Outcome) -> Record:
    recorder.file(Subject.of_fit(fit()), outcome, RAN, STARTED)
    found = recorder.folder.read_record("A1", 3)
    assert found is not None
    return found


def test_predictions_are_scored_on_their_rows(recorder: Recorder) -> None:
    found = file(recorder, Outcome(SentScores(VAL, VAL[::-1], train=(-1.0, 1.0, 2.0, -3.0))))
    assert found.status == "complete"
    assert found.metrics["val_n"] == 4
    assert found.metrics["val_auc"] == 0.75
    assert found.metrics["val_auc_last"] == 0.25
    assert found.metrics["train_auc"] == 1.0
    assert "test_auc" not in found.metrics


def test_predictions_are_kept_row_by_row(recorder: Recorder) -> None:
    file(recorder, Outcome(SentScores(VAL, VAL[::-1])))
    with np.load(recorder.folder.fit("A1", 3) / "predictions.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == ["date", "label", "logit", "logit_last", "row"]
        assert arrays["row"].tolist() == [4, 5, 6, 7]
        assert arrays["label"].tolist() == [0, 0, 1, 1]
        assert str(arrays["date"][0])[:10] == "2020-01-05"
        assert tuple(arrays["logit"].tolist()) == VAL
        assert tuple(arrays["logit_last"].tolist()) == VAL[::-1]


def curve_of(*aucs: float | None) -> tuple[EpochPoint, ...]:
    return tuple(
        EpochPoint(epoch=n, train_loss=0.5, val_loss=0.5, val_metric=auc, seconds=0.1)
        for n, auc in enumerate(aucs, 1)
    )


def send(*epochs: int) -> SentLogits:
    halves = np.array([VAL] * len(epochs), np.float16)
    centers = np.full(len(epochs), 0.25, np.float32)
    return SentLogits.of(EpochLogits(np.array(epochs, np.int32), centers, halves))


def test_the_log_odds_of_every_epoch_are_kept_row_by_row(recorder: Recorder) -> None:
    said = result(
        curve=curve_of(0.5, 0.75), selected_epoch=2, val_logits=VAL, val_logits_last=VAL,
        epoch_logits=send(1, 2),
    )  # fmt: skip
    assert file(recorder, Outcome.of_result(said)).notices == ()
    with np.load(recorder.folder.fit("A1", 3) / "predictions.npz", allow_pickle=False) as arrays:
        assert arrays["epoch"].tolist() == [1, 2]
        assert arrays["epoch_logit"].tolist() == [list(VAL)] * 2
        assert arrays["epoch_center"].tolist() == [0.25] * 2
        kinds = [arrays[name].dtype for name in ("epoch", "epoch_logit", "epoch_center")]
        assert kinds == [np.int32, np.float16, np.float32]


@pytest.mark.parametrize(
    ("aucs", "epochs", "notices"),
    [
        (
            (0.5, 0.6, 0.75, 0.7, 0.7),
            (2, 3, 5),
            (
                "of 5 epochs the validation log-odds of 3 are kept: one of 2, with the selected "
                "and the last, since those of a fit come to 50 MB at most",
            ),
        ),
        ((None, 0.6, 0.75, None, 0.7), (2, 3, 5), ()),
    ],
    ids=["no room", "not scored"],
)
def test_epochs_that_are_left_out_are_said_to_be(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    aucs: tuple[float | None, ...],
    epochs: tuple[int, ...],
    notices: tuple[str, ...],
) -> None:
    monkeypatch.setattr("runner.batch.recording.choose_step", lambda n_epochs, n_rows: 2)
    training = Training(curve_of(*aucs), 3)
    found = file(recorder, Outcome(SentScores(VAL, VAL, by_epoch=send(*epochs)), training=training))
    assert found.notices == notices
    assert found.status == "complete"


def test_log_odds_of_an_epoch_that_never_was_are_a_failure(recorder: Recorder) -> None:
    training = Training(curve_of(0.75), 1)
    found = file(recorder, Outcome(SentScores(VAL, VAL, by_epoch=send(1, 2)), training=training))
    assert found.failure is not None
    assert found.failure.message == (
        "log-odds by epoch: the epochs do not grow from 1 to at most 1"
    )
    assert found.predictions_sha256 is None


def test_the_test_period_is_scored_only_where_it_was_predicted(recorder: Recorder) -> None:
    found = file(recorder, Outcome(SentScores(VAL, VAL, test=(-1.0, 1.0))))
    assert found.metrics["test_auc"] == 1.0
    with np.load(recorder.folder.fit("A1", 3) / "predictions.npz", allow_pickle=False) as arrays:
        assert arrays["test_row"].tolist() == [8, 9]
        assert arrays["test_logit"].tolist() == [-1.0, 1.0]


def test_every_field_of_how_it_ran_is_kept_under_its_name() -> None:
    assert {field.name for field in fields(Ran)} - {"far"} < set(Provenance.model_fields)


def test_how_it_ran_is_kept_beside_the_versions(recorder: Recorder) -> None:
    provenance = file(recorder, Outcome(metrics={"val_auc": 0.5})).provenance
    assert (provenance.device, provenance.group_size) == ("cuda:1", 4)
    assert (provenance.micro_batches, provenance.attempts) == (2, 3)
    assert provenance.started == "2026-01-28T12:00:00+00:00"
    assert provenance.versions["torch"] == "2.11"
    assert "supplementary-trials" in provenance.versions


def test_a_failure_is_filed_without_predictions(recorder: Recorder) -> None:
    found = file(recorder, Outcome(failure=Failure(kind="hung", message="silent")))
    assert (found.status, found.failure) == ("failed", Failure(kind="hung", message="silent"))
    assert not (recorder.folder.fit("A1", 3) / "predictions.npz").exists()


def test_no_field_of_the_training_is_lost_on_its_way(recorder: Recorder) -> None:
    point = EpochPoint(epoch=1, train_loss=0.5, val_loss=0.4, val_metric=0.7, seconds=0.1)
    training = Training((point,), 1, "patience", 10, 1.5, 3.0)
    assert all(getattr(training, f.name) != f.default for f in fields(Training))
    found = file(recorder, Outcome(metrics={"val_auc": 0.7}, training=training))
    assert {f.name: getattr(found, f.name) for f in fields(Training)} == {
        f.name: getattr(training, f.name) for f in fields(Training)
    }


def test_what_a_worker_measured_goes_into_the_record(recorder: Recorder) -> None:
    found = file(recorder, Outcome.of_result(result(val_logits=VAL, val_logits_last=VAL)))
    assert (found.n_parameters, found.seconds, found.peak_memory_mib) == (10, 1.5, 3.0)
    assert (found.stop_reason, found.metrics["val_auc"]) == ("finished", 0.75)


def test_the_scores_of_predictions_outweigh_what_a_trainer_claims(recorder: Recorder) -> None:
    claimed = result(val_logits=VAL, val_logits_last=VAL, metrics={"val_auc": 0.99, "own": 2.0})
    found = file(recorder, Outcome.of_result(claimed))
    assert (found.metrics["val_auc"], found.metrics["own"]) == (0.75, 2.0)


@pytest.mark.parametrize(
    ("fields", "failure"),
    [
        ({"stop_reason": "diverged", "message": "nan"}, Failure(kind="diverged", message="nan")),
        (
            {"metrics": {"f1": 0.5}},
            Failure(
                kind="error",
                message="the trainer neither saved predictions nor returned val_auc",
            ),
        ),
        (
            {"metrics": {"val_auc": 1.5}},
            Failure(
                kind="error",
                message="the trainer returned val_auc=1.5, expected a number from 0 to 1",
            ),
        ),
    ],
    ids=["diverged", "no score", "no probability"],
)
def test_a_result_that_shows_nothing_is_a_failure(
    recorder: Recorder, fields: dict[str, object], failure: Failure
) -> None:
    assert file(recorder, Outcome.of_result(result(**fields))).failure == failure


def test_a_pruned_fit_is_scored_by_what_it_has_predicted(recorder: Recorder) -> None:
    said = result(
        stop_reason="pruned", curve=curve_of(0.5, 0.75), selected_epoch=2, val_logits=VAL,
        val_logits_last=VAL, epoch_logits=send(1, 2),
    )  # fmt: skip
    found = file(recorder, Outcome.of_result(said))
    assert (found.status, found.stop_reason, found.failure) == ("pruned", "pruned", None)
    assert (found.score, len(found.curve), found.selected_epoch) == (0.75, 2, 2)
    assert found.predictions_sha256 is not None


@pytest.mark.parametrize(
    ("metrics", "score"), [({}, None), ({"trees": 7.0}, None), ({"auc": 0.5}, 0.5)]
)
def test_a_pruned_fit_needs_no_score(
    recorder: Recorder, metrics: dict[str, float], score: float | None
) -> None:
    said = result(stop_reason="pruned", curve=curve_of(0.5), selected_epoch=1, metrics=metrics)
    found = file(recorder, Outcome.of_result(said))
    assert (found.status, found.score, found.predictions_sha256) == ("pruned", score, None)
    assert metrics.items() <= found.metrics.items()


def test_the_largest_record_is_read_as_it_was_written(recorder: Recorder) -> None:
    """Floats, names and texts as long as they get."""
    far = -1.2345678901234567e-308
    curve = tuple(
        EpochPoint(epoch=n, train_loss=far, val_loss=far, val_metric=far, seconds=far)
        for n in range(1, 60_001)
    )
    metrics = {f"\U0001f600{n:199}": far for n in range(5_000)} | {"val_auc": 0.5}
    found = file(recorder, Outcome(metrics=metrics, training=Training(curve, 60_000)))
    assert found.metrics["val_auc"] == 0.5
    assert found.curve[-1].epoch == 60_000
    assert len(found.notices) == 2
    failure = Failure.of("error", "\0" * 10**6, "\0" * 10**7)
    found = file(recorder, Outcome(failure=failure, training=Training(curve, 60_000)))
    assert found.failure == failure
    assert failure.message.endswith("more characters were left out)")


numbers = st.floats(allow_nan=False, allow_infinity=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    metrics=st.dictionaries(st.text(max_size=300), numbers, max_size=5),
    message=st.text(st.characters(), max_size=300),
    is_failure=st.booleans(),
)
def test_what_is_written_is_read(
    recorder: Recorder, metrics: dict[str, float], message: str, is_failure: bool
) -> None:
    failure = Failure.of("error", message, message) if is_failure else None
    outcome = Outcome(metrics={**metrics, "val_auc": 0.5}, failure=failure)
    written = recorder.file(Subject.of_fit(fit()), outcome, RAN, STARTED)
    found = recorder.folder.read_record("A1", 3)
    assert found is not None
    assert found == written.sealed()


@pytest.mark.parametrize(
    "logits",
    [
        SentScores(VAL[:2], VAL),
        SentScores((1e39, 0.0, 0.0, 0.0), VAL),
        SentScores(VAL, (np.nan,) * 4),
    ],
    ids=["too few", "beyond single precision", "not a number"],
)
def test_predictions_that_cannot_be_scored_are_a_failure(
    recorder: Recorder, logits: SentScores
) -> None:
    found = file(recorder, Outcome(logits))
    assert found.failure is not None
    assert found.failure.kind == "error"


def test_a_record_without_notices_keeps_its_checksum(recorder: Recorder) -> None:
    file(recorder, Outcome(metrics={"val_auc": 0.5}))
    path = recorder.folder.fit("A1", 3) / "record.json"
    content = json.loads(path.read_text())
    del content["notices"], content["sha256"]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({**content, "sha256": digest}))
    found = recorder.folder.read_record("A1", 3)
    assert found is not None
    assert found.notices == ()


def test_a_baseline_is_filed_under_its_own_name() -> None:
    subject = Subject.of_baseline(FitId("baseline-logistic", 0))
    assert (subject.names, subject.key) == (("baseline-logistic",), "logistic")
    assert (subject.configuration, subject.seed) == (None, 0)


def test_a_record_names_no_person_and_no_machine(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trial_sets.redaction._find_home", lambda: "/home/alice")
    monkeypatch.setattr(
        "trial_sets.redaction._list_names", lambda: (("alice", "USER"), ("mabel", "HOST"))
    )
    said = Failure.of("error", "/home/alice/own.py on mabel", 'File "/scratch/alice/x.py"')
    text = file(recorder, Outcome(failure=said)).model_dump_json()
    assert "~/own.py on HOST" in text
    assert "/scratch/USER/x.py" in text
    assert not [name for name in ("alice", "mabel", platform.node()) if name and name in text]
    assert platform.release() not in text
