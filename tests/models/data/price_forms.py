"""The forms in which people have prices, each with the one series."""

from tests.models.data.price_files import (
    BARE_KLINE,
    EPOCHS,
    INVESTING,
    ISO,
    KLINES,
    NEW_YORK,
    OHLCV,
    ROLES,
    YAHOO,
    PriceFile,
    backwards,
    days,
    german,
    hours,
    plain,
    quoted,
    short,
    two_tickers,
    wide,
    with_holidays,
    write,
)

FILES: dict[str, PriceFile] = {
    "yfinance, flat": PriceFile("yfinance", write(OHLCV, ISO)),
    "yfinance, two lines": PriceFile(
        "yfinance", write(YAHOO + ",ABC,ABC,ABC,ABC,ABC\n", ISO, order="chlov"), says="of ABC"
    ),
    "yfinance, three lines": PriceFile(
        "yfinance",
        write("Price,Close,High,Low,Open,Volume\nTicker" + ",ABC" * 5 + "\nDate,,,,,\n", ISO,
              order="chlov"),
        says="three header lines",
    ),
    "yfinance, a counter before": PriceFile(
        "yfinance",
        write("Price,Date,Close,High,Low,Open,Volume\nTicker,,ABC,ABC,ABC,ABC,ABC\n", ISO,
              order="chlov", row="7,{when},{cells}"),
    ),
    "yfinance, zones across a change of the clock": PriceFile(
        "yfinance", write(OHLCV, [str(stamp) for stamp in NEW_YORK])
    ),
    "yfinance, the running day twice": PriceFile(
        "yfinance",
        (text := write(OHLCV, ISO)) + text.splitlines()[-1].rpartition(",")[0] + ",0\n",
        says="1 of 901 rows repeat the date and prices of another",
    ),
    "yfinance, several": PriceFile(
        "yfinance", wide("Price", "Ticker", "Date"), options={"ticker": "xyz"}, says="of XYZ"
    ),
    "Yahoo, empty holidays": PriceFile(
        "yfinance", with_holidays(write(OHLCV, ISO)), says="2 of 902 rows hold no price"
    ),
    "joined names": PriceFile(
        "yfinance",
        write(",Open_ABC,High_ABC,Low_ABC,Close_ABC,Volume_ABC\n", ISO), says="prices of ABC",
    ),
    "names as pairs": PriceFile(
        "yfinance",
        write("Date," + ",".join(f"\"('{role.title()}', 'ABC')\"" for role in ROLES) + "\n", ISO),
        says="prices of ABC",
    ),
    "quantmod": PriceFile(
        "quantmod",
        write('"","ABC.Open","ABC.High","ABC.Low","ABC.Close","ABC.Volume","ABC.Adjusted"\n',
              ISO, row='"{when}",{cells},1.0'),
        says="prices of ABC",
    ),
    "Investing.com": PriceFile(
        "Investing.com",
        "\ufeff" + backwards(write(INVESTING, days("%b %d, %Y"), order="cohlv",
                                   price=quoted, volume=short, row='"{when}",{cells},"0.10%"')),
        scale=5.0, says="close from 'Price'",
    ),
    "Investing.com, day first, no volume": PriceFile(
        "Investing.com",
        backwards(write(INVESTING, days("%d/%m/%Y"), order="cohlv", price=quoted,
                        volume=lambda _: '""', row='"{when}",{cells},"-0.10%"')),
        has_volume=False, says="day, month, year",
    ),
    "Investing.com, German": PriceFile(
        "Investing.com",
        backwards(write('"Datum","Zuletzt","Eröffn.","Hoch","Tief","Vol.","+/- %"\n',
                        days("%d.%m.%Y"), order="cohlv", price=lambda v: f'"{german(v)}"',
                        volume=lambda v: f'"{german(v / 1000)}K"', row='"{when}",{cells},"0,1%"')),
        scale=5.0, says="decimal comma",
    ),
    "Nasdaq": PriceFile(
        "Nasdaq",
        backwards(write("Date,Close/Last,Volume,Open,High,Low\n", days("%m/%d/%Y"),
                        order="cvohl", price=lambda v: f"${v:.2f}")),
        says="rows are newest first; they were reversed",
    ),
    "Nasdaq, no volume": PriceFile(
        "Nasdaq",
        write("Date,Close/Last,Volume,Open,High,Low\n", days("%m/%d/%Y"), order="cvohl",
              volume=lambda _: "N/A"),
        has_volume=False, says="a50-no-volume",
    ),
    "Stooq": PriceFile("Stooq", write(OHLCV, ISO)),
    "Stooq, Polish": PriceFile(
        "Stooq", write("Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen\n", ISO),
        says="close from 'Zamkniecie'",
    ),
    "Stooq, bulk": PriceFile(
        "Stooq",
        write("<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n",
              days("%Y%m%d"), row="ABC.US,D,{when},000000,{cells},0"),
        name="abc.us.txt", says="prices of ABC.US",
    ),
    "Stooq, bulk, hours": PriceFile(
        "Stooq",
        write("<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n",
              hours("%Y%m%d,%H%M%S"), row="ABC.US,60,{when},{cells},0"),
        name="abc.us.txt", is_hourly=True, says="'<DATE>' and '<TIME>'",
    ),
    "Alpha Vantage": PriceFile(
        "Alpha Vantage",
        backwards(write("timestamp,open,high,low,close,adjusted_close,volume\n", ISO,
                        order="ohlccv")),
    ),
    "Alpha Vantage, numbered": PriceFile(
        "Alpha Vantage", write("date,1. open,2. high,3. low,4. close,5. volume\n", ISO)
    ),
    "CryptoDataDownload": PriceFile(
        "CryptoDataDownload",
        "https://www.CryptoDataDownload.com\n" + backwards(
            write("unix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n",
                  hours("%Y-%m-%d %H:%M:%S"), row="1577836800,{when},BTC/USD,{cells},1.5")),
        is_hourly=True, says="volume from 'Volume BTC'",
    ),
    "CryptoDataDownload, AM and PM": PriceFile(
        "CryptoDataDownload",
        "Timestamps are UTC timezone,https://www.CryptoDataDownload.com\n" + backwards(
            write("Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USD\n",
                  hours("%Y-%m-%d %I-%p"), row="{when},BTCUSD,{cells},1.5")),
        is_hourly=True, says="prices of BTCUSD",
    ),
    "Binance": PriceFile(
        "Binance", write(KLINES, map(str, EPOCHS), row=BARE_KLINE), is_hourly=True,
        says="milliseconds since 1970",
    ),
    "Binance, no header": PriceFile(
        "Binance", write("", map(str, EPOCHS), row=BARE_KLINE), is_hourly=True,
        says="there is no header",
    ),
    "Binance, no header, microseconds": PriceFile(
        "Binance", write("", (f"{epoch}000" for epoch in EPOCHS), row=BARE_KLINE), is_hourly=True,
        says="microseconds since 1970",
    ),
    "Kraken": PriceFile(
        "Kraken", write("", map(str, EPOCHS), row="{when},{cells},7"), is_hourly=True,
        says="date, open, high, low, close, volume, trades",
    ),
    "MetaTrader 5": PriceFile(
        "MetaTrader",
        write("<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n",
              hours("%Y.%m.%d\t%H:%M:%S"), sep="\t", row="{when}\t{cells}\t0\t1"),
        is_hourly=True, says="volume from '<TICKVOL>'",
    ),
    "MetaTrader 5, days, UTF-16": PriceFile(
        "MetaTrader",
        write("<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n",
              days("%Y.%m.%d"), sep="\t", row="{when}\t{cells}\t0\t1").encode("utf-16"),
    ),
    "MetaTrader 4": PriceFile(
        "MetaTrader", write("", hours("%Y.%m.%d,%H:%M")), is_hourly=True,
        says="date, time, open, high, low, close, volume",
    ),
    "Dukascopy": PriceFile(
        "Dukascopy",
        write("Gmt time,Open,High,Low,Close,Volume\n", hours("%d.%m.%Y %H:%M:%S.000")),
        is_hourly=True, says="day, month, year",
    ),
    "HistData": PriceFile(
        "HistData", write("", hours("%Y%m%d %H%M%S"), sep=";", price=plain), is_hourly=True
    ),
    "Forex Tester": PriceFile(
        "Forex Tester",
        write("<TICKER>,<DTYYYYMMDD>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n",
              hours("%Y%m%d,%-H%M"), row="EURUSD,{when},{cells}"),
        is_hourly=True, says="'<DTYYYYMMDD>' and '<TIME>'",
    ),
    "Google Finance": PriceFile(
        "Google Finance", write(OHLCV, days("%-m/%-d/%Y 16:00:00")), says="month, day, year"
    ),
    "Google Finance, short years": PriceFile(
        "Google Finance", backwards(write(OHLCV, days("%-d-%b-%y")))
    ),
    "CoinMarketCap": PriceFile(
        "CoinMarketCap",
        backwards(write("Date,Open*,High,Low,Close**,Volume,Market Cap\n", days("%b %d, %Y"),
                        price=quoted, row='"{when}",{cells},"5,000"')),
    ),
    "NSE": PriceFile(
        "NSE and BSE",
        write("Symbol,Series,Date,Prev Close,Open Price,High Price,Low Price,Last Price,"
              "Close Price,Total Traded Quantity\n", days("%d-%b-%Y"), order="ohlccv",
              price=quoted, row='ABC,EQ,{when},"1,000.00",{cells}'),
        says="volume from 'Total Traded Quantity'",
    ),
    "Date beside Time": PriceFile(
        "any", write("Date,Time,Open,High,Low,Close,Volume\n", hours("%Y-%m-%d,%H:%M")),
        is_hourly=True, says="'Date' and 'Time'",
    ),
    "AM and PM": PriceFile("any", write(OHLCV, hours("%m/%d/%Y %I:%M %p")), is_hourly=True),
    "seconds": PriceFile(
        "any", write("timestamp,open,high,low,close,volume\n", map(str, EPOCHS)), is_hourly=True,
        says="seconds since 1970",
    ),
    "months by name": PriceFile(
        "any", write(OHLCV, days("%b %d, %Y"), row='"{when}",{cells}')
    ),
    "short years": PriceFile("any", write(OHLCV, days("%m/%d/%y")), says="month, day, year"),
    "semicolons and decimal commas": PriceFile(
        "any",
        write(OHLCV.replace(",", ";"), days("%d.%m.%Y"), sep=";",
              price=lambda v: f"{v:.2f}".replace(".", ",")),
        says="numbers with a decimal comma",
    ),
    "thousands": PriceFile(
        "any", write(OHLCV, ISO, price=quoted, volume=lambda v: f'"{v:,.0f}"')
    ),
    "no volume": PriceFile(
        "any", write("Date,Open,High,Low,Close\n", ISO, order="ohlc"), has_volume=False,
        says="the tier is a50-no-volume",
    ),
    "a cell more, empty": PriceFile("any", write(OHLCV, ISO, row="{when},{cells},")),
    "a cell more, an index": PriceFile(
        "any", write("Open,High,Low,Close,Volume\n", ISO), says="the header names no first column"
    ),
    "several tickers": PriceFile(
        "any", two_tickers(), options={"ticker": "aal"},
        says="the 900 rows of AAL in column Name are read, of 2 tickers",
    ),
    "no header, several tickers": PriceFile(
        "any",
        write("", ISO, row="ABC,{when},{cells}") + write("", ISO, row="XYZ,{when},{cells}"),
        options={"ticker": "XYZ"}, says="read as ticker, date, open, high, low, close, volume",
    ),
    "a format": PriceFile(
        "any", write(OHLCV, days("%Y %d %m")), options={"date_format": "%Y %d %m"},
        says="written '%Y %d %m'",
    ),
}  # fmt: skip
