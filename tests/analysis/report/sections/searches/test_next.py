import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis.report.sections.searches.next import render_search_next
from analysis.report.yardstick import Yardstick
from analysis.searches.reading import read_search
from analysis.searches.search import Search
from tests.analysis.searched import Told, write_search
from tests.analysis.synthetic import make_labels, make_study, write_run
from trial_sets.records.layout import RunLayout
from trial_sets.records.request import RunRequest

VALUES = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}


def make_search(
    tmp_path: Path,
    rng: np.random.Generator,
    seeds: tuple[int, ...],
    more: Sequence[Told] = (),
    sampler: str = "tpe",
) -> Search:
    study = make_study(tmp_path / "tiny", [], seeds=list(seeds))
    run = write_run(tmp_path / "outputs", study, make_labels(rng), {})
    path = run / "run.json"
    request = RunRequest(study="tiny", folder="../../..").model_dump(mode="json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "request": request}))
    told = [Told({**VALUES, "dropout": 0.1 + 0.01 * n}, 0.6 + 0.01 * n) for n in range(7)]
    write_search(run, [*told, *more], sampler=sampler)
    return read_search(RunLayout(run).of_search("tuned"))


def test_the_top_five_make_a_set(tmp_path: Path, rng: np.random.Generator) -> None:
    text = render_search_next(make_search(tmp_path, rng, (0, 1, 2)), Yardstick())
    (block,) = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    trials = json.loads(block)
    assert list(trials) == ["T1", "T2", "T3", "T4", "T5"]
    assert trials["T1"] == {**VALUES, "dropout": 0.16, "note": "trial-00006, 0.6600 in the search"}
    assert "with 3 seeds, beside the default" in text
    assert "`--trials 14`: the 7 trials count" in text
    assert "run_supplementary" not in text


def test_what_does_not_count_as_a_trial_is_not_counted(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    """As `--trials` counts: neither copies from elsewhere nor what could not be trained."""
    more = [
        Told({**VALUES, "dropout": 0.3}, 0.9, status="foreign", said={"foreign": "theirs"}),
        Told({**VALUES, "dropout": 0.4}, status="infeasible", said={"infeasible": "too large"}),
        Told({**VALUES, "dropout": 0.5}, status="running"),
    ]
    text = render_search_next(make_search(tmp_path, rng, (0, 1, 2), more), Yardstick())
    assert "`--trials 16`: the 8 trials count" in text


@pytest.mark.parametrize("sampler", ["grid", "manual"])
def test_what_ends_by_itself_has_no_more_trials(
    tmp_path: Path, rng: np.random.Generator, sampler: str
) -> None:
    text = render_search_next(make_search(tmp_path, rng, (0,), sampler=sampler), Yardstick())
    assert "go on with this search" not in text


@pytest.mark.parametrize(("seeds", "n"), [((0, 1, 2, 3), 3), ((0,), 1)])
def test_the_file_of_the_best_has_its_command(
    tmp_path: Path,
    rng: np.random.Generator,
    monkeypatch: pytest.MonkeyPatch,
    seeds: tuple[int, ...],
    n: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    search = make_search(Path(), rng, seeds)
    file = RunLayout(search.run.folder).of_search("tuned").best_file
    file.write_text("{}")
    text = render_search_next(search, Yardstick())
    place = file.relative_to(tmp_path) if file.is_absolute() else file
    assert f"`run_supplementary --trials {place} --seeds {n} --study tiny --epochs 18`" in text
    assert f"`run_supplementary --trials {place} --evaluate-test BEST1 --study tiny --ep" in text
    assert ("(the study has 1 seed: give it more)" in text) == (n == 1)


def test_what_the_best_values_hint_at_is_said(tmp_path: Path, rng: np.random.Generator) -> None:
    search = make_search(tmp_path, rng, (0, 1, 2))
    assert "By rule of thumb" not in render_search_next(search, Yardstick())
    best = max(search.scored, key=lambda trial: trial.score or 0.0)
    best.values["dropout"] = 0.55
    assert (
        f"By rule of thumb, of {best.name}: dropout=0.55 is high: overfitting is an issue"
    ) in render_search_next(search, Yardstick())
