"""A trainer of one's own is believed only as far as what it says can be checked."""

from pathlib import Path

import numpy as np
import pytest

from analysis.runs.predictions import read_predictions
from models.data.dataset import load_dataset
from runner.batch.run import run_plan, start_workers
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from trial_sets.records.record import Record

TRAINERS = """
import numpy as np

def honest(configuration, data, context):
    assert data.test_rows.size == 0
    assert (data.labels[data.val_rows[-1] + 1 :] == -1).all()
    for epoch in range(3):
        context.report_epoch(val_auc=0.5 + 0.1 * epoch, train_loss=1.0)
    logits = np.random.default_rng(context.seed).normal(size=len(data.val_rows))
    context.save_predictions(logits + configuration["dropout"])
    return {"trees": 7}

def by_epoch(configuration, data, context):
    scores = np.random.default_rng(context.seed).normal(size=(6, len(data.val_rows)))
    context.report_epoch(train_loss=1.0)
    for epoch in range(6):
        auc = [0.5, 0.75, 0.25, 0.75, 0.125, 0.0][epoch]
        context.report_epoch(val_auc=auc, val_logits=scores[epoch])
    context.save_predictions(scores[1], val_last=scores[5])

def logits_alone(configuration, data, context):
    context.report_epoch(val_logits=np.zeros(len(data.val_rows)))

def logits_later(configuration, data, context):
    context.report_epoch(val_auc=0.5)
    context.report_epoch(train_loss=0.5)
    context.report_epoch(val_auc=0.5, val_logits=np.zeros(len(data.val_rows)))

def logits_no_more(configuration, data, context):
    context.report_epoch(val_auc=0.5, val_logits=np.zeros(len(data.val_rows)))
    context.report_epoch(val_auc=0.5)

def logits_of_others(configuration, data, context):
    context.report_epoch(val_auc=0.5, val_logits=np.zeros(3))

def number(configuration, data, context):
    return {"val_auc": 0.75}

def absurd(configuration, data, context):
    return {"val_auc": 7.0}

def silent(configuration, data, context):
    return None

def leaving(configuration, data, context):
    raise SystemExit(3)

def not_a_number(configuration, data, context):
    context.report_epoch(val_auc=float("nan"))

def not_a_number_saved(configuration, data, context):
    context.save_predictions(np.full(len(data.val_rows), np.nan))

def not_a_number_returned(configuration, data, context):
    return {"val_auc": float("nan")}

def short(configuration, data, context):
    context.save_predictions(np.zeros(3))

def far(configuration, data, context):
    context.save_predictions(np.full(len(data.val_rows), -1e39))

def huge_integer(configuration, data, context):
    return {"val_auc": 10**5000}

def numpy_scalars(configuration, data, context):
    return {"val_auc": np.float32(0.75), "n": np.int64(3), "large": 1e308}

def testing(configuration, data, context):
    assert context.wants_test
    assert (data.labels[data.test_rows] == -1).all()
    context.save_predictions(np.zeros(len(data.val_rows)), test=np.arange(len(data.test_rows)))

def peeking(configuration, data, context):
    test = np.zeros(int(np.sum(data.labels == -1)))
    context.save_predictions(np.zeros(len(data.val_rows)), test=test)

def wordy(configuration, data, context):
    return {"val_auc": "high"}
"""


@pytest.fixture
def trainers(tmp_path: Path) -> Path:
    path = tmp_path / "trainers.py"
    path.write_text(TRAINERS)
    return path


def run(study: Path, trainers: Path, function: str, **asked: object) -> tuple[Plan, list[Record]]:
    request = Request(
        study=str(study),
        trainer=f"{trainers}:{function}",
        device="cpu",
        jobs=1,
        **{"output": study.parent / "outputs", **asked},  # type: ignore[arg-type]
    )
    plan = make_plan(request)
    with start_workers(request) as pool:
        run_plan(plan, pool, lambda event: None)
    found = [plan.folder.read_record(p.fit.name, p.fit.seed) for p in plan.fits]
    return plan, [record for record in found if record is not None]


def test_saved_predictions_are_scored_and_further_metrics_kept(
    tiny_study: Path, trainers: Path
) -> None:
    plan, (record,) = run(tiny_study, trainers, "honest", trials=("A1",))
    assert record.status == "complete"
    assert record.metrics["trees"] == 7
    assert record.metrics["val_n"] == plan.info.data.splits["validation"].rows
    assert [point.val_metric for point in record.curve] == [0.5, 0.6, 0.7]
    assert (record.selected_epoch, record.stop_reason) == (3, "finished")
    assert plan.info.trainer == "trainers.py:honest"


def test_the_log_odds_of_every_epoch_are_kept_where_they_are_reported(
    tiny_study: Path, trainers: Path
) -> None:
    plan, (record,) = run(tiny_study, trainers, "by_epoch", trials=("A1",))
    assert (record.selected_epoch, record.notices) == (3, ())
    assert record.predictions_sha256 is not None
    path = plan.folder.fit("A1", 3) / "predictions.npz"
    found = read_predictions(path, record.predictions_sha256)
    assert found.epochs is not None
    assert found.by_epoch is not None
    assert found.epochs.tolist() == [2, 3, 4, 5, 6, 7]
    assert found.score_epoch(3) == pytest.approx(record.metrics["val_auc"], abs=1e-12)
    assert found.score_epoch(7) == pytest.approx(record.metrics["val_auc_last"], abs=1e-12)
    third = found.by_epoch.centers[1] + found.by_epoch.scores[1].astype(np.float64)
    assert np.allclose(third, found.scores, atol=2e-3)


def test_a_trainer_that_reports_none_has_none(tiny_study: Path, trainers: Path) -> None:
    plan, (record,) = run(tiny_study, trainers, "honest", trials=("A1",))
    assert record.predictions_sha256 is not None
    path = plan.folder.fit("A1", 3) / "predictions.npz"
    assert read_predictions(path, record.predictions_sha256).epochs is None


def test_a_metric_alone_is_enough(tiny_study: Path, trainers: Path) -> None:
    _, (record,) = run(tiny_study, trainers, "number", trials=("A1",))
    assert (record.status, record.metrics) == ("complete", {"val_auc": 0.75})
    assert record.predictions_sha256 is None


def test_the_outputs_may_have_any_name_that_a_file_system_takes(
    tiny_study: Path, trainers: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "caf\udce9 50%41"
    _, (record,) = run(tiny_study, trainers, "number", trials=("A1",), output=odd)
    assert record.status == "complete"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("absurd", "val_auc=7, expected a number from 0 to 1"),
        ("silent", "neither saved predictions nor returned val_auc"),
        ("leaving", "SystemExit: 3"),
        ("not_a_number", "report_epoch: val_auc=nan, expected a finite number"),
        ("not_a_number_saved", "values of val are not finite"),
        ("not_a_number_returned", "'val_auc': nan, expected a finite number"),
        ("far", "values of val are beyond 3.4e+38, such as -1e+39; expected log-odds"),
        ("huge_integer", "a value of type int, expected a finite number"),
        ("short", "val has shape (3,), expected"),
        ("logits_alone", "report_epoch: val_logits without val_auc, expected both"),
        ("logits_later", "report_epoch: epoch 3 came with val_logits, unlike those before"),
        ("logits_no_more", "report_epoch: epoch 2 came without val_logits, unlike those before"),
        ("logits_of_others", "report_epoch: val_logits has shape (3,), expected"),
        ("peeking", "save_predictions: test is given, but nobody asked for it"),
        ("wordy", "'val_auc': 'high', expected a finite number"),
    ],
)
def test_what_cannot_be_believed_is_a_failure_that_says_why(
    tiny_study: Path, trainers: Path, function: str, message: str
) -> None:
    _, (record,) = run(tiny_study, trainers, function, trials=("A1",))
    assert record.failure is not None
    assert record.failure.kind == "error"
    assert message in record.failure.message


def test_scalars_of_numpy_are_numbers(tiny_study: Path, trainers: Path) -> None:
    _, (record,) = run(tiny_study, trainers, "numpy_scalars", trials=("A1",))
    assert record.metrics == {"val_auc": 0.75, "n": 3.0, "large": 1e308}


def test_the_labels_of_the_test_reach_no_trainer_and_its_predictions_are_scored(
    tiny_study: Path, trainers: Path
) -> None:
    plan, records = run(tiny_study, trainers, "testing", evaluate_test="A1", seeds=1)
    assert [record.status for record in records] == ["complete", "complete"]
    splits = plan.data.find_dataset(None).summary()
    assert {record.metrics["test_n"] for record in records} == {splits["test"].rows}
    assert {record.metrics["test_n_positive"] for record in records} == {splits["test"].positives}
    kept = load_dataset(plan.folder.data())
    assert (kept.labels[kept.val_rows[-1] + 1 :] == -1).all()
    assert kept.test_rows.tolist() == plan.data.find_dataset(None).test_rows.tolist()


def test_a_look_at_the_test_without_its_predictions_is_a_failure(
    tiny_study: Path, trainers: Path
) -> None:
    _, records = run(tiny_study, trainers, "number", evaluate_test="A1", seeds=1)
    failures = {record.failure.message for record in records if record.failure}
    assert failures == {
        "ValueError: the trainer saved no predictions of the test rows: save_predictions(test=)"
    }
