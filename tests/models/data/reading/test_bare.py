import pandas as pd
import pytest

from models.data.reading.bare import name_bare_columns, refuse_other_order
from models.errors import DataError


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("1577836800000,1,3,0,2,9,1577840399999,1,1,1,1,0",
         "open_time open high low close volume close_time quote_volume count"),
        ("1577836800,1,3,0,2,9,4", "date open high low close volume trades"),
        ("20180102 170000,1,3,0,2,9", "date open high low close volume"),
        ("2018-01-02,1,3,0,2", "date open high low close"),
        ("2018.01.02,00:00,1,3,0,2,9", "date time open high low close volume"),
        ("2018.01.02,00:00,1,3,0,2,9,8,7", "date time open high low close tickvol vol spread"),
        ("2018-01-02,1,3,0,2,9,", "date open high low close volume"),
        ("ABC,2018-01-02,1,3,0,2,9", "ticker date open high low close volume"),
        ("EURUSD,2018.01.02,00:00,1,3,0,2,9", "ticker date time open high low close volume"),
    ],
)  # fmt: skip
def test_columns_without_names_are_known_by_their_number_and_their_dates(
    line: str, names: str
) -> None:
    found, notice = name_bare_columns("a.csv", [line.split(",")])
    assert " ".join(found).startswith(names)
    assert len(found) == line.count(",") + 1
    assert notice.startswith("a.csv: there is no header; the columns are read as ")


@pytest.mark.parametrize(
    "line",
    ["2020-01-01,1.5", "1,2,3,4,5,6", "2018-01-02,1,3,0,2,9,8,7", "1577836800," + "1," * 10 + "1"],
)
def test_other_columns_without_names_are_refused(line: str) -> None:
    with pytest.raises(DataError, match=r"first line holds values; expected .* column names"):
        name_bare_columns("a.csv", [line.split(",")])


def test_prices_in_another_order_are_refused() -> None:
    rows = pd.DataFrame({"open": [1.0, 2.0], "high": [3.0, 4.0], "low": [0.5, 1.0], "close": 2.0})
    refuse_other_order("a.csv", rows)
    with pytest.raises(DataError, match="taken as open, high, low, close they are none"):
        refuse_other_order("a.csv", rows.rename(columns={"high": "low", "low": "high"}))
    with pytest.raises(DataError, match="they are none"):
        refuse_other_order("a.csv", rows.astype(str) + "x")
