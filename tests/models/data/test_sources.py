from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.labelling.rules import LabelRule
from models.data.raw_data import fingerprint
from models.data.sources import DataSource, load_source
from models.errors import DataError

Write = Callable[..., Path]

RULE = LabelRule()


@pytest.fixture
def sensors(rng: np.random.Generator) -> pd.DataFrame:
    """Return readings of a machine at irregular times, with an alarm."""
    rows = 300
    minutes = np.cumsum(rng.integers(1, 90, rows))
    time = pd.Timestamp("2024-03-01 06:00") + pd.to_timedelta(minutes, unit="min")
    heat = rng.standard_normal(rows)
    alarm = (heat + rng.standard_normal(rows) > 0.5).astype(int)
    columns = {"heat": heat, "hum": rng.standard_normal(rows), "alarm": alarm}
    return pd.DataFrame(columns, index=pd.DatetimeIndex(time, name="time"))


def test_a_chosen_ticker_is_part_of_the_name() -> None:
    assert DataSource(Path("all.csv"), ticker="^BRK-B").name == "all-brk-b"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (None, "sp500"),
        (Path("data/SPY_daily.csv"), "spy-daily"),
        (Path("x/My prices (old).csv.gz"), "my-prices-old"),
        (Path("../../.csv"), "data"),
        (Path("Kurse|`<b>`\n.csv"), "kurse-b"),
    ],
)
def test_a_source_has_a_name_that_is_safe_in_a_path(path: Path | None, name: str) -> None:
    assert DataSource(path).name == name


def test_a_price_file_gets_its_tier_and_labels_by_rule(write: Write, prices: pd.DataFrame) -> None:
    raw = load_source(DataSource(write(prices.assign(rsi=1.0))), "a50", RULE)
    assert raw.features.shape == (900, 55)
    assert raw.tier == "a50"
    assert raw.label == "the next row's high reaches close + 1 %"
    reached = prices["high"].shift(-1) >= prices["close"] * 1.01
    assert raw.labels[:-1].tolist() == reached.astype(int).tolist()[:-1]
    assert raw.labels[-1] == -1
    assert raw.notices[0].endswith("columns beside the prices are ignored: 'rsi'")


def test_a_price_file_may_bring_its_own_labels(write: Write, prices: pd.DataFrame) -> None:
    own = np.arange(900) % 3 == 0
    source = DataSource(write(prices.assign(Good=own)), label_column="good")
    raw = load_source(source, "a50", RULE)
    assert raw.labels.tolist() == own.astype(int).tolist()
    assert (raw.label, raw.notices) == ("column Good", ())


def test_prices_under_other_names_are_features_where_there_is_a_label(
    write: Write, prices: pd.DataFrame
) -> None:
    other = prices.rename(columns={"open": "o", "high": "h", "low": "l", "close": "c"})
    assert load_source(DataSource(write(other)), "a50", RULE).tier == "a50"
    path = write(other.assign(label=np.arange(900) % 2), "b.csv")
    raw = load_source(DataSource(path), "a50", RULE)
    assert (raw.tier, raw.feature_names) == ("own", ("o", "h", "l", "c"))


def test_what_was_understood_is_said(write: Write, prices: pd.DataFrame) -> None:
    other = prices.set_axis(prices.index.strftime("%d/%m/%Y").rename("Day"))
    raw = load_source(DataSource(write(other.rename(columns={"close": "Last"}))), "a50", RULE)
    assert raw.reading == (
        "prices: 900 rows, 2001-01-01 to 2004-06-11; dates from 'Day' (day, month, year); close "
        "from 'Last'; label: the next row's high reaches close + 1 %"
    )
    assert load_source(DataSource(), "a50", RULE).reading == ""


def test_a_table_of_several_sensors_is_one_of_them(write: Write, sensors: pd.DataFrame) -> None:
    both = pd.concat([sensors.assign(asset="A"), sensors.assign(asset="B", heat=0.5)])
    source = DataSource(write(both), label_column="alarm")
    with pytest.raises(DataError, match=r"column asset names 2 tickers \('A', 'B'\); choose one"):
        load_source(source, "a50", RULE)
    raw = load_source(replace(source, ticker="b"), "a50", RULE)
    assert raw.reading.startswith("a feature table of B: 300 rows")
    assert (raw.features[:, 0] == 0.5).all()


def test_a_bad_row_of_one_ticker_is_named_as_it_stands_in_the_file(
    write: Write, prices: pd.DataFrame
) -> None:
    wrong = prices.copy()
    wrong.iloc[2, 0] = -1
    both = pd.concat([prices.assign(Symbol="A"), wrong.assign(Symbol="B")])
    with pytest.raises(DataError, match=r"row 903 \(2001-01-03\), column open: found -1"):
        load_source(DataSource(write(both), ticker="B"), "a50", RULE)


def test_a_file_written_newest_first_gives_the_same_data(
    write: Write, prices: pd.DataFrame
) -> None:
    labelled = prices.assign(good=np.arange(900) % 3 == 0)
    paths = (write(labelled, "a.csv"), write(labelled.iloc[::-1], "b.csv"))
    one, other = (load_source(DataSource(p, label_column="good"), "a50", RULE) for p in paths)
    assert one.fingerprint == other.fingerprint
    np.testing.assert_array_equal(one.features, other.features)
    np.testing.assert_array_equal(one.labels, other.labels)
    assert "newest first" in other.notices[0]


def test_a_bad_row_of_a_reversed_file_is_named_as_it_stands_there(
    write: Write, prices: pd.DataFrame
) -> None:
    prices.iloc[-3, 0] = -1
    with pytest.raises(DataError, match=r"row 3 \(2004-06-09\), column open: found -1"):
        load_source(DataSource(write(prices.iloc[::-1])), "a50", RULE)


def test_a_table_of_sensor_readings_needs_no_prices(write: Write, sensors: pd.DataFrame) -> None:
    raw = load_source(DataSource(write(sensors), label_column="alarm"), "a50", RULE)
    assert raw.tier == "own"
    assert raw.feature_names == ("heat", "hum")
    np.testing.assert_array_equal(raw.features, sensors[["heat", "hum"]])
    assert raw.labels.tolist() == sensors["alarm"].tolist()
    assert (raw.dates == sensors.index.to_numpy()).all()


def test_a_parquet_file_with_prices_can_be_named_a_feature_table(
    prices: pd.DataFrame, rng: np.random.Generator, tmp_path: Path
) -> None:
    names = [f"feature_{number}" for number in range(55)]
    ready = pd.DataFrame(rng.standard_normal((900, 55)), prices.index, names)
    path = tmp_path / "ready.parquet"
    prices.join(ready).to_parquet(path)
    raw = load_source(DataSource(path, as_feature_table=True), "a50", RULE)
    assert raw.feature_names == tuple(names)
    np.testing.assert_array_equal(raw.features, ready)
    by_rule = load_source(DataSource(path), "a50", RULE)
    np.testing.assert_array_equal(raw.labels, by_rule.labels)
    assert raw.label == by_rule.label
    assert raw.fingerprint != by_rule.fingerprint


def test_rows_that_lack_a_value_are_counted(write: Write, sensors: pd.DataFrame) -> None:
    sensors.iloc[[3, 7], 0] = np.nan
    raw = load_source(DataSource(write(sensors), label_column="alarm"), "a50", RULE)
    assert raw.notices == (f"{raw.file}: 2 of 300 rows lack a value; no window touches them",)


def test_a_table_without_labels_is_refused_with_what_would_help(
    write: Write, sensors: pd.DataFrame, prices: pd.DataFrame
) -> None:
    with pytest.raises(
        DataError,
        match=r"no label column \(label, target, y\); name one of 'time', 'heat', .*needs open",
    ):
        load_source(DataSource(write(sensors)), "a50", RULE)
    with pytest.raises(
        DataError, match=r"left as a feature.* \(to be read as prices it needs open"
    ):
        load_source(DataSource(write(prices.drop(columns="open"), "b.csv")), "a50", RULE)


def test_the_fingerprint_follows_the_values_and_not_the_file(
    write: Write, prices: pd.DataFrame, tmp_path: Path
) -> None:
    prices.to_parquet(tmp_path / "prices.parquet")
    us_dates = prices.set_axis(prices.index.strftime("%m/%d/%Y").rename("Day"))
    sources = [
        DataSource(write(prices)),
        DataSource(tmp_path / "prices.parquet"),
        DataSource(
            write(
                us_dates.rename(columns=str.upper)[["LOW", "CLOSE", "OPEN", "VOLUME", "HIGH"]],
                "b.csv",
            )
        ),
    ]
    prints = {load_source(source, "a50", RULE).fingerprint for source in sources}
    assert len(prints) == 1
    prices.iloc[450, 3] *= 1 + 1e-15
    assert load_source(DataSource(write(prices, "c.csv")), "a50", RULE).fingerprint not in prints


def test_the_fingerprint_tells_names_dates_and_values_apart() -> None:
    days = np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[ns]")
    values = np.array([0.0, np.nan])
    known = fingerprint(days, {"x": values})
    assert known == fingerprint(days, {"x": np.array([-0.0, -np.nan])})
    assert known != fingerprint(days, {"y": values})
    assert known != fingerprint(days + np.timedelta64(1, "D"), {"x": values})
    assert known != fingerprint(days, {"x": np.array([0.0, 1.0])})
