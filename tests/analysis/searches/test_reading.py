import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.searches.reading import find_search, name_alike, read_search
from analysis.searches.search import Search
from tests.analysis.searched import SPACE, Told, draw_trials, write_search
from tests.analysis.synthetic import BASE
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.records.record import Failure

A = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}
B = {"learning_rate": 1e-2, "batch_size": 32, "dropout": 0.2}
C = {"learning_rate": 1e-4, "batch_size": 128, "dropout": 0.3}


def mixed() -> list[Told]:
    """Return a trial of each state."""
    return [
        Told(A, 0.61, said={"default": True, "fit": "trial-00000"}),
        Told(B, 0.64, said={"fit": "trial-00001"}),
        Told(C, None, status="pruned", said={"fit": "trial-00002"}),
        Told(
            {**C, "dropout": 0.5},
            status="failed",
            failure=Failure(kind="diverged", message="loss is nan"),
            said={"fit": "trial-00003", "failure": "diverged"},
        ),
        Told(B, 0.64, status="repeated", said={"fit": "trial-00001"}),
        Told(
            {**A, "dropout": 0.6}, status="infeasible", said={"infeasible": "dropout is too high"}
        ),
        Told({**A, "dropout": 0.25}, 0.66, status="foreign", said={"foreign": "old.db#7"}),
        Told({**A, "dropout": 0.35}, status="running"),
        Told({**A, "dropout": 0.45}, 0.6, status="told", said={"fit": "trial-00008"}),
    ]


def read(run: Path, name: str = "tuned") -> Search:
    return read_search(RunLayout(run).of_search(name))


def test_every_trial_has_the_state_that_it_came_to(run: Path) -> None:
    write_search(run, mixed())
    search = read(run)
    assert [trial.state for trial in search.trials] == [
        "complete", "complete", "pruned", "failed", "repeated", "infeasible", "foreign", "running",
        "lost",
    ]  # fmt: skip
    assert [trial.number for trial in search.trials] == list(range(9))
    assert search.trials[1].values == B
    assert [trial.score for trial in search.trials] == [
        0.61, 0.64, None, None, 0.64, None, 0.66, None, None,
    ]  # fmt: skip
    assert search.trials[3].reason == "diverged: loss is nan"
    assert search.trials[5].reason == "dropout is too high"
    assert [t.name for t in search.scored] == ["trial-00000", "trial-00001"]
    assert [t.name for t in search.tries] == ["trial-00001"]
    assert search.best is search.trials[1]
    assert search.default is search.trials[0]
    assert "The storage says that trial-00008 ended" in search.run.notes[-1]
    assert [fit.record.name for fit in search.run.baselines] == ["baseline-logistic"]


@pytest.mark.parametrize("harm", ["gone", "garbage", "cut"])
def test_a_search_without_its_storage_is_told_by_the_records(run: Path, harm: str) -> None:
    """A journal that ends in half a line is read up to there."""
    trials = [Told(A, 0.61), Told(B, 0.64)]
    folder = write_search(run, trials, default={**A})
    journal = folder / "optuna.journal"
    if harm == "gone":
        journal.unlink()
    elif harm == "garbage":
        journal.write_text("nothing\nof the kind\n")
    else:
        journal.write_text(journal.read_text() + '{"op_code": 5, "tri')
    search = read(run)
    assert [trial.values for trial in search.trials] == [A, B]
    assert [trial.score for trial in search.trials] == [0.61, 0.64]
    assert len(search.run.notes) == 1
    assert (search.trials[0].is_default) == (harm != "cut")


def test_a_conditional_dimension_is_missing_where_it_does_not_vary(run: Path) -> None:
    content = SPACE.model_dump(exclude_unset=True)
    content["dimensions"]["dropout"]["when"] = {"batch_size": [32]}
    space = SPACE.model_validate_json(json.dumps(content))
    folder = write_search(run, [Told({"learning_rate": 1e-3, "batch_size": 64}, 0.6)], space=space)
    (folder / "optuna.journal").unlink()
    assert read(run).trials[0].values == {"learning_rate": 1e-3, "batch_size": 64}


def test_a_record_that_was_changed_is_left_out(run: Path) -> None:
    folder = write_search(run, [Told(A, 0.61), Told(B, 0.64)])
    path = folder / "trial-00001" / "seed-0" / "record.json"
    path.write_text(path.read_text().replace("0.64", "0.99"))
    search = read(run)
    assert [trial.state for trial in search.trials] == ["complete", "lost"]
    assert "not what was written" in search.run.notes[0]


def test_a_search_knows_its_folder(run: Path) -> None:
    folder = write_search(run, [Told(A, 0.61)])
    found = find_search(folder)
    assert found is not None
    assert found.report == folder / "report.md"
    assert find_search(run) is None
    assert find_search(folder / "trial-00000") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "other"}, "it is of the search other"),
        ({"run": "elsewhere"}, "it belongs to the run elsewhere"),
        ({"sampler": "magic"}, "sampler"),
    ],
)
def test_the_file_of_another_search_is_refused(
    run: Path, changes: dict[str, str], said: str
) -> None:
    path = write_search(run, [Told(A, 0.61)]) / "search.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(InputError, match=said):
        read(run)


def test_a_search_without_a_trial_is_refused(run: Path) -> None:
    write_search(run, [])
    with pytest.raises(InputError, match="holds no trial yet"):
        read(run)


def test_searches_that_found_the_same_name_each_other(
    run: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    write_search(run, [Told(A, 0.61), Told(B, 0.64)], name="one")
    write_search(run, [Told(B, 0.64), Told(C, 0.6)], name="two")
    write_search(run, draw_trials(rng, 2, labels), name="three", labels=labels)
    layouts = RunLayout(run).list_searches()
    for name, told in (("one", ("two",)), ("two", ("one",)), ("three", ())):
        others = [layout for layout in layouts if layout.search_name != name]
        assert name_alike(read(run, name), others).others == told


def test_what_does_not_vary_is_the_bases(run: Path) -> None:
    write_search(run, [Told(A, 0.61)], fixed={"epochs": BASE["epochs"]})
    assert read(run).info.fixed == {"epochs": 9}


def test_without_its_storage_the_default_comes_after_the_copies(run: Path) -> None:
    foreign = Told(B, 0.7, status="foreign", said={"foreign": "old.db#7"})
    folder = write_search(run, [foreign, Told(A, 0.61), Told(B, 0.64)], default={**A}, n_foreign=1)
    (folder / "optuna.journal").unlink()
    assert [trial.is_default for trial in read(run).trials] == [True, False]


def test_what_another_program_has_told_the_storage_is_foreign(run: Path) -> None:
    """Every trial of the search names its fit, and such a one does not."""
    write_search(run, [Told(A, 0.61), Told(B, 0.9, status="foreign")])
    assert [trial.state for trial in read(run).trials] == ["complete", "foreign"]
