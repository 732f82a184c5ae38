"""The forms of claims."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind


def test_squared_weights_and_parts() -> None:
    assert ClaimShape(ShapeKind.MEAN, 2, 4).squared_weights == 0.75
    assert ClaimShape(ShapeKind.EVERY, 2, 3).n_parts == 6
    assert ClaimShape(ShapeKind.ANY, 5, 1).squared_weights == 2
    rise = ClaimShape(ShapeKind.RISE, 4, trials_by_value=(1, 1, 1, 1))
    np.testing.assert_allclose(rise.rise_weights, np.array([-0.9, -0.3, 0.3, 0.9]))
    assert rise.squared_weights == pytest.approx(1.8)
    assert rise.n_parts == 3


def test_the_critical_value_is_that_of_dunnett() -> None:
    """Of four candidates against a control of the same size, two-sided at 5 %: 2.44."""
    assert ClaimShape(ShapeKind.ANY, 4, 1).find_critical(0.05) == pytest.approx(2.44, abs=0.005)
    alone = stats.norm.isf(0.025)
    assert ClaimShape(ShapeKind.ANY, 1, 1).find_critical(0.05) == pytest.approx(alone)
    assert ClaimShape(ShapeKind.EVERY, 2, 2).find_critical(0.05) == pytest.approx(alone)


def test_the_range_of_equal_trials_is_the_studentized_one() -> None:
    shape = ClaimShape(ShapeKind.EQUAL, 4)
    widths = np.array([-1.0, 1.0, 3.0])
    expected = [0, *stats.studentized_range.cdf(widths[1:], 4, 1e6)]
    assert shape.spans_less(widths) == pytest.approx(expected, abs=1e-4)


def test_draws_of_a_rise_have_its_variances() -> None:
    rise = ClaimShape(ShapeKind.RISE, 5, trials_by_value=(1, 2, 2))
    trends, steps = rise.draw_rises()
    assert trends.var() == pytest.approx(rise.squared_weights, rel=0.02)
    assert steps.var(axis=0) == pytest.approx([1.5, 1.0], rel=0.02)
    np.testing.assert_array_equal(rise.draw_rises()[0], trends)


@pytest.mark.parametrize(
    ("kind", "claiming", "references", "values"),
    [
        (ShapeKind.MEAN, 1, 0, ()),
        (ShapeKind.ANY, 2, 2, ()),
        (ShapeKind.EQUAL, 1, 0, ()),
        (ShapeKind.RISE, 3, 0, (1, 1)),
        (ShapeKind.RISE, 3, 0, (3,)),
    ],
)
def test_groups_that_do_not_fit_are_refused(
    kind: ShapeKind, claiming: int, references: int, values: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=rf"{kind}: got {claiming} claiming trials, .* that fit"):
        ClaimShape(kind, claiming, references, values)
