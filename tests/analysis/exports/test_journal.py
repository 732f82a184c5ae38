"""An exported storage is one that Optuna opens and goes on from, and is read back as it was."""

import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from analysis.exports.exported import Exported, FitTrace, export_frame, export_run, export_search
from analysis.exports.journal import write_journal
from analysis.frames.frame import STANDARD, Space, TrialFrame, make_frame
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_reports, read_trials
from analysis.runs.run import read_run
from analysis.runs.run_frame import frame_run
from analysis.searches.reading import read_search
from tests.analysis.searched import Told, open_journal, write_search
from tests.analysis.synthetic import make_labels, make_study, write_run
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.records.record import Failure

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield


def save(what: Exported, path: Path) -> tuple[str, ...]:
    lines, said = write_journal(what, NOW)
    path.write_bytes(b"".join(lines))
    return said


def load(path: Path) -> optuna.Study:
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(path)))
    (name,) = optuna.get_all_study_names(storage)
    return optuna.load_study(study_name=name, storage=storage)


def compare(before: TrialFrame, after: TrialFrame, *aside: str) -> None:
    """Hold two frames' tables against each other, the rows of trials alone."""
    assert (after.metric, after.direction, after.params) == (
        before.metric, before.direction, before.params,
    )  # fmt: skip
    columns = [n for n in (*STANDARD, *before.params) if n not in {"file", "loss_rise", *aside}]
    left = before.rows[before.rows[list(before.params)].notna().any(axis=1)]
    pd.testing.assert_frame_equal(
        left[columns].drop(columns="configuration").reset_index(drop=True),
        after.rows[columns].drop(columns="configuration"),
    )


@pytest.fixture
def run(tmp_path: Path, rng: np.random.Generator) -> Path:
    study = make_study(tmp_path / "tiny", [])
    labels = make_labels(rng)
    scores: dict[tuple[str, int], Any] = {
        (name, seed): labels + rng.normal(size=len(labels))
        for name in ("A1", "A2", "K")
        for seed in (0, 1)
    }
    scores |= {("A3", 0): Failure(kind="error", message="no"), ("logistic", 0): 0.8}
    return write_run(tmp_path / "outputs", study, labels, scores)


def test_a_run_is_read_back_as_it_was(run: Path, tmp_path: Path) -> None:
    found = read_run(run)
    frame = frame_run(found)
    said = save(export_run(found, frame), tmp_path / "a.journal")
    compare(frame, read_trials([tmp_path / "a.journal"]))
    assert any("1 fit without hyperparameters" in sentence for sentence in said)


def test_a_trial_of_a_run_keeps_curve_times_and_attributes(run: Path, tmp_path: Path) -> None:
    found = read_run(run)
    save(export_run(found, frame_run(found)), tmp_path / "a.journal")
    study = load(tmp_path / "a.journal")
    assert study.direction.name == "MAXIMIZE"
    assert study.metric_names == ["val_auc"]
    (baseline,) = study.user_attrs["baselines"]
    assert (baseline["trial"], baseline["value"]) == ("baseline-logistic", 0.8)
    assert [trial.state for trial in study.trials].count(TrialState.FAIL) == 1
    first = study.trials[0]
    record = found.fits[0].record
    assert first.value == record.score
    assert first.intermediate_values == {p.epoch: p.val_metric for p in record.curve}
    assert first.duration is not None
    assert first.duration.total_seconds() == 60
    assert first.user_attrs["seed"] == 0
    assert first.user_attrs["names"] == ["A1"]
    assert first.user_attrs["run"] == run.name
    failed = next(trial for trial in study.trials if trial.state == TrialState.FAIL)
    assert failed.user_attrs["failure"] == "error: no"


def test_a_searchs_space_is_kept_and_read_back(run: Path, tmp_path: Path) -> None:
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.2}
    write_search(
        run,
        [
            Told(values, 0.6),
            Told({**values, "batch_size": 32}, 0.7),
            Told({**values, "dropout": 0.3}, status="pruned"),
        ],
    )
    search = read_search(RunLayout(run).of_search("tuned"))
    what = export_search(search)
    said = save(what, tmp_path / "a.journal")
    assert not any("observed" in sentence for sentence in said)
    study = load(tmp_path / "a.journal")
    assert study.trials[0].distributions == {
        "learning_rate": FloatDistribution(1e-5, 1e-1, log=True),
        "batch_size": CategoricalDistribution((32, 64, 128)),
        "dropout": FloatDistribution(0.0, 0.6),
    }
    assert study.trials[2].state == TrialState.PRUNED
    after = read_trials([tmp_path / "a.journal"])
    compare(what.frame, after)
    assert after.spaces == what.frame.spaces


def make_wild(path: Path) -> Path:
    """Write a study with categorical, conditional, log, step and constant parameters."""
    with open_journal(path, "wild", "minimize") as study:

        def objective(trial: optuna.Trial) -> float:
            rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
            width = trial.suggest_int("width", 16, 128, step=16)
            trial.suggest_int("depth", 1, 64, log=True)
            trial.suggest_categorical("flag", [True, False])
            trial.suggest_categorical("act", ["relu", None, 0.1, 3])
            trial.suggest_float("share", 0.1, 0.9, step=0.2)
            trial.suggest_float("fixed", 0.5, 0.5)
            kind = trial.suggest_categorical("kind", ["adam", "sgd"])
            momentum = trial.suggest_float("momentum", 0.0, 0.99) if kind == "sgd" else 0.0
            trial.suggest_categorical("heads", [1, 2, 4])
            trial.set_user_attr("author", "somebody")
            for step in range(3):
                trial.report(width / (step + 1), step)
            if trial.number % 7 == 6:
                raise optuna.TrialPruned
            return float(np.log(rate) ** 2 + width / 100 + momentum)

        study.sampler = optuna.samplers.RandomSampler(seed=0)
        study.optimize(objective, n_trials=30)
    return path


@pytest.mark.parametrize("form", ["journal", "sqlite"])
def test_the_reports_of_an_optuna_study_are_kept(form: str, tmp_path: Path) -> None:
    before = make_wild(tmp_path / "before.journal")
    old, source = load(before), before
    if form == "sqlite":
        source = tmp_path / "before.db"
        optuna.copy_study(
            from_study_name="wild", from_storage=old._storage, to_storage=f"sqlite:///{source}"
        )
    frame = read_trials([source])
    reports = read_reports(str(source), ReadOptions())
    save(export_frame(frame, "wild", reports), tmp_path / "after.journal")
    new = load(tmp_path / "after.journal")
    assert [trial.intermediate_values for trial in new.trials] == [
        trial.intermediate_values for trial in old.trials
    ]
    assert len(new.trials[0].intermediate_values) == 3
    again = read_reports(str(tmp_path / "after.journal"), ReadOptions())
    assert again == reports


def test_all_kinds_of_distributions_come_back(tmp_path: Path) -> None:
    before = make_wild(tmp_path / "before.journal")
    frame = read_trials([before])
    save(export_frame(frame, "wild"), tmp_path / "after.journal")
    old, new = load(before), load(tmp_path / "after.journal")
    assert [trial.params for trial in new.trials] == [trial.params for trial in old.trials]
    assert [t.distributions for t in new.trials] == [t.distributions for t in old.trials]
    assert [trial.values for trial in new.trials] == [trial.values for trial in old.trials]
    assert [trial.datetime_start for trial in new.trials] == [
        trial.datetime_start for trial in old.trials
    ]
    assert new.trials[0].user_attrs["author"] == "somebody"
    compare(frame, read_trials([tmp_path / "after.journal"]))


def test_tpe_goes_on_from_an_export(tmp_path: Path) -> None:
    """It proposes what it would have proposed after the trials themselves."""
    frame = read_trials([make_wild(tmp_path / "before.journal")])
    save(export_frame(frame, "wild"), tmp_path / "after.journal")

    def propose(path: Path) -> dict[str, Any]:
        study = load(path)
        study.sampler = optuna.samplers.TPESampler(seed=3, n_startup_trials=5)
        trial = study.ask()
        trial.suggest_float("rate", 1e-5, 1e-1, log=True)
        trial.suggest_int("width", 16, 128, step=16)
        trial.suggest_categorical("kind", ["adam", "sgd"])
        return trial.params

    assert propose(tmp_path / "after.journal") == propose(tmp_path / "before.journal")


def test_states_that_optuna_lacks_are_said_beside() -> None:
    rows = pd.DataFrame(
        {
            "metric": [0.5, np.nan, np.inf, 0.1, np.nan],
            "state": ["complete", "complete", "complete", "running", "incomplete"],
            "x": [1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    frame = make_frame(rows, ["x"], metric="loss", direction="minimize")
    lines, said = write_journal(Exported("n", frame, (FitTrace(),) * 5), NOW)
    trials = [line for line in map(json.loads, lines) if line["op_code"] == 4]
    assert [line["state"] for line in trials] == [1, 3, 1, 0, 3]
    assert [line["value"] for line in trials] == [0.5, None, np.inf, None, None]
    assert "recorded_state" not in trials[0]["user_attrs"]
    assert trials[4]["user_attrs"]["recorded_state"] == "incomplete"
    assert trials[0]["datetime_complete"] == "2026-02-01T12:00:00.000000+00:00"
    assert "datetime_complete" not in trials[3]
    assert any("no time is known" in sentence for sentence in said)


def test_results_without_a_hyperparameter_are_refused() -> None:
    frame = make_frame(pd.DataFrame({"metric": [0.5]}), [], metric="auc", direction="maximize")
    with pytest.raises(InputError, match="no trial sets a hyperparameter"):
        write_journal(Exported("n", frame, (FitTrace(),)), NOW)


def make_trials(values: list[Any], space: Space | None = None, name: str = "x") -> TrialFrame:
    rows = pd.DataFrame({"metric": np.arange(len(values)) / 10, name: values})
    spaces = {} if space is None else {name: space}
    return make_frame(rows, [name], metric="auc", direction="maximize", spaces=spaces)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (make_trials([0.1, 0.4]), FloatDistribution(0.1, 0.4)),
        (make_trials([8, 64]), IntDistribution(8, 64)),
        (make_trials([1e-4, 1e-2], name="learning_rate"), FloatDistribution(1e-4, 1e-2, log=True)),
        (make_trials([0.0, 1e-2, 1.0], name="l2"), FloatDistribution(0.0, 1.0)),
        (make_trials(["b", "a", "b"]), CategoricalDistribution(("b", "a"))),
        (make_trials([True, False]), CategoricalDistribution((True, False))),
        (make_trials([0.3, 0.3]), FloatDistribution(0.3, 0.3)),
        (make_trials([0.5, 2.0], Space(0.0, 1.0, is_log=False)), FloatDistribution(0.0, 2.0)),
        (make_trials([1, 2], Space(1, 8, is_log=False, step=1.0)), IntDistribution(1, 8)),
        (
            make_trials([0.1, 0.15], Space(0.1, 0.5, is_log=False, step=0.2)),
            FloatDistribution(0.1, 0.5),
        ),
        (
            make_trials([0.1, 0.3], Space(0.1, 0.6, is_log=False, step=0.2)),
            FloatDistribution(0.1, 0.5, step=0.2),
        ),
        (
            make_trials([2.0, 3.0], Space(2, 4, is_log=False, choices=(2.0, 4.0))),
            CategoricalDistribution((2, 4, 3)),
        ),
        (make_trials([2.0, 3.0], Space(-np.inf, 9, is_log=False)), IntDistribution(2, 9)),
    ],
)
def test_a_range_is_the_declared_one_or_what_was_observed(
    frame: TrialFrame, expected: optuna.distributions.BaseDistribution
) -> None:
    lines, _ = write_journal(Exported("n", frame, (FitTrace(),) * len(frame.rows)), NOW)
    (name,) = frame.params
    (text,) = {
        line["distributions"][name] for line in map(json.loads, lines) if line["op_code"] == 4
    }
    assert optuna.distributions.json_to_distribution(text) == expected


@pytest.mark.parametrize(
    "names",
    [
        ["hpo/optuna_journal.log"],
        ["hpo/optuna_study.db"],
        ["hpo/optuna_trials.csv"],
        ["first_round/a50_2m.json", "first_round/a50_20m.json", "first_round/a50_200m.json"],
    ],
)
def test_real_results_come_back_and_tpe_goes_on(
    names: list[str], shared_data: Path, tmp_path: Path
) -> None:
    frame = read_trials([shared_data / name for name in names])
    save(export_frame(frame, "real"), tmp_path / "a.journal")
    # Names that repeat from file to file tell no trial, and its number takes their place.
    compare(frame, read_trials([tmp_path / "a.journal"]), *(["trial"] if names[1:] else []))
    study = load(tmp_path / "a.journal")
    assert [trial.user_attrs["trial"] for trial in study.trials] == frame.rows["trial"].tolist()
    study.sampler = optuna.samplers.TPESampler(seed=0)
    found = study.ask(study.trials[0].distributions)
    assert set(found.params) == set(study.trials[0].params)
