"""Studies of other people's Optuna files: whatever they declare, every value lies inside it."""

from collections.abc import Callable
from pathlib import Path

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from analysis.findings.evidence import gather_evidence
from analysis.proposal.round_plan import plan_round
from analysis.proposal.study_files import draft_round
from analysis.readers.sources import read_trials
from trial_sets.configuration import FreeConfiguration
from trial_sets.loading.study_folder import load_study
from trial_sets.writing.study_draft import assemble_draft, write_draft

N_TRIALS = 60


def _mixed(trial: optuna.Trial) -> float:
    kind = trial.suggest_categorical("optimizer", ["adam", "sgd", "rmsprop"])
    lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
    layers = trial.suggest_int("layers", 1, 9, step=2)
    best = {"adam": 0.0, "sgd": 0.4, "rmsprop": 0.5}[kind]
    return best + abs(layers - 5) / 10 + abs(lr - 1e-3)


def _conditional(trial: optuna.Trial) -> float:
    kind = trial.suggest_categorical("optimizer", ["adam", "sgd"])
    lost = 0.0
    if kind == "sgd":
        lost = abs(trial.suggest_float("momentum", 0.0, 0.99) - 0.9)
    rate = trial.suggest_float("rate", 1e-4, 1e-1, log=True)
    return (0.5 if kind == "sgd" else 1.0) + lost + abs(rate - 1e-2)


def _constant(trial: optuna.Trial) -> float:
    seed = trial.suggest_int("width", 64, 64)
    drop = trial.suggest_float("dropout", 0.0, 0.5, step=0.05)
    flag = trial.suggest_categorical("bias", [True, False])
    return abs(drop - 0.2) + (0.3 if flag else 0.0) + 0 * seed


def _whole(trial: optuna.Trial) -> float:
    units = trial.suggest_int("units", 8, 512, log=True)
    batch = trial.suggest_categorical("batch_size", [16, 32, 64, 128])
    lr = trial.suggest_float("lr", 1e-4, 1e-2, log=True)
    return abs(units - 64) / 512 + abs(batch - 64) / 128 + abs(lr - 1e-3)


def _narrow(trial: optuna.Trial) -> float:
    depth = trial.suggest_int("model.depth", 2, 4)
    share = trial.suggest_float("share", 0.5, 1.0)
    text = trial.suggest_categorical("act", ["relu", None, "gelu"])
    return depth / 4 - share + (0.2 if text is None else 0.0)


def _inactive(trial: optuna.Trial) -> float:
    """The best has no momentum, which the study has to name all the same."""
    return _conditional(trial) + (2.0 if "momentum" in trial.params else 0.0)


STUDIES = [_mixed, _conditional, _constant, _whole, _narrow, _inactive]


@pytest.mark.parametrize("objective", STUDIES, ids=lambda one: one.__name__.strip("_"))
def test_every_value_lies_inside_its_distribution(
    objective: Callable[[optuna.Trial], float], tmp_path: Path
) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    file = tmp_path / "study.log"
    storage = JournalStorage(JournalFileBackend(str(file)))
    sampler = optuna.samplers.RandomSampler(seed=0)
    made = optuna.create_study(storage=storage, sampler=sampler, direction="minimize")
    made.optimize(objective, n_trials=N_TRIALS)
    frame = read_trials([file])
    plan, draft = draft_round(plan_round(gather_evidence(frame)), "next", file.name)
    study, remarks = assemble_draft("next", draft)
    assert remarks == ()
    assert plan.moves
    write_draft(tmp_path / "next", draft)
    assert load_study(tmp_path / "next") == study
    for trial in study.trials():
        assert isinstance(trial.configuration, FreeConfiguration)
        for name, value in trial.configuration.parameters.items():
            _check_inside(made, name, value)


def _check_inside(study: optuna.Study, name: str, value: object) -> None:
    found = [t.distributions[name] for t in study.trials if name in t.distributions]
    distribution = found[0]
    said = None if value == "None" else value
    assert distribution._contains(distribution.to_internal_repr(said)), (name, value)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["optuna_journal.log", "optuna_study.db", "optuna_trials.csv"])
def test_files_of_the_field_give_studies_that_pass_the_linter(shared_data: Path, name: str) -> None:
    frame = read_trials([shared_data / "hpo" / name])
    _, draft = draft_round(plan_round(gather_evidence(frame)), "next", name)
    assert assemble_draft("next", draft)[1] == ()
