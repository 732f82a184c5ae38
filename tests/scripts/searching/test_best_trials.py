"""The file of a search's best trials is one that the other command reads."""

from pathlib import Path

from scripts.searching.best_trials import write_best_trials
from tests.scripts.searching.test_result_tables import line, make
from trial_sets.loading.trial_file import load_trials


def test_the_best_and_the_base_are_one_set(tiny_study: Path, tmp_path: Path) -> None:
    summary = make(
        line(0, score=0.6, is_default=True, values={"dropout": 0.1}),
        *(line(n, score=0.9 - n / 100, values={"dropout": n / 10}) for n in range(2, 8)),
        best=(2, 3, 4, 5, 6, 7, 0),
        default=0,
    )
    path = tmp_path / "best.json"
    assert write_best_trials(summary, path)
    study = load_trials(str(path), tiny_study)
    (trial_set,) = study.sets
    found = {trial.name: trial.configuration.settings["dropout"] for trial in trial_set.trials}
    assert found == {
        **{"BEST1": 0.2, "BEST2": 0.3, "BEST3": 0.4, "BEST4": 0.5, "BEST5": 0.6},
        "BEST0": 0.1,
    }
    assert trial_set.trials[-1].note == "trial-00000 of search s, the base"


def test_without_a_best_trial_there_is_no_file(tmp_path: Path) -> None:
    assert not write_best_trials(make(line(0, "failed")), tmp_path / "best.json")
    assert not (tmp_path / "best.json").exists()
