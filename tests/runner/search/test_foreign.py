"""A search goes on from one of Optuna's, which is not touched."""

import json
from pathlib import Path

import optuna
import pytest
from optuna.storages import RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalStorage

from runner.search.foreign import read_foreign
from runner.search.opening import describe_foreign
from runner.search.planning import plan_search
from tests.runner.search.conftest import ask_for, run, space, tell
from trial_sets.errors import InputError
from trial_sets.opening import MIB
from trial_sets.task import Metric

LOSS = Metric(name="loss", direction="minimize")
X = space(x={"type": "float", "low": -5, "high": 5})


def objective(trial: optuna.Trial) -> float:
    x = trial.suggest_float("x", -10, 10)
    if trial.number == 3:
        raise optuna.TrialPruned
    return x * x - x + 1


def fill(storage: optuna.storages.BaseStorage, name: str = "theirs", n: int = 12) -> optuna.Study:
    study = optuna.create_study(
        storage=storage, study_name=name, sampler=optuna.samplers.RandomSampler(seed=1)
    )
    study.optimize(objective, n_trials=n)
    return study


def open_journal(path: Path) -> JournalStorage:
    return JournalStorage(JournalFileBackend(str(path)))


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.log"
    fill(open_journal(path))
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.db"
    storage = RDBStorage(f"sqlite:///{path}")
    fill(storage)
    storage.remove_session()
    storage.engine.dispose()
    return path


@pytest.mark.parametrize("kind", ["journal", "database"])
def test_what_lies_in_the_space_is_copied_and_the_file_stays_as_it_was(
    kind: str, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(kind)
    before = path.read_bytes()
    found = read_foreign(str(path), X, LOSS)
    assert path.read_bytes() == before
    assert len(found.copies) + found.n_left_out == 12
    assert found.n_left_out > 0
    assert "x=" in found.example
    for copy in found.copies:
        assert -5 <= copy.params["x"] <= 5
        if copy.state.name == "COMPLETE":
            assert copy.value == pytest.approx(copy.params["x"] ** 2 - copy.params["x"] + 1)
    number = found.copies[0].user_attrs["foreign"].rpartition(" ")[2]
    assert found.copies[0].user_attrs == {"foreign": f"{path.name}#theirs trial {number}"}


def test_own_trials_follow_those_that_were_copied(study: Path, journal: Path) -> None:
    asked = ask_for(study, sampler="tpe", trials=4, study_from=str(journal))
    plan = plan_search(asked)
    told = describe_foreign(plan)
    outcome = run(plan)
    n = len(outcome.foreign)
    assert told is not None
    assert told.startswith(f"The search goes on from {n} trials of {journal}; {12 - n} lie outside")
    assert [t.number for t in outcome.trials if t.counts] == list(range(n, n + 4))
    assert outcome.best is not None
    assert outcome.best.counts
    (plan.folder.journal).unlink()
    assert tell(run(asked)) == tell(outcome)  # written anew, the copies included
    plan.folder.journal.unlink()
    journal.unlink()
    again = run(asked)
    assert [t.values for t in again.trials if t.counts] == [
        t.values for t in outcome.trials if t.counts
    ]


def test_a_huge_file_is_refused_before_it_fills_the_disk(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.search.foreign.MOST_JOURNAL_BYTES", MIB)
    with journal.open("ab") as file:
        file.truncate(2 * MIB)
    with pytest.raises(InputError, match=r"theirs\.log: the file is larger than 1 MiB"):
        read_foreign(str(journal), X, LOSS)


def test_one_of_several_studies_has_to_be_named(journal: Path) -> None:
    fill(open_journal(journal), "second", n=2)
    with pytest.raises(InputError, match=r"holds 2 studies \(theirs and second\): name one"):
        read_foreign(str(journal), X, LOSS)
    with pytest.raises(InputError, match=r"no study 'secnd'; did you mean second"):
        read_foreign(f"{journal}#secnd", X, LOSS)
    assert (
        len(
            read_foreign(
                f"{journal}#second", space(x={"type": "float", "low": -10, "high": 10}), LOSS
            ).copies
        )
        == 2
    )


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"SQLite format 3\0 and no more", b"\x80\x04N."]
)
def test_what_is_no_storage_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "theirs"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"theirs: (no Optuna storage|holds no Optuna study)"):
        read_foreign(str(path), X, LOSS)
    with pytest.raises(InputError, match="nowhere: cannot be read: No such file"):
        read_foreign(str(tmp_path / "nowhere"), X, LOSS)


def test_a_study_of_another_direction_is_refused(journal: Path) -> None:
    with pytest.raises(InputError, match="is to minimize, and AUC is to maximize"):
        read_foreign(str(journal), X, Metric(name="auc", direction="maximize"))


def test_names_are_understood_as_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "rates.log"
    study = optuna.create_study(storage=open_journal(path))
    study.optimize(lambda trial: trial.suggest_float("lr", 1e-4, 1e-2, log=True), n_trials=3)
    rates = space(learning_rate={"type": "float", "low": 1e-4, "high": 1e-2, "log": True})
    copies = read_foreign(str(path), rates, LOSS).copies
    assert [list(copy.params) for copy in copies] == [["learning_rate"]] * 3
    json.dumps([copy.params for copy in copies])


def test_trials_that_another_program_adds_to_the_journal_are_not_the_searchs_own(
    study: Path,
) -> None:
    """One lies outside the space, one waits, one runs for ever: none is run or waited for."""
    asked = ask_for(study, sampler="tpe", trials=3)
    plan = plan_search(asked)
    run(plan)
    theirs = optuna.load_study(study_name="search", storage=open_journal(plan.folder.journal))
    theirs.enqueue_trial({"x": -9.0})
    theirs.optimize(objective, n_trials=2)
    theirs.ask({"x": optuna.distributions.FloatDistribution(-10, 10)})
    theirs.enqueue_trial({"x": 1.0})
    outcome = run(ask_for(study, sampler="tpe", trials=5))
    assert [t.number for t in outcome.trials if t.counts] == [0, 1, 2, 7, 8]
    assert {t.state for t in outcome.trials if t.counts} == {"complete"}
    assert len(outcome.foreign) == 4
    assert not plan.folder.fit("trial-00003", 1).exists()
