"""Which files of prices and features are read, and what of them; tests write one of each."""

from trial_sets.forms import Form

FORMS = (
    Form(
        "yfinance",
        "CSV or Parquet of `download` and `history`, with one, two or three header lines; "
        "columns such as `Close_AAPL` or `('Close', 'AAPL')`",
        "dates in their own zone across a change of the clock; several tickers by `--ticker`; "
        "empty holidays and a last day that stands twice are left out",
        "`Adj Close`, dividends and splits are ignored: prices are read as they stand",
    ),
    Form(
        "quantmod",
        "CSV of an xts: `ABC.Open`, `ABC.High`, ..., dates in the first column",
        "prices and volume; several tickers by `--ticker`",
        "`ABC.Adjusted` is ignored",
    ),
    Form(
        "Investing.com",
        "CSV, newest first: `Date`, `Price`, `Open`, `High`, `Low`, `Vol.`, `Change %`; English, "
        "German, French, Spanish, Italian and Portuguese names",
        "`Price` as the close; `565.60K`; `Jun 14, 2021`, `06/14/2021`, `14.06.2021`; decimal "
        "commas; a day without volume as 0",
        "`Change %` is ignored; monthly rows (`Jun 21`) need `--date-format`",
    ),
    Form(
        "Nasdaq",
        "CSV, newest first: `Date`, `Close/Last`, `Volume`, `Open`, `High`, `Low`",
        "`$1,198.98`; a volume that is `N/A` throughout as none",
        "nothing else stands there",
    ),
    Form(
        "Stooq",
        "CSV with English or Polish names; bulk files `<TICKER>,<PER>,<DATE>,<TIME>,...`",
        "prices and volume; `20180102` beside `093000`",
        "`<PER>` and `<OPENINT>` are ignored",
    ),
    Form(
        "Alpha Vantage",
        "CSV `timestamp,open,...`, or with numbered names as `1. open`; newest first",
        "prices and volume, daily and intraday",
        "adjusted close, dividends and splits are ignored; JSON",
    ),
    Form(
        "CryptoDataDownload",
        "CSV below a line with an address, newest first; `date` or `2020-01-01 12-AM`",
        "the line is left out; the first of `Volume BTC` and `Volume USD` is the volume",
        "`unix` is ignored where there is a date, `tradecount` always",
    ),
    Form(
        "Binance",
        "klines, with and without a header",
        "`open_time` in milliseconds or microseconds; without a header by number and order of "
        "columns, if high and low are the highest and lowest",
        "quote volume, counts and taker volumes are ignored; zip",
    ),
    Form(
        "Kraken",
        "OHLCVT, without a header",
        "seconds since 1970, prices, volume",
        "the number of trades is ignored",
    ),
    Form(
        "MetaTrader",
        "bars of MetaTrader 5 (tabs, `<DATE>`, `<TIME>`, also UTF-16) and 4 (no header)",
        "dates and times; of `<VOL>` and `<TICKVOL>` the one that is not zero throughout",
        "`<SPREAD>` is ignored",
    ),
    Form(
        "Dukascopy",
        "CSV: `Gmt time` or `Local time`, day first",
        "stamps with and without a zone",
        "bid and ask in one file",
    ),
    Form(
        "HistData",
        "ASCII one-minute bars, without a header: `20180102 170000;...`",
        "prices and volume",
        "ticks",
    ),
    Form(
        "Forex Tester",
        "CSV: `<TICKER>,<DTYYYYMMDD>,<TIME>,...`",
        "dates beside times; one ticker by `--ticker`",
        "nothing else stands there",
    ),
    Form(
        "Google Finance",
        "sheets and old downloads: `1/2/2018 16:00:00`, `2-Jan-18`",
        "dates; stamps of one time of day are days",
        "a close alone: open, high and low are needed",
    ),
    Form(
        "CoinMarketCap",
        "CSV: `Open*`, `Close**`, `Jun 14, 2021`, newest first; the newer one with `timeOpen`",
        "prices and volume",
        "market capitalisation is ignored",
    ),
    Form(
        "NSE and BSE",
        "CSV with `02-Jan-2018`, `Open Price`, `Total Traded Quantity`, `No.of Shares`",
        "prices and volume; thousands by Indian groups",
        "last price, turnover and numbers of trades are ignored",
    ),
    Form(
        "any",
        "prices as CSV, TSV, text, gzip or Parquet: date, open, high, low, close and volume in any "
        "order",
        "`Date` beside `Time`; AM and PM; seconds to nanoseconds since 1970; short years; day or "
        "month first, as all rows show or `--date-format` says; decimal commas; `$`; `1.5K`; "
        "several tickers by `--ticker`; no volume; an index without a name; newest first",
        "spreadsheets, JSON, zip, other encodings than UTF-8 and UTF-16; two rows of one date; "
        "rows out of order",
    ),
    Form(
        "any",
        "feature tables: columns of numbers, a label of two classes, of several, or a number (or "
        "high, low and close), and a date unless the split does without",
        "irregular stamps; empty cells; numbers as in prices; a row counter (`Unnamed: 0`, "
        "`index`, `id`) is left out; a column of groups, of sides or of folds to split by",
        "texts are ignored",
    ),
)
