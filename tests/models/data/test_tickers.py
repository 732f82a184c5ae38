import pandas as pd
import pytest

from models.data.tables import Table
from models.data.tickers import choose_columns, choose_rows, find_owners
from models.errors import DataError


def table_of(**columns: object) -> Table:
    return Table("a.csv", pd.DataFrame(columns))


def named(*columns: str) -> Table:
    return Table("a.csv", pd.DataFrame([range(len(columns))], columns=list(columns)))


ALL = ("open", "high", "low", "close")


@pytest.mark.parametrize(
    "columns",
    [
        ["Open_BRK_B", "High_BRK_B", "Low_BRK_B", "Close_BRK_B"],
        ["BRK_B_Open", "BRK_B_High", "BRK_B_Low", "BRK_B_Close"],
        ["BRK_B.Open", "BRK_B.High", "BRK_B.Low", "BRK_B.Close"],
        ["BRK_B open", "BRK_B high", "BRK_B low", "BRK_B close"],
        ["('Open', 'BRK_B')", "('High', 'BRK_B')", "('Low', 'BRK_B')", "('BRK_B', 'Close')"],
    ],
)
def test_names_say_whose_a_price_is(columns: list[str]) -> None:
    assert find_owners(named("Date", *columns)) == {"BRK_B": dict(zip(columns, ALL, strict=True))}


def test_nobody_has_three_prices() -> None:
    assert find_owners(named("A_open", "A_high", "A_low", "open_time", "close_time")) == {}


def test_the_columns_of_others_are_left_out() -> None:
    columns = [f"{name}_{ticker}" for ticker in ("A", "B") for name in (*ALL, "Adj Close")]
    table, chosen = choose_columns(named("Date", *columns, "x"), "b")
    assert chosen == "B"
    assert table.frame.columns.tolist() == ["Date", *ALL, "adj close", "x"]
    assert table.frame.iloc[0].tolist() == [0, 6, 7, 8, 9, 10, 11]


def test_rows_are_all_kept_where_no_column_names_a_ticker() -> None:
    table = table_of(x=[1, 2])
    kept, chosen = choose_rows(table, None, stands_twice=True, must_be_one=True)
    assert (kept, chosen) == (table, None)


@pytest.mark.parametrize(
    ("column", "stands_twice", "must_be_one", "is_asked"),
    [
        ("Symbol", True, True, True),
        ("Symbol", False, True, True),
        ("Symbol", False, False, False),
        ("Name", True, True, True),
        ("Name", False, True, False),
        ("colour", True, True, False),
    ],
)
def test_one_must_be_chosen_where_rows_are_of_several(
    column: str, stands_twice: bool, must_be_one: bool, is_asked: bool
) -> None:
    table = table_of(**{column: ["A", "B", "A"]})
    if not is_asked:
        kept, _ = choose_rows(table, None, stands_twice=stands_twice, must_be_one=must_be_one)
        assert len(kept.frame) == 3
        return
    with pytest.raises(DataError, match=rf"column {column} names 2 tickers \('A', 'B'\); choose"):
        choose_rows(table, None, stands_twice=stands_twice, must_be_one=must_be_one)


def test_the_chosen_rows_keep_their_place_in_the_file() -> None:
    table = table_of(Symbol=["A", " B", None, "B"], x=[1, 2, 3, 4])
    kept, chosen = choose_rows(table, "b", stands_twice=False, must_be_one=True)
    assert (chosen, kept.frame["x"].tolist(), kept.row(1)) == ("B", [2, 4], 3)
    assert kept.notices == ("a.csv: the 2 rows of B in column Symbol are read, of 2 tickers",)


def test_a_ticker_is_looked_for_in_the_column_that_holds_it() -> None:
    table = table_of(Symbol=["AAA", "BBB"], Company=["Apple", "Bell"])
    kept, chosen = choose_rows(table, "Bell", stands_twice=False, must_be_one=True)
    assert (chosen, len(kept.frame)) == ("Bell", 1)


def test_letters_count_where_two_tickers_differ_in_their_case_alone() -> None:
    table = table_of(Symbol=["abc", "ABC"])
    assert choose_rows(table, "ABC", stands_twice=False, must_be_one=True)[1] == "ABC"
    with pytest.raises(DataError, match="has no such ticker"):
        choose_rows(table, "Abc", stands_twice=False, must_be_one=True)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"Symbol": ["SPY", "QQQ"]}, r"--ticker SPX: a.csv has no such ticker \(nearest: 'SPY'\)"),
        ({"Symbol": ["SPY"]}, r"has no such ticker \(nearest: 'SPY'\); column Symbol names 'SPY'"),
        ({"x": [1]}, "--ticker SPX: a.csv has no column of tickers; its columns are 'x'"),
    ],
)
def test_a_ticker_that_is_not_there_is_refused(columns: dict[str, object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        choose_rows(table_of(**columns), "SPX", stands_twice=False, must_be_one=True)
