"""Every form of prices that people have gives the same series, and says how it was read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.data.labelling.rules import LabelRule
from models.data.raw_data import RawData
from models.data.sources import DataSource, load_source
from models.errors import DataError
from tests.models.data.price_files import ROLES, SERIES, N, PriceFile
from tests.models.data.price_forms import FILES

Write = Callable[..., Path]
RULE = LabelRule()


def load(write: Write, file: PriceFile) -> RawData:
    source = DataSource(write(file.text, file.name), **file.options)
    return load_source(source, "a50", RULE)


@pytest.mark.parametrize("case", FILES)
def test_a_price_file_gives_the_series_that_it_was_made_from(write: Write, case: str) -> None:
    file = FILES[case]
    raw = load(write, file)
    assert len(raw.dates) == N
    assert (raw.dates == file.dates.to_numpy().astype("datetime64[ns]")).all()
    for role in ROLES[: 5 if file.has_volume else 4]:
        values = raw.features[:, raw.feature_names.index(role)]
        tolerance = file.scale if role == "volume" else 0.0
        np.testing.assert_allclose(values, SERIES[role], rtol=0, atol=tolerance)
    reached = SERIES["high"].shift(-1) >= SERIES["close"] * 1.01
    assert raw.labels[:-1].tolist() == reached.astype(int).tolist()[:-1]
    assert raw.label == "the next row's high reaches close + 1 %"
    lacks = "-no-volume" * (not file.has_volume) + "-no-weeks" * file.is_hourly
    assert raw.tier == f"a50{lacks}"
    assert f"{N} rows" in raw.reading
    assert file.says in "\n".join([raw.reading, *raw.notices])


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("several tickers", r"column Name names 2 tickers \('AAL', 'AAPL'\); choose one with --ti"),
        (
            "yfinance, several",
            r"its columns hold 2 tickers \('ABC', 'XYZ'\); choose one with --tic",
        ),
    ],
)
def test_of_several_tickers_one_must_be_chosen(write: Write, case: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        load(write, replace(FILES[case], options={}))
    with pytest.raises(DataError, match=r"--ticker AAB: .* has no such ticker"):
        load(write, replace(FILES[case], options={"ticker": "AAB"}))


def test_each_of_several_tickers_is_another_series(write: Write) -> None:
    file = FILES["several tickers"]
    one, other = (load(write, replace(file, options={"ticker": t})) for t in ("AAL", "AAPL"))
    np.testing.assert_array_equal(other.features[:, 0], 2 * one.features[:, 0])
    assert one.fingerprint != other.fingerprint
