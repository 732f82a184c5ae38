import numpy as np
import pytest

from models.data.reading.epochs import find_unit, is_epoch


@pytest.mark.parametrize(
    ("numbers", "unit"),
    [
        ([1577836800.0], "s"),
        ([1577836800000.0], "ms"),
        ([1577836800000000.0], "us"),
        ([1577836800000000000.0], "ns"),
        ([1577836800.0, 1577836800000.0], None),
        ([20200131.0], None),
        ([np.nan], None),
        ([], None),
    ],
)
def test_the_unit_is_that_in_which_all_numbers_are_dates_of_today(
    numbers: list[float], unit: str | None
) -> None:
    assert find_unit(np.array(numbers)) == unit


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1577836800000", True), ("1577836800.5", True), ("20200131", False), ("1e9", False)],
)
def test_a_cell_may_be_a_time_since_1970(cell: str, expected: bool) -> None:
    assert is_epoch(cell) is expected
