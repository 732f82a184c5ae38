import numpy as np
import pandas as pd
import pytest

from models.data.labelling.labels import UNKNOWN
from models.data.labelling.rules import LabelRule
from models.errors import DataError

HIGH = np.array([10.0, 10.1, 10.4, 10.0, 9.9])
LOW = np.array([9.9, 9.8, 10.0, 9.5, 9.0])
CLOSE = np.array([10.0, 10.0, 10.2, 9.8, 9.5])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Next highs 10.1, 10.4, 10.0, 9.9 against 10.1, 10.1, 10.302, 9.898: the first touches.
        (LabelRule(0.01, 1, "up"), [1, 1, 0, 1, UNKNOWN]),
        (LabelRule(0.02, 1, "up"), [0, 1, 0, 0, UNKNOWN]),
        (LabelRule(0.02, 2, "up"), [1, 1, 0, UNKNOWN, UNKNOWN]),
        # Next lows 9.8, 10.0, 9.5, 9.0 against 9.8, 9.8, 9.996, 9.604.
        (LabelRule(0.02, 1, "down"), [1, 0, 1, 1, UNKNOWN]),
        (LabelRule(0.04, 3, "down"), [1, 1, UNKNOWN, UNKNOWN, UNKNOWN]),
        (LabelRule(0.01, 9, "up"), [UNKNOWN] * 5),
        (LabelRule(0.0, 1, "up"), [1, 1, 0, 1, UNKNOWN]),
    ],
)
def test_labels_agree_with_those_counted_by_hand(rule: LabelRule, expected: list[int]) -> None:
    labels = rule.label_rows(HIGH, LOW, CLOSE)
    assert labels.dtype == np.int8
    assert labels.tolist() == expected


@pytest.mark.parametrize("horizon", [1, 2, 7])
def test_labels_agree_with_a_plain_loop(prices: pd.DataFrame, horizon: int) -> None:
    high, low, close = (prices[name].to_numpy() for name in ("high", "low", "close"))
    rows = range(len(close) - horizon)
    up = [max(high[t + 1 : t + 1 + horizon]) >= close[t] * 1.01 for t in rows]
    down = [min(low[t + 1 : t + 1 + horizon]) <= close[t] * 0.99 for t in rows]
    assert LabelRule(0.01, horizon, "up").label_rows(high, low, close)[:-horizon].tolist() == up
    assert LabelRule(0.01, horizon, "down").label_rows(high, low, close)[:-horizon].tolist() == down


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"threshold": 1}, "label threshold: found 1; expected a share .* such as 0.01 for 1 %"),
        ({"threshold": -0.01}, "label threshold: found -0.01"),
        ({"threshold": float("nan")}, "label threshold: found nan"),
        ({"horizon": 0}, "label horizon: found 0; expected 1 row or more"),
        ({"direction": "dwon"}, r"found 'dwon'; expected up or down \(nearest: 'down'\)"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        LabelRule(**options)  # type: ignore[arg-type]


def test_a_rule_says_itself_in_words() -> None:
    assert LabelRule().describe() == "the next row's high reaches close + 1 %"
    assert LabelRule(0.025, 5, "down").describe() == "the next 5 rows' low falls to close - 2.5 %"
