"""What a proposal says of where it comes from, and that a study keeps it."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from analysis.findings.evidence import gather_evidence
from analysis.proposal.round_plan import RoundPlan, plan_round
from analysis.rounds.origins import cite_file, describe_origin
from tests.analysis.conftest import MakeTrials
from trial_sets.origins.origin import Origin, OriginSource
from trial_sets.strict_json import check


@pytest.fixture
def plan(make_trials: MakeTrials) -> RoundPlan:
    """Return a round after trials in which more of x is better, and z does nothing."""
    xs = [x for x in (1.0, 2.0, 3.0, 4.0) for _ in range(8)]
    zs = [float(z) for _ in range(4) for z in (1, 2, 3, 4)] * 2
    metric = [x / 10 + (7 * n % 5) / 1000 for n, x in enumerate(xs)]
    frame = make_trials(metric=metric, name="score", params={"x": xs, "z": zs})
    return plan_round(gather_evidence(frame, rope=0.01))


def test_moves_are_kept_with_the_sets_that_test_them(plan: RoundPlan, tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    path.write_text("x,score\n1,2\n")
    origin = describe_origin(plan, [cite_file(str(path))])
    (source,) = origin.sources
    assert (source.file, source.run) == ("trials.csv", None)
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (origin.metric, origin.direction, origin.trials) == ("score", "maximize", 32)
    best = origin.champion
    assert (best.values["x"], best.control, best.configurations) == (4, "BASE", 16)
    assert best.score == pytest.approx(float(plan.evidence.merged["metric"].max()))
    (beyond,) = origin.list_moves("A")
    assert (beyond.rule, beyond.hyperparameter, beyond.is_established) == ("extend", "x", True)
    assert beyond.values == (5,)
    assert [move.rule for move in origin.list_moves("V")] == ["validate"]


def test_an_origin_is_written_and_read_again(plan: RoundPlan, tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    path.write_text("x,score\n1,2\n")
    origin = describe_origin(plan, [cite_file(str(path))])
    said = origin.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert check(Origin, json.loads(json.dumps(said)), "origin") == origin


def test_a_value_that_leads_beside_others_is_a_move_of_its_own(make_trials: MakeTrials) -> None:
    rng = np.random.default_rng(2)
    xs, zs = np.repeat([1.0, 2.0, 3.0], 24), np.tile([1.0, 2.0, 3.0, 4.0], 18)
    ws = np.tile(np.repeat([1.0, 2.0, 3.0], 8), 3)
    metric = xs / 10 + 0.03 * (ws == 2) + 0.002 * rng.normal(size=72)
    metric[(xs == 3) & (ws == 1) & (zs == 1)] += 0.1  # the best of all has another w
    kept = ~((xs == 3) & (zs == 1) & (ws == 2))
    params = {"x": xs[kept], "z": zs[kept], "w": ws[kept]}
    frame = make_trials(metric=metric[kept], name="score", params=params)
    plan = plan_round(gather_evidence(frame, rope=0.01))
    origin = describe_origin(plan, [OriginSource(file="trials.csv")])
    found = {m.set_name: (m.rule, m.hyperparameter, m.values) for m in origin.moves}
    assert found["B"] == ("lead", "w", (2,))
    assert [one.name for one in plan.sets] == ["A", "B", "V"]
