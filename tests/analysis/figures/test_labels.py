import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.labels import clean_text, measure_width, spread
from tests.analysis.figures.conftest import HOSTILE


@pytest.mark.parametrize("name", HOSTILE)
def test_clean_text_is_one_short_printable_line(name: str) -> None:
    text = clean_text(name, 24)
    assert text.isprintable()
    assert 0 < len(text) <= 24


def test_long_names_that_differ_at_the_end_stay_apart() -> None:
    assert clean_text(HOSTILE[-1]) != clean_text(HOSTILE[-2])


def test_characters_that_the_font_lacks_are_marked() -> None:
    assert clean_text("学習率 lr") == "??? lr"


def test_a_text_is_as_wide_as_its_longest_line() -> None:
    assert measure_width("wide line\nn") == measure_width("wide line")
    assert measure_width("wide line", 16) == pytest.approx(
        2 * measure_width("wide line", 8), rel=0.05
    )


def test_labels_with_room_stay_where_they_are() -> None:
    np.testing.assert_allclose(spread([0.9, 0.1, 0.5], 0.1), [0.9, 0.1, 0.5])


@given(st.lists(st.floats(-1, 2), min_size=1, max_size=12), st.floats(0.01, 0.3))
def test_spread_labels_keep_their_order_their_gap_and_the_axis(
    positions: list[float], gap: float
) -> None:
    placed = spread(positions, gap)
    ranked = placed[np.argsort(positions, kind="stable")]
    reachable = min(gap, 1 / max(len(positions) - 1, 1))
    assert (np.diff(ranked) >= reachable - 1e-9).all()
    assert ranked[0] >= -1e-9
    assert ranked[-1] <= 1 + 1e-9
