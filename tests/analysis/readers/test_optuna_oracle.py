"""Optuna itself writes storages, and they read as Optuna reads them."""

from pathlib import Path
from typing import Any

import pytest

from analysis.frames.frame import TrialFrame
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from trial_sets.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def optuna() -> Any:
    import optuna  # noqa: PLC0415 - a second that only these tests need

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def fill(optuna: Any, study: Any) -> None:
    def objective(trial: Any) -> float:
        lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        depth = trial.suggest_int("depth", 1, 4)
        choice = trial.suggest_categorical("choice", ["a", None, True, 2.5])
        if choice == "a":
            trial.suggest_float("inner", 0, 1)
        trial.set_user_attr("epochs_run", depth)
        trial.report(lr, 1)
        if trial.number % 4 == 1:
            raise optuna.TrialPruned
        if trial.number % 4 == 2:
            return float("nan")
        return float(lr * depth)

    study.enqueue_trial({"lr": 1e-3})
    study.optimize(objective, n_trials=8)


def check(frame: TrialFrame, study: Any) -> None:
    states = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}
    for row, trial in zip(frame.rows.to_dict("records"), study.trials, strict=True):
        assert states[row["state"]] == trial.state.name
        assert row["lr"] == pytest.approx(trial.params["lr"])
        assert row["depth"] == trial.params["depth"]
        assert row["choice"] == str(trial.params["choice"])
        assert row["epochs_run"] == trial.user_attrs["epochs_run"]
    metric = frame.sign * frame.finished["metric"]
    assert frame.sign * metric.max() == pytest.approx(study.best_value)
    assert frame.direction == study.direction.name.lower()


@pytest.mark.parametrize(("kind", "direction"), [("sqlite", "minimize"), ("journal", "maximize")])
def test_a_storage_reads_as_optuna_reads_it(
    optuna: Any, tmp_path: Path, kind: str, direction: str
) -> None:
    path = tmp_path / "store"
    storages = optuna.storages
    storage = f"sqlite:///{path}"
    if kind == "journal":
        storage = storages.JournalStorage(storages.journal.JournalFileBackend(str(path)))
    sampler = optuna.samplers.RandomSampler(seed=1)
    study = optuna.create_study(storage=storage, direction=direction, sampler=sampler)
    fill(optuna, study)
    frame = read_trials([path])
    check(frame, study)
    assert frame.spaces["lr"].is_log


def test_an_export_reads_as_its_study(optuna: Any, tmp_path: Path) -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    path = tmp_path / "trials.csv"
    fill(optuna, study)
    study.trials_dataframe().to_csv(path)
    frame = read_trials([path], ReadOptions(direction="minimize"))
    assert frame.params == ("choice", "depth", "inner", "lr")
    assert frame.finished["metric"].min() == pytest.approx(study.best_value)
    assert frame.rows["duration_s"].notna().all()


@pytest.mark.parametrize("kind", ["sqlite", "journal"])
def test_several_objectives_are_read_as_optuna_names_them(
    optuna: Any, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "store"
    storage = f"sqlite:///{path}"
    if kind == "journal":
        storage = optuna.storages.JournalStorage(
            optuna.storages.journal.JournalFileBackend(str(path))
        )
    sampler = optuna.samplers.RandomSampler(seed=1)
    directions = ["maximize", "minimize"]
    study = optuna.create_study(storage=storage, directions=directions, sampler=sampler)
    study.set_metric_names(["acc", "cost"])
    study.optimize(
        lambda t: (t.suggest_int("n", 1, 9, step=2), t.suggest_categorical("w", [8, 16])),
        n_trials=6,
    )
    with pytest.raises(InputError, match="2 objectives; name one of acc and cost with --metric"):
        read_trials([path])
    for number, (name, direction) in enumerate(zip(("acc", "cost"), directions, strict=True)):
        for asked in (name, f"values_{number}"):
            frame = read_trials([path], ReadOptions(metric_column=asked))
            assert (frame.metric, frame.direction) == (name, direction)
            assert list(frame.rows["metric"]) == [t.values[number] for t in study.trials]
            assert f"Of 2 objectives this is {name}" in frame.assumptions[0]
    assert (frame.spaces["n"].low, frame.spaces["n"].high, frame.spaces["n"].step) == (1, 9, 2)
    assert frame.spaces["w"].choices == (8, 16)
    export = tmp_path / "trials.csv"
    study.trials_dataframe().to_csv(export, index=False)
    with pytest.raises(InputError, match="several objectives, values_acc and values_cost"):
        read_trials([export])
