"""From which earlier fits a claim's error is expected."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import Run, read_run
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS, VarianceParts
from analysis.verdicts.expected_parts import REFERENCE, find_parts
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.claims.binding import BoundClaim, bind_claims

NOISE = {"A1": 0.3, "A2": 0.3, "A3": 2.0, "A4": 2.0}  # of each fit's own; the rest is common
EVEN = dict.fromkeys(NOISE, (0, 1, 2))


def make_run(folder: Path, seeds: Mapping[str, tuple[int, ...]], n_folds: int = 1) -> Run:
    rng = np.random.default_rng(4)
    labels = make_labels(rng)
    common = labels + rng.standard_normal(labels.size)
    claims = [claim("A1 beats A2", ["A1"], ["A2"]), claim("A3 beats A4", ["A3"], ["A4"])]
    study = make_study(folder / "tiny", claims, **({"folds": n_folds} if n_folds > 1 else {}))
    scores = {
        (name, seed): common + noise * rng.standard_normal(labels.size)
        for name, noise in NOISE.items()
        for seed in range(3)
    }
    held = {fit: one for fit, one in scores.items() if fit[1] in seeds.get(fit[0], ())}
    return read_run(write_run(folder / "outputs", study, labels, held, n_folds=n_folds))


def bind(run: Run) -> tuple[BoundClaim, BoundClaim]:
    quiet, loud = bind_claims(run.info.study)
    return quiet, loud


def expect(run: Run, bound: BoundClaim) -> tuple[VarianceParts, str]:
    found = find_parts([run], bound)
    assert found is not None
    return found.parts, found.source


def test_a_claims_own_trials_tell_its_error(tmp_path: Path) -> None:
    run = make_run(tmp_path, EVEN)
    (quiet, source), (loud, _) = (expect(run, one) for one in bind(run))
    assert source == f"that of the claim's own trials in {run.info.run}"
    assert loud.interaction > 5 * quiet.interaction


def test_without_two_of_its_own_all_trials_of_a_run_tell_it(tmp_path: Path) -> None:
    run = make_run(tmp_path, {name: EVEN[name] for name in ("A1", "A3", "A4")})
    quiet, loud = bind(run)
    (between, source), (most, _) = expect(run, quiet), expect(run, loud)
    assert source == f"that of all trials of {run.info.run}"
    assert 0 < between.interaction < most.interaction


def test_a_run_with_its_own_trials_comes_before_another(tmp_path: Path) -> None:
    other = make_run(tmp_path / "other", {name: EVEN[name] for name in ("A3", "A4")})
    run = make_run(tmp_path / "own", EVEN)
    quiet, _ = bind(run)
    assert find_parts([other, run], quiet) == find_parts([run], quiet)


def test_trials_with_fewer_seeds_are_compared_on_the_shared_ones(tmp_path: Path) -> None:
    staged = make_run(tmp_path / "staged", {**EVEN, "A2": (0, 1)})
    cut = make_run(tmp_path / "cut", {**EVEN, "A1": (0, 1), "A2": (0, 1)})
    quiet, _ = bind(staged)
    assert expect(staged, quiet) == expect(cut, quiet)


def test_a_trial_with_one_seed_does_not_cut_the_others_to_it(tmp_path: Path) -> None:
    run = make_run(tmp_path / "one", {**EVEN, "A2": (0,)})
    without = make_run(tmp_path / "none", {name: EVEN[name] for name in ("A1", "A3", "A4")})
    quiet, _ = bind(run)
    assert expect(run, quiet) == expect(without, quiet)  # its own say nothing of seeds


def test_one_seed_each_is_better_than_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path, dict.fromkeys(NOISE, (0,)))
    quiet, _ = bind(run)
    parts, source = expect(run, quiet)
    assert "the claim's own trials" in source
    assert parts.rows / parts.interaction == pytest.approx(
        REFERENCE_PARTS.rows / REFERENCE_PARTS.interaction
    )


def test_a_run_without_two_trials_tells_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path, {"A1": (0, 1, 2)})
    quiet, _ = bind(run)
    assert find_parts([run], quiet) is None
    assert find_parts([], quiet) is None


def test_one_period_says_nothing_of_what_periods_differ_by(tmp_path: Path) -> None:
    single, folded = make_run(tmp_path / "one", EVEN), make_run(tmp_path / "two", EVEN, 2)
    one, two = find_parts([single], bind(single)[0]), find_parts([folded], bind(folded)[0])
    assert one is not None
    assert two is not None
    told = ", from one period, so that what periods differ by is not in it"
    assert one.describe(7) == one.source + told
    assert one.describe(1) == one.source
    assert two.describe(7) == two.source
    assert REFERENCE.describe(7).endswith(told)
