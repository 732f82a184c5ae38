"""Dates are written as pandas writes them, without pandas."""

import numpy as np
import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from models.data.dates import write_date

SECOND, DAY = 10**9, 86_400 * 10**9


def test_a_date_is_written_with_its_time_of_day_only_where_there_is_one() -> None:
    assert write_date(np.datetime64("2020-01-31", "ns")) == "2020-01-31"
    assert write_date(np.datetime64("2020-01-31T09:30", "ns")) == "2020-01-31 09:30:00"


@given(
    time=st.integers(-9 * 10**18, 9 * 10**18),
    unit=st.sampled_from([DAY, SECOND, 10**6, 10**3, 1]),
)
@example(time=-1, unit=1)
@example(time=100, unit=1)
@example(time=10**8, unit=1)
def test_a_date_is_written_as_pandas_writes_it(time: int, unit: int) -> None:
    date = np.datetime64(time // unit * unit, "ns")
    assert write_date(date) == str(pd.Timestamp(date)).removesuffix(" 00:00:00")
