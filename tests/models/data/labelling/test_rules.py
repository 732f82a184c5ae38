import numpy as np
import pandas as pd
import pytest

from models.data.labelling.labels import UNKNOWN
from models.data.labelling.rules import ColumnLabel, LabelRule, TargetRule
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


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Next highs and lows: 10.1/9.8, 10.4/10.0, 10.0/9.5, 9.9/9.0.
        (TargetRule("log_range"), np.log([10.1 / 9.8, 10.4 / 10, 10 / 9.5, 9.9 / 9])),
        (TargetRule("log_range", 2), np.log([10.4 / 9.8, 10.4 / 9.5, 10 / 9])),
        (TargetRule("return"), [0.0, 0.02, 9.8 / 10.2 - 1, 9.5 / 9.8 - 1]),
        (TargetRule("return", 3), [-0.02, -0.05]),
        (TargetRule("realized_volatility"), np.log([1, 1.02, 10.2 / 9.8, 9.8 / 9.5])),
        (
            TargetRule("realized_volatility", 2),
            [
                np.log(1.02),
                np.hypot(np.log(1.02), np.log(10.2 / 9.8)),
                np.hypot(np.log(10.2 / 9.8), np.log(9.8 / 9.5)),
            ],
        ),
        (TargetRule("return", 5), []),
        (TargetRule("log_range", 99), []),
    ],
    ids=lambda value: f"{value.target}-{value.horizon}" if isinstance(value, TargetRule) else "",
)
def test_targets_agree_with_those_computed_by_hand(rule: TargetRule, expected: list[float]) -> None:
    labels = rule.label_rows(HIGH, LOW, CLOSE)
    assert labels.dtype == np.float64
    np.testing.assert_allclose(labels[: len(expected)], expected, atol=1e-15)
    assert np.isnan(labels[len(expected) :]).all()
    assert np.isnan(labels).sum() == min(rule.horizon, 5)


@pytest.mark.parametrize("horizon", [1, 2, 7])
def test_targets_agree_with_a_plain_loop(prices: pd.DataFrame, horizon: int) -> None:
    high, low, close = (prices[name].to_numpy() for name in ("high", "low", "close"))
    steps = [slice(t + 1, t + 1 + horizon) for t in range(len(close) - horizon)]
    moves = np.log(close / np.roll(close, 1))
    expected = {
        "log_range": [np.log(max(high[s]) / min(low[s])) for s in steps],
        "return": [close[s][-1] / close[s.start - 1] - 1 for s in steps],
        "realized_volatility": [sum(moves[s] ** 2) ** 0.5 for s in steps],
    }
    for target, values in expected.items():
        rule = TargetRule(target, horizon)  # type: ignore[arg-type]
        labels = rule.label_rows(high, low, close)
        np.testing.assert_allclose(labels[:-horizon], values, rtol=1e-9, atol=1e-12)


def test_targets_and_columns_say_themselves_in_words() -> None:
    assert TargetRule("log_range").describe() == "the next row's log range"
    assert TargetRule("realized_volatility", 5).describe() == "the next 5 rows' realized volatility"
    assert ColumnLabel("failure").describe() == "column failure"


def test_a_target_or_column_that_means_nothing_is_refused() -> None:
    with pytest.raises(DataError, match=r"label target: found 'returns'; .* 'return'"):
        TargetRule("returns")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="label horizon: found 0; expected 1 row or more"):
        TargetRule("return", 0)
    with pytest.raises(DataError, match="label horizon: found -1; expected 0 rows or more"):
        ColumnLabel("failure", -1)
    assert ColumnLabel("failure", 0).horizon == 0
