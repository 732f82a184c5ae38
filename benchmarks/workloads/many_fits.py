"""A study of many trials whose fits have left records already, without any training."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.planning.plan import Plan, PlannedFit
    from runner.planning.request import Request

SEEDS_A_TRIAL = 5
MOST_IN_A_SET = 10_000
EPOCHS = 10
TRAINER = "def train(configuration, data, context):\n    return {'val_loss': 0.5}\n"
PARAMETERS = {
    "learning_rate": {"type": "float", "low": 1e-6, "high": 1.0, "log": True},
    "dropout": {"type": "float", "low": 0.0, "high": 1.0},
    "width": {"type": "int", "low": 1, "high": 1024},
    "epochs": {"type": "int", "low": 1, "high": 100},
}


def write_large_study(folder: Path, n_trials: int) -> Path:
    """Write a study of so many distinct trials and a trainer beside it; return its folder.

    Parameters
    ----------
    folder
        Where the study's folder goes.
    n_trials
        At most 40,000; a set holds 10,000.
    """
    study = folder / "large"
    study.mkdir(parents=True)
    head = {
        "title": "Large", "task": "none", "metric": {"name": "loss", "direction": "minimize"},
        "rope": 0.01, "seeds": list(range(SEEDS_A_TRIAL)), "parameters": PARAMETERS,
        "base": {"learning_rate": 1e-3, "dropout": 0.0, "width": 8, "epochs": EPOCHS},
        "controls": {"BASE": {}},
    }  # fmt: skip
    (study / "study.json").write_text(json.dumps(head))
    trials = list(islice(_list_trials(), n_trials))
    for number, start in enumerate(range(0, n_trials, MOST_IN_A_SET)):
        chosen = enumerate(trials[start : start + MOST_IN_A_SET], start=start + 1)
        named = {f"T{place}": trial for place, trial in chosen}
        first, second = list(named)[:2]
        claims = [{"better": [second], "than": [first]}]
        content = {"title": "Some", "control": "BASE", "trials": named, "expectations": claims}
        (study / f"{'ABCD'[number]}.json").write_text(json.dumps(content))
    (study.parent / "trainer.py").write_text(TRAINER)
    return study


def _list_trials() -> Iterator[dict[str, float]]:
    """Yield distinct trials, none of which is the base."""
    rates = [10 ** (-5 + place / 25) for place in range(100)]
    dropouts = [place / 20 for place in range(1, 20)] + [0.97]
    for width, dropout, rate in product(range(16, 336, 16), dropouts, rates):
        yield {"learning_rate": rate, "dropout": dropout, "width": width}


def ask_all(study: Path) -> "Request":
    """Return what asks for every fit of such a study."""
    from runner.planning.request import Request  # noqa: PLC0415 - so that --help answers at once

    return Request(
        study=str(study),
        sets=("all",),
        seeds=SEEDS_A_TRIAL,
        output=study.parent / "outputs",
        device="cpu",
        baselines=False,
        trainer=f"{study.parent / 'trainer.py'}:train",
    )


def list_options(study: Path) -> list[str]:
    """Return the options by which ``run_supplementary`` asks for the same."""
    return [
        *("--study", str(study), "--set", "all", "--seeds", str(SEEDS_A_TRIAL)),
        *("--trainer", f"{study.parent / 'trainer.py'}:train"),
        *("--output", str(study.parent / "outputs"), "--device", "cpu", "--no-baselines"),
    ]


def file_records(plan: "Plan", fits: "Sequence[PlannedFit]") -> None:
    """Leave run.json and a record of some fits, as a batch of an instant trainer does."""
    from runner.batch.ran import Ran  # noqa: PLC0415 - so that --help answers at once
    from runner.batch.recording import Outcome, Recorder, Subject, Training  # noqa: PLC0415
    from trial_sets.records.record import EpochPoint  # noqa: PLC0415

    plan.folder.write_run_info(plan.info)
    versions = {"python": "3.11.0", "numpy": "2.0.0"}
    metric = plan.info.study.metric
    recorder = Recorder(plan.folder, plan.data.find_dataset, versions, metric=metric)
    losses = _tell_losses()
    curve = tuple(
        EpochPoint(epoch=epoch, train_loss=loss, val_loss=None, val_metric=loss, seconds=0.125)
        for epoch, loss in losses.items()
    )
    training = Training(curve, selected_epoch=EPOCHS, stop_reason="epochs", seconds=1.25)
    outcome = Outcome(metrics={metric.key(): losses[EPOCHS]}, training=training)
    started = datetime.now(UTC)
    for planned in fits:
        recorder.file(Subject.of_fit(planned.fit), outcome, Ran("cpu"), started)


def _tell_losses() -> Mapping[int, float]:
    return {epoch: 0.5 + 1 / (3 * epoch) for epoch in range(1, EPOCHS + 1)}
