import pytest

from models.data.reading.names import find_role, simplify


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("<CLOSE>", "close"),
        ("4. close", "close"),
        ("1b. open (USD)", "open"),
        ("Close**", "close"),
        ("Close/Last", "close last"),
        ("Vol.", "vol"),
        ("Adj_Close", "adj close"),
        ("Er\u00f6ffn.", "eroffn"),
        ("Najwy\u017cszy", "najwyzszy"),
        ("('Date', '')", "date"),
        ("52W H", "52w h"),
    ],
)
def test_names_are_compared_without_what_tools_add(name: str, expected: str) -> None:
    assert simplify(name) == expected


@pytest.mark.parametrize(
    ("columns", "role", "expected"),
    [
        (["Price", "Close"], "close", ["Close", "Price"]),
        (["Last Price", "Close Price"], "close", ["Close Price", "Last Price"]),
        (["<Close>", "close"], "close", ["close", "<Close>"]),
        (["Adj Close", "closed"], "close", []),
        (["Volume USDT", "Volume"], "volume", ["Volume", "Volume USDT"]),
        (["Volume_(BTC)", "Volume_(Currency)"], "volume", ["Volume_(BTC)", "Volume_(Currency)"]),
        (["Volume SMA", "volume_ratio", "Volume MA"], "volume", []),
        (["TickVol", "Vol"], "volume", ["Vol", "TickVol"]),
        (["close_time", "open_time"], "date", ["open_time"]),
        (["Datum", "Hoch", "Tief"], "high", ["Hoch"]),
    ],
)
def test_the_likeliest_column_comes_first(
    columns: list[str], role: str, expected: list[str]
) -> None:
    assert find_role(columns, role) == expected
