"""Dates as the data holds them, and as people read them."""

import numpy as np
import numpy.typing as npt

DateArray = npt.NDArray[np.datetime64]  # nanoseconds, without a zone


def write_date(date: np.datetime64) -> str:
    """Write a date for people: the time of day only where there is one.

    As `str(pandas.Timestamp(date))` does, which runs are named by, without importing pandas: a
    fraction of a second has six digits, or nine.
    """
    day, _, time = str(date.astype("datetime64[ns]")).partition("T")
    seconds, _, fraction = time.partition(".")
    if not fraction.strip("0"):
        return day if seconds in {"", "00:00:00"} else f"{day} {seconds}"
    return f"{day} {seconds}.{fraction.removesuffix('000')}"
