"""A file of prices is read as what it is or refused, however it is written and bent."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models.data.sources
from models.data.indicators.indicator import Bars
from models.data.labelling.rules import LabelRule
from models.data.raw_data import RawData
from models.data.reading.clock import write_clock
from models.data.reading.dates import looks_like_date, write_iso
from models.data.reading.names import simplify
from models.data.reading.numbers import find_mark, parse_numbers
from models.data.sources import DataSource, load_source
from models.errors import DataError
from tests.models.data.price_forms import FILES

N = 40
ROLES = ("open", "high", "low", "close", "volume")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder; prices of few rows are enough, and their features are themselves."""

    def as_features(bars: Bars, *_: object) -> npt.NDArray[np.float64]:
        return np.column_stack([getattr(bars, role) for role in ROLES])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.data.sources, "refuse_too_short", lambda *_: None)
        patch.setattr(models.data.sources, "lacks_weeks", lambda *_: False)
        patch.setattr(models.data.sources, "compute_tier", as_features)
        yield tmp_path_factory.mktemp("forms")


def load(path: Path, content: bytes, **options: str) -> RawData | None:
    path.write_bytes(content)
    try:
        return load_source(DataSource(path, **options), "a50", LabelRule())
    except DataError:
        return None


def comma(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def german(value: float, places: int) -> str:
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


NUMBERS: dict[str, Callable[[float, int], str]] = {
    "plain": lambda value, places: f"{value:.{places}f}",
    "thousands": lambda value, places: f"{value:,.{places}f}",
    "dollars": lambda value, places: f"${value:,.{places}f}",
    "euros": lambda value, places: f"{value:.{places}f} €",
    "comma": comma,
    "german": german,
}
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y",
    "%m/%d/%y", "%d/%m/%y", "%y-%m-%d", "%d.%m.%y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y",
    "%B %d, %Y", "%d %b %Y", "%a, %b %d, %Y", "%-d/%-m/%Y", "%-m/%-d/%Y",
)  # fmt: skip
CLOCKS = (" %H:%M", " %H:%M:%S", "T%H:%M:%SZ", " %I:%M %p", " %I-%p", " %H%M%S", " %H:%M:%S+00:00")
NAMES = (
    ("Date", "Open", "High", "Low", "Close", "Volume"),
    ("<DATE>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<VOL>"),
    ("Date", "Open", "High", "Low", "Price", "Vol."),
    ("timestamp", "1. open", "2. high", "3. low", "4. close", "5. volume"),
    ("Datum", "Erster", "Hoch", "Tief", "Schlusskurs", "Stuecke"),
)


@dataclass(frozen=True)
class Written:
    """A file, and the series that it holds."""

    text: str
    frame: pd.DataFrame  # index the dates, columns the roles
    is_timed: bool


def quote(cell: str, sep: str) -> str:
    return f'"{cell}"' if sep in cell else cell


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Draw prices, and a way to write them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale, places = draw(st.sampled_from([1.0, 90.0, 30_000.0])), draw(st.integers(1, 4))
    close = scale * np.exp(np.cumsum(0.01 * rng.standard_normal(N)))
    spread = 1 + 0.02 * rng.random((2, N)) + 10.0**-places / scale
    opening = close * (1 + 0.005 * rng.standard_normal(N))
    high, low = np.maximum(opening, close) * spread[0], np.minimum(opening, close) / spread[1]
    volume = np.floor(10 ** rng.uniform(0, 7, N))
    is_timed = draw(st.booleans())
    start = pd.Timestamp("2001-01-01") + pd.Timedelta(days=draw(st.integers(0, 9_000)))
    step = "h" if is_timed else draw(st.sampled_from(["D", "B", "W"]))
    dates = pd.date_range(start, periods=N, freq=step)
    values = np.column_stack([opening, high, low, close]).round(places)
    frame = pd.DataFrame(np.column_stack([values, volume]), dates, list(ROLES))
    sep = draw(st.sampled_from([",", ";", "\t", "|"]))
    style = NUMBERS[draw(st.sampled_from(list(NUMBERS)))]
    form = draw(st.sampled_from(DAYS)) + (draw(st.sampled_from(CLOCKS)) if is_timed else "")
    names = list(draw(st.sampled_from(NAMES)))
    order = [0, *draw(st.permutations([1, 2, 3, 4, 5]))]
    lines = []
    for date, row in zip(dates.strftime(form), frame.to_numpy(), strict=True):
        cells = [date, *(style(value, places) for value in row[:4]), style(row[4], 0)]
        lines.append(sep.join(quote(cells[i], sep) for i in order))
    if draw(st.booleans()):
        lines.reverse()
    head = draw(st.sampled_from(["", "\ufeff", "https://www.example.com\n"]))
    return Written(
        head + "\n".join([sep.join(names[i] for i in order), *lines]) + "\n", frame, is_timed
    )


@given(file=written())
def test_any_way_of_writing_is_read_as_it_is_meant_or_refused(folder: Path, file: Written) -> None:
    raw = load(folder / "any.csv", file.text.encode())
    if raw is None:
        return
    assert raw.tier == "a50"
    np.testing.assert_array_equal(raw.dates, file.frame.index.to_numpy().astype("datetime64[ns]"))
    np.testing.assert_allclose(raw.features, file.frame.to_numpy(), rtol=1e-12)


@pytest.mark.slow
def test_most_ways_of_writing_are_read(folder: Path) -> None:
    seen: list[bool] = []

    @settings(max_examples=60, database=None, derandomize=True, deadline=None)
    @given(file=written())
    def count(file: Written) -> None:
        seen.append(load(folder / "any.csv", file.text.encode()) is not None)

    count()
    assert np.mean(seen) > 0.6  # forty days in one month or two leave open which number is the day


SHORT = {
    case: text[:2000].encode() for case, file in FILES.items() if isinstance(text := file.text, str)
}


@given(
    case=st.sampled_from(list(SHORT)),
    place=st.integers(0, 2_000),
    length=st.integers(0, 30),
    patch=st.one_of(
        st.text(max_size=6).map(str.encode),
        st.binary(max_size=6),
        st.sampled_from([b",", b'"', b"\n", b";", b"-", b"$", b"1,5", b"nan", b"PM", b"\xff\xfe"]),
    ),
    ticker=st.sampled_from([None, "ABC", "aal", "", "\u0130"]),
)
def test_a_changed_file(
    folder: Path, case: str, place: int, length: int, patch: bytes, ticker: str | None
) -> None:
    content = SHORT[case]
    place %= len(content)
    options = {} if ticker is None else {"ticker": ticker}
    raw = load(folder / "any.csv", content[:place] + patch + content[place + length :], **options)
    if raw is None:
        return
    assert (np.diff(raw.dates) > np.timedelta64(0)).all()
    if raw.tier != "own":
        assert (raw.features[:, :4] > 0).all()
        assert (raw.features[:, 1] >= raw.features[:, 2]).all()


@given(
    date_format=st.one_of(
        st.text(max_size=8),
        st.text(alphabet="%YymdbBHMSpzjU/-. ", max_size=12),
        st.sampled_from(["%Y", "%s", "%c", "%G-%V-%u", "%Y-%m-%d%z", "%y%m%d", "%d/%m/%Y\n"]),
    ),
    case=st.sampled_from(list(SHORT)),
)
def test_any_format(folder: Path, date_format: str, case: str) -> None:
    load(folder / "any.csv", SHORT[case], date_format=date_format)


texts = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789.,-+$%KMeE() '\u2212\u00a0\u0663\uff11", max_size=14),
    st.text(alphabet="0123456789/-.: TZAPMJanFebGMT+", max_size=24),
)


@given(cells=st.lists(texts, max_size=6), mark=st.sampled_from([".", ",", None]))
def test_any_texts(cells: Sequence[str], mark: str | None) -> None:
    column = pd.Series(cells, dtype=object)
    numbers = parse_numbers(column, mark)  # type: ignore[arg-type]
    assert find_mark([column]) in {".", ",", None}
    assert len(numbers) == len(cells)
    for cell in cells:
        (number,) = parse_numbers(pd.Series([cell], dtype=object), mark)  # type: ignore[arg-type]
        with contextlib.suppress(ValueError):
            if mark == "." and "_" not in cell and np.isfinite(float(cell)):
                assert number == float(cell)
        assert write_clock(cell) is None or ":" in f"{write_clock(cell)}:"
        assert isinstance(looks_like_date(cell), bool)
        assert isinstance(simplify(cell), str)
    with contextlib.suppress(DataError):
        iso, _ = write_iso(cells, "a.csv", range(len(cells)))
        assert len(iso) == len(cells)
