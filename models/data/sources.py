"""Sources: where data comes from, and how it is read before any scaling or splitting."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from models.data.checks import find_doubts, refuse_impossible_prices, time_order
from models.data.descriptions import describe_prices
from models.data.embedded import EMBEDDED_NAME, find_embedded_file
from models.data.feature_rows import open_timed_rows, open_untimed_rows, refuse_two_labels
from models.data.indicators.indicator import PRICE_COLUMNS, Bars, Lack, Tier
from models.data.indicators.tiers import (
    compute_tier,
    lacks_weeks,
    name_tier,
    refuse_too_short,
    tier_columns,
)
from models.data.labelling.columns import find_label_column
from models.data.labelling.row_labels import label_by_column, label_by_prices, refuse_other_task
from models.data.labelling.rules import ColumnLabel, RowLabel
from models.data.prices import (
    Prices,
    has_prices,
    means_prices,
    read_embedded_table,
    read_prices,
)
from models.data.raw_data import RawData, fingerprint
from models.data.splitting.choice import Split
from models.data.splitting.periods import SplitDates, SplitFractions
from models.data.splitting.unordered import UnorderedSplit
from models.data.tables import Table, read_table
from models.data.tickers import choose_columns, choose_rows, find_owners
from models.data.timestamps import find_date_column, read_time_axis
from models.errors import DataError
from models.task import Task

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


def load_source(
    source: DataSource,
    tier: Tier,
    label: RowLabel,
    *,
    task: Task = "binary",
    split: Split | None = None,
) -> RawData:
    """Read a source, check it, and give its features and labels.

    A file with open, high, low and close is prices: its tier is computed and other columns are
    ignored with a notice. A file without them, or one named so by option, is a feature table. Only
    that can be split without regard to time.

    Parameters
    ----------
    source : DataSource
        The embedded data or a file.
    tier : Tier
        The indicators to compute from prices; a feature table has its own.
    label : RowLabel
        The label of prices, and of a feature table that has prices but no label column; the
        source's own column, where one is named, comes before it.
    task : Task
        What a label is.
    split : Split | None
        How the rows will be split; None for a split by time.

    Raises
    ------
    DataError
        If the source cannot be used.
    """
    refuse_other_task(label, task)
    if source.label_column is None and isinstance(label, ColumnLabel):
        source = replace(source, label_column=label.column)
    if source.path is None:
        return _load_embedded(find_embedded_file(), source, tier, label, task, split)
    return _load_table(read_table(source.path), source, tier, label, task, split)


@lru_cache(maxsize=8)
def _load_embedded(
    file: Path,
    source: DataSource,
    tier: Tier,
    label: RowLabel,
    task: Task,
    split: Split | None,
) -> RawData:
    """Load the embedded data, which stay as they are: once a process."""
    raw = _load_table(read_embedded_table(file), source, tier, label, task, split)
    for array in (raw.features, raw.labels, raw.dates):
        array.flags.writeable = False
    return raw


def _load_table(
    table: Table,
    source: DataSource,
    tier: Tier,
    label: RowLabel,
    task: Task,
    split: Split | None,
) -> RawData:
    if not isinstance(split, SplitDates | SplitFractions | None):
        return _load_untimed_table(table, source, label, task, split)
    if source.as_feature_table:
        return _load_timed_table(table, source, label, task)
    if has_prices(table):
        return _load_prices(table, source, tier, label, task)
    # Under other names they are prices only if nothing says that the columns are features.
    if find_label_column(table, source.label_column) is None:
        if means_prices(table):
            return _load_prices(table, source, tier, label, task)
        if find_owners(table):
            table, ticker = choose_columns(table, source.ticker)
            own = replace(source, ticker=None)
            return _load_prices(table, own, tier, label, task, ticker=ticker)
    return _load_timed_table(table, source, label, task)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]


def _load_prices(
    table: Table,
    source: DataSource,
    tier: Tier,
    rule: RowLabel,
    task: Task,
    *,
    ticker: str | None = None,
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
        own = {"high": bars.high, "low": bars.low, "close": bars.close}
        labels = label_by_prices(table.file, rule, task, own)
    else:
        labels = label_by_column(prices.table, label_name, task, order)
    lacking = _find_lacks(prices, bars, tier)
    names = tier_columns(tier, lacking)
    lacks = tuple(f"{table.file}: {_LACKS[lack]} {name_tier(tier, lacking)}" for lack in lacking)
    notices = (*table.notices, *prices.notices, *lacks, *order_notices, *labels.notices)
    return RawData(
        file=table.file,
        fingerprint=fingerprint(bars.dates, columns | labels.columns),
        tier=name_tier(tier, lacking),
        feature_names=names,
        features=compute_tier(bars, tier, lacking),
        label=labels.words,
        labels=labels.labels,
        dates=bars.dates,
        notices=(*notices, *find_doubts(table.file, frame[known])),
        reading=""
        if source.path is None
        else describe_prices(prices, bars.dates, ticker, labels.words),
        classes=labels.classes,
        target_horizon=labels.target_horizon,
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


def _load_timed_table(table: Table, source: DataSource, label: RowLabel, task: Task) -> RawData:
    label_name = find_label_column(table, source.label_column)
    if source.label_column is None:
        refuse_two_labels(table, label_name, label)
    table, ticker = _choose_rows(table, source, is_prices=False)
    axis = read_time_axis(table, date_column=source.date_column, date_format=source.date_format)
    return open_timed_rows(table, axis, label_name, label, task, ticker)


def _load_untimed_table(
    table: Table, source: DataSource, label: RowLabel, task: Task, split: UnorderedSplit
) -> RawData:
    is_prices = source.path is None or has_prices(table) or bool(find_owners(table))
    if is_prices and not source.as_feature_table:
        raise DataError(
            f"{table.file}: prices go by time, and the split does not; expected one by dates or "
            "fractions, or --feature-table for columns that are features as they stand"
        )
    label_name = find_label_column(table, source.label_column)
    if source.label_column is None:
        refuse_two_labels(table, label_name, label)
    table, ticker = choose_rows(table, source.ticker, stands_twice=False, must_be_one=False)
    return open_untimed_rows(table, split, label_name, source.date_column, task, ticker)
