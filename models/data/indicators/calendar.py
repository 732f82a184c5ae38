"""Indicators of the calendar: the weekday, and finished weeks strictly before the row's own.

Weeks begin on Monday. A row never sees its own week, not even the days of it that are over, so the
weekly value is one that a person had before the week's first session.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.data.indicators.indicator import Bars, FloatArray, Indicator, Tier, before

EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday, Monday being 0


def days(bars: Bars) -> npt.NDArray[np.int64]:
    """Return each row's day as a number of days since 1970-01-01."""
    numbers: npt.NDArray[np.int64] = bars.dates.astype("datetime64[D]").astype(np.int64)
    return numbers


def weekly(bars: Bars, measure: Callable[[Bars, npt.NDArray[np.int64]], FloatArray]) -> FloatArray:
    """Give each row the measure of the last week before its own; NaN in the first week.

    `measure` gets the position of each week's first row and returns one value a week.
    """
    week = (days(bars) + EPOCH_WEEKDAY) // 7
    is_first_row = np.diff(week, prepend=week[0] - 1) > 0
    before_own = np.concatenate([[np.nan], measure(bars, np.flatnonzero(is_first_row))])
    values: FloatArray = before_own[np.cumsum(is_first_row) - 1]
    return values


def week_return(weeks: int, tier: Tier = "a50") -> Indicator:
    """Log return over finished weeks."""

    def measure(bars: Bars, starts: npt.NDArray[np.int64]) -> FloatArray:
        closes = bars.close[np.append(starts[1:], len(bars.close)) - 1]
        returns: FloatArray = np.log(closes / before(closes, weeks))
        return returns

    return Indicator(
        f"week_return_{weeks}",
        f"ln(close of the week before the row's own / close of the week {weeks} before that)",
        5 * (weeks + 1),
        lambda bars: weekly(bars, measure),
        tier,
    )


def week_range(bars: Bars) -> FloatArray:
    """Return ln(highest high / lowest low) of the last finished week."""
    return weekly(
        bars,
        lambda bars, starts: np.log(
            np.maximum.reduceat(bars.high, starts) / np.minimum.reduceat(bars.low, starts)
        ),
    )


def weekday(bars: Bars) -> FloatArray:
    """Return 0 on Monday to 6 on Sunday."""
    return ((days(bars) + EPOCH_WEEKDAY) % 7).astype(np.float64)


def days_since(bars: Bars) -> FloatArray:
    """Return the calendar days since the row before."""
    return np.concatenate([[np.nan], np.diff(days(bars))])


WEEKLY = (
    week_return(1),
    week_return(4),
    Indicator(
        "week_range",
        "ln(highest H / lowest L) of the week before the row's own",
        5,
        week_range,
    ),
    week_return(12, "a100"),
)
CALENDAR = (
    *WEEKLY,
    Indicator("weekday", "0 on Monday to 6 on Sunday", 0, weekday, "a100"),
    Indicator("days_since", "calendar days since the row before", 1, days_since, "a100"),
)
