"""Sources: where data comes from, and its raw form before any scaling or splitting."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.data.checks import find_doubts, refuse_impossible_prices, time_order
from models.data.descriptions import describe_features, describe_prices
from models.data.embedded import EMBEDDED_NAME
from models.data.feature_table import (
    LABEL_NAMES,
    find_label_column,
    read_feature_table,
    read_labels,
)
from models.data.indicators.indicator import PRICE_COLUMNS, Bars, FloatArray, Lack, Tier
from models.data.indicators.tiers import (
    compute_tier,
    lacks_weeks,
    name_tier,
    refuse_too_short,
    tier_columns,
)
from models.data.labels import LabelArray, LabelRule
from models.data.prices import (
    PRICES_NEED,
    Prices,
    has_prices,
    means_prices,
    read_embedded_table,
    read_numbers,
    read_prices,
)
from models.data.tables import Table, read_table
from models.data.tickers import choose_columns, choose_rows, find_owners
from models.data.timestamps import DateArray, find_date_column, read_time_axis
from models.errors import DataError, listed

OWN_TIER = "own"  # a feature table has the features that it has
_LACKS: dict[Lack, str] = {
    "volume": "there is no volume; without it and its indicators the tier is",
    "weeks": "there are too few weeks for the weekly indicators; without them the tier is",
}


@dataclass(frozen=True, slots=True)
class DataSource:
    """Where the data comes from, and how to read a file that does not explain itself."""

    path: Path | None = None  # None: the embedded S&P 500
    date_column: str | None = None
    date_format: str | None = None  # as strptime takes it; None: as the cells show it
    ticker: str | None = None  # of a file with several
    label_column: str | None = None  # None: by rule from prices; in a feature table a usual name
    as_feature_table: bool = False  # take a file with prices as a finished feature table

    @property
    def name(self) -> str:
        """The data's name in folders and reports: lower-case letters, digits and hyphens."""
        if self.path is None:
            return EMBEDDED_NAME
        stem, ticker = (_slug(text) for text in (self.path.name.split(".")[0], self.ticker or ""))
        stem = stem or "data"
        return f"{stem}-{ticker}" if ticker else stem


@dataclass(frozen=True, slots=True, eq=False)
class RawData:
    """Features as computed or read, in time order, with the labels of their rows."""

    file: str  # for messages
    fingerprint: str  # SHA-256 of what was read: names, dates, values
    tier: str
    feature_names: tuple[str, ...]  # C
    features: FloatArray  # (T, C) NaN before a feature begins or where a cell is empty
    label: str  # in words
    labels: LabelArray  # (T,) 0, 1, or -1 where unknown
    dates: DateArray  # (T,)
    notices: tuple[str, ...]
    reading: str = ""  # what the file was understood to be; empty for the embedded data


def load_source(source: DataSource, tier: Tier, label: LabelRule) -> RawData:
    """Read a source, check it, and give its features and labels.

    A file with open, high, low and close is prices: its tier is computed and other columns are
    ignored with a notice. A file without them, or one named so by option, is a feature table.

    Parameters
    ----------
    source : DataSource
        The embedded data or a file.
    tier : Tier
        The indicators to compute from prices; a feature table has its own.
    label : LabelRule
        The label of prices, and of a feature table that has prices but no label column.

    Raises
    ------
    DataError
        If the source cannot be used.
    """
    table = read_embedded_table() if source.path is None else read_table(source.path)
    if source.as_feature_table:
        return _load_feature_table(table, source, label)
    if has_prices(table):
        return _load_prices(table, source, tier, label)
    # Under other names they are prices only if nothing says that the columns are features.
    if find_label_column(table, source.label_column) is None:
        if means_prices(table):
            return _load_prices(table, source, tier, label)
        if find_owners(table):
            table, ticker = choose_columns(table, source.ticker)
            return _load_prices(table, replace(source, ticker=None), tier, label, ticker=ticker)
    return _load_feature_table(table, source, label)


def fingerprint(dates: DateArray, columns: Mapping[str, FloatArray]) -> str:
    """Hash dates, names and values, whatever file format they came in.

    Parameters
    ----------
    dates : datetime64[ns] array (T,)
        In time order.
    columns : Mapping[str, float array (T,)]
        What was read from the file.
    """
    digest = hashlib.sha256(dates.astype("<i8").tobytes())
    for name, values in columns.items():
        canonical = np.where(np.isnan(values), np.nan, values + 0.0)  # one NaN, no minus zero
        digest.update(f"\0{name}\0".encode())
        digest.update(canonical.astype("<f8").tobytes())
    return digest.hexdigest()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]


def _load_prices(
    table: Table, source: DataSource, tier: Tier, rule: LabelRule, *, ticker: str | None = None
) -> RawData:
    if ticker is None:
        table, ticker = _choose_rows(table, source, is_prices=True)
    label_name = None if source.label_column is None else table.column(source.label_column)
    prices = read_prices(
        table,
        date_column=source.date_column,
        date_format=source.date_format,
        label_column=label_name,
    )
    refuse_impossible_prices(table.file, prices.frame, prices.rows)
    refuse_too_short(table.file, len(prices.frame), tier)
    order, order_notices = time_order(table.file, prices.axis.dates, prices.rows)
    frame = prices.frame.iloc[order]
    bars = Bars(frame.index.to_numpy(), **{name: frame[name].to_numpy() for name in PRICE_COLUMNS})
    known = [name for name in PRICE_COLUMNS if name in prices.columns]
    columns = {name: frame[name].to_numpy() for name in known}
    if label_name is None:
        label, labels = rule.describe(), rule.label_rows(bars.high, bars.low, bars.close)
    else:
        label, labels = f"column {label_name}", read_labels(prices.table, label_name)[order]
        columns[label_name] = labels.astype(np.float64)
    lacking = _find_lacks(prices, bars, tier)
    names = tier_columns(tier, lacking)
    lacks = tuple(f"{table.file}: {_LACKS[lack]} {name_tier(tier, lacking)}" for lack in lacking)
    notices = (*table.notices, *prices.notices, *lacks, *order_notices)
    return RawData(
        file=table.file,
        fingerprint=fingerprint(bars.dates, columns),
        tier=name_tier(tier, lacking),
        feature_names=names,
        features=compute_tier(bars, tier, lacking),
        label=label,
        labels=labels,
        dates=bars.dates,
        notices=(*notices, *find_doubts(table.file, frame[known])),
        reading="" if source.path is None else describe_prices(prices, bars.dates, ticker, label),
    )


def _choose_rows(table: Table, source: DataSource, *, is_prices: bool) -> tuple[Table, str | None]:
    """Keep the rows of one ticker, where the file has several."""
    when = [find_date_column(table, source.date_column), *table.find_role("time")]
    stands_twice = bool(table.frame[list(dict.fromkeys(when))].duplicated().any())
    return choose_rows(table, source.ticker, stands_twice=stands_twice, must_be_one=is_prices)


def _find_lacks(prices: Prices, bars: Bars, tier: Tier) -> tuple[Lack, ...]:
    """Return what the prices are without, and so their tier."""
    lacking: list[Lack] = [] if prices.has_volume else ["volume"]
    return (*lacking, "weeks") if lacks_weeks(bars, tier) else tuple(lacking)


def _load_feature_table(table: Table, source: DataSource, rule: LabelRule) -> RawData:
    label_name = find_label_column(table, source.label_column)
    table, ticker = _choose_rows(table, source, is_prices=False)
    axis = read_time_axis(table, date_column=source.date_column, date_format=source.date_format)
    read = read_feature_table(table, axis, label_column=label_name)
    order, order_notices = time_order(table.file, axis.dates, table.frame.index.to_numpy())
    dates, features = axis.dates[order], read.features[order]
    columns = dict(zip(read.names, features.T, strict=True))
    if label_name is None:
        prices = _prices_beside(table, axis.dates)
        ordered = {name: values[order] for name, values in prices.items()}
        label, labels = rule.describe(), rule.label_rows(**ordered)
        columns |= ordered
    else:
        label, labels = f"column {label_name}", read_labels(table, label_name)[order]
        columns[label_name] = labels.astype(np.float64)
    notices = (*table.notices, *axis.notices, *read.notices, *order_notices)
    return RawData(
        file=table.file,
        fingerprint=fingerprint(dates, columns),
        tier=OWN_TIER,
        feature_names=read.names,
        features=features,
        label=label,
        labels=labels,
        dates=dates,
        notices=(*notices, *_gaps(table.file, features)),
        reading=describe_features(read.names, axis, dates, ticker, label),
    )


def _prices_beside(table: Table, dates: DateArray) -> dict[str, FloatArray]:
    """Read the prices by which the rows of a feature table can be labelled."""
    names = ("high", "low", "close")
    if not all(table.has_column(name) for name in names):
        raise DataError(
            f"{table.file}: there is no label column ({', '.join(LABEL_NAMES)}); name one of "
            f"{listed(table.frame.columns)} ({PRICES_NEED})"
        )
    return {name: read_numbers(table, table.column(name), dates) for name in names}


def _gaps(file: str, features: FloatArray) -> tuple[str, ...]:
    """Say how many rows lack a value."""
    count = int(np.isnan(features).any(axis=1).sum())
    if not count:
        return ()
    return (f"{file}: {count} of {len(features)} rows lack a value; no window touches them",)
