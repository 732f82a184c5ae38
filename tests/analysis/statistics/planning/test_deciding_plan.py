"""The cheapest plan that decides."""

import pytest

from analysis.statistics.planning.claim_power import ClaimTarget, predict_power
from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind
from analysis.statistics.planning.deciding_plan import DecidingPlan, find_deciding_plan
from analysis.statistics.planning.design import Design
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS

MEAN = ClaimShape(ShapeKind.MEAN, 1, 1)


def plan(n_folds: int, n_seeds: int) -> Design:
    return Design(n_folds, 422, n_seeds, n_trials=29, horizon_rows=1)


def search(*targets: ClaimTarget, max_folds: int = 12, max_seeds: int = 12) -> DecidingPlan | None:
    return find_deciding_plan(
        targets, REFERENCE_PARTS, plan=plan, cost=lambda k, s: 3.0 * k * s,
        max_folds=max_folds, max_seeds=max_seeds,
    )  # fmt: skip


@pytest.mark.parametrize("rope", [0.01, 0.02, 0.04])
def test_no_cheaper_plan_decides(rope: float) -> None:
    target = ClaimTarget(MEAN, rope, alpha=0.01)
    deciding = [
        3.0 * k * s
        for k in range(1, 13)
        for s in range(1, 13)
        if predict_power(target, REFERENCE_PARTS, plan(k, s)).decides()
    ]
    found = search(target)
    assert found is not None
    assert found.cost == min(deciding)
    assert found.cost == 3.0 * found.design.n_folds * found.design.n_seeds
    assert found.design.n_seeds > 1


def test_the_plan_decides_all_of_several_claims() -> None:
    easy, hard = ClaimTarget(MEAN, 0.03), ClaimTarget(MEAN, 0.012)
    alone, both = search(hard), search(easy, hard)
    assert alone is not None
    assert both is not None
    assert both.design == alone.design
    for target in (easy, hard):
        assert predict_power(target, REFERENCE_PARTS, both.design).decides()


def test_what_is_out_of_reach_has_no_plan() -> None:
    assert search(ClaimTarget(MEAN, 0.005, alpha=0.01)) is None
    assert search(ClaimTarget(MEAN, 0.05), max_seeds=1) is None
