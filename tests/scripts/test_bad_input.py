"""Whatever is wrong with what a person gives, the answer is one sentence and exit code 2.

Every kind is bent from a study and a price file that work.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from scripts.run_supplementary import main
from tests.conftest import TINY_SET, TINY_STUDY

Bend = Callable[[pd.DataFrame], pd.DataFrame | str | bytes]


@pytest.fixture(autouse=True)
def _go_to_a_working_example(
    tmp_path: Path, tiny_study: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.chdir(tmp_path)
    prices(rng).to_csv("prices.csv", index=False)
    assert tiny_study == tmp_path / "tiny"


def prices(rng: np.random.Generator, rows: int = 700) -> pd.DataFrame:
    close = 100 * np.exp(rng.normal(0, 0.01, rows).cumsum())
    opening = close * np.exp(rng.normal(0, 0.003, rows))
    return pd.DataFrame(
        {
            "Date": pd.bdate_range("2018-01-01", periods=rows).strftime("%Y-%m-%d"),
            "Open": opening,
            "High": np.maximum(opening, close) * (1 + rng.exponential(0.005, rows)),
            "Low": np.minimum(opening, close) * (1 - rng.exponential(0.005, rows)),
            "Close": close,
            "Volume": rng.integers(1_000, 9_000, rows),
        }
    )


def refuse(*arguments: str, message: str) -> None:
    result = CliRunner().invoke(main, [*arguments, "--dry-run"])
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1 or result.stderr.startswith("Usage:")
    assert not Path("outputs").exists()


ON_PRICES = ("--study", "tiny", "--set", "A", "--data", "prices.csv")


def test_the_example_itself_is_accepted() -> None:
    result = CliRunner().invoke(main, [*ON_PRICES, "--dry-run"])
    assert result.exit_code == 0, result.stderr


OPTIONS: list[tuple[list[str], str]] = [
    ([], "say what to run: --set with one of A, B or all"),
    (["--set", "Q"], "there is no set 'Q'"),
    (["--set", ","], "say what to run"),
    (["--trial", "A3"], "there is no trial 'A3'; did you mean A"),
    (["--set", "A", "--seeds", "3"], "--seeds 3: study tiny declares 2 seeds"),
    (["--set", "A", "--seeds", "0"], "Invalid value for '--seeds'"),
    (["--set", "A", "--seeds", "two"], "Invalid value for '--seeds'"),
    (["--set", "A", "--jobs", "0"], "Invalid value for '--jobs'"),
    (["--set", "A", "--epochs", "0"], "Invalid value for '--epochs'"),
    (["--set", "A", "--epochs", "1000000"], "epochs=1000000, expected less than or equal"),
    (["--set", "A", "--context", "4"], "patch=8 is longer than context=4"),
    (["--set", "A", "--device", "gpu"], "--device gpu: expected auto, cpu, mps, cuda"),
    (["--set", "A", "--tier", "a5O"], "there is no such tier; did you mean a50?"),
    (["--set", "A", "--trainer", "mine"], "--trainer mine: expected FILE.py:function"),
    (["--set", "A", "--trainer", "mine.py:f"], "cannot be read: No such file"),
    (["--set", "A", "--evaluate-test", "A1"], "--evaluate-test names its trial"),
    (["--evaluate-test", "A9"], "there is no trial 'A9'; did you mean"),
    (["--set", "A", "--output", "prices.csv"], "Invalid value for '--output'"),
    (["--set", "A", "--output", "prices.csv/x"], "cannot hold the records, since prices.csv is"),
    (["--set", "A", "--wat"], "No such option"),
    (["--seeds", "--set", "A"], "Invalid value for '--seeds'"),
]


@pytest.mark.parametrize(("arguments", "message"), OPTIONS, ids=lambda v: str(v)[:40])
def test_an_option(arguments: list[str], message: str) -> None:
    refuse("--study", "tiny", *arguments, message=message)


DATA_OPTIONS: list[tuple[list[str], str]] = [
    (["--data", "price.csv"], "price.csv: there is no such file (nearest: 'prices.csv')"),
    (["--data", "tiny"], "the suffix '' is not one of"),
    (["--val-start", "2019-13-01"], "--val-start: found '2019-13-01'; expected a date"),
    (["--val-start", "2019-01-01"], "a split by dates needs --test-start; found --val-start"),
    (
        ["--val-start", "2020-01-01", "--test-start", "2019-01-01"],
        "test_start 2019-01-01 must lie after val_start 2020-01-01",
    ),
    (["--val-start", "1990-01-01", "--test-start", "1991-01-01"], "outside the dates of"),
    (["--val-start", "2020-01-01", "--test-start", "2020-01-10"], "no window of 16 such rows"),
    (["--val-fraction", "0.9", "--test-fraction", "0.2"], "split fractions: found"),
    (["--val-fraction", "-0.1"], "split fractions: found"),
    (["--val-fraction", "0.1", "--test-end", "2020-01-01"], "give either dates or fractions"),
    (["--threshold", "2"], "threshold=2.0, expected less than 1"),
    (["--threshold", "0.9"], "has 0 positive of"),
    (["--horizon", "0"], "horizon=0, expected greater than or equal to 1"),
    (["--direction", "sideways"], "direction=\"sideways\", expected 'up' or 'down'"),
    (["--label", "Closed"], "there is no column 'Closed' (nearest: 'Close')"),
    (["--label", "Close"], "Close"),
    (["--date-column", "When"], "there is no column 'When'"),
    (["--date-format", "%d/%m/%Y"], "row 1, column Date: found '2018-01-01'; expected a date w"),
    (["--date-format", "DD/MM/YYYY"], "'DD/MM/YYYY': expected a form such as %d/%m/%Y"),
    (["--date-format", "%Y-%Q"], "--date-format '%Y-%Q': expected each at most once of"),
    (["--ticker", "SPY"], "--ticker SPY: prices.csv has no column of tickers"),
]


@pytest.mark.parametrize(("arguments", "message"), DATA_OPTIONS, ids=lambda v: str(v)[:40])
def test_a_data_option(arguments: list[str], message: str) -> None:
    refuse(*ON_PRICES, *arguments, message=message)


def cell(row: int, column: str, value: object) -> Bend:
    def bend(frame: pd.DataFrame) -> pd.DataFrame:
        changed = frame.astype(object)
        changed.loc[row, column] = value
        return changed

    return bend


FILES: list[tuple[Bend, str]] = [
    (lambda frame: "", "the file is empty"),
    (lambda frame: "Date\n", "expected CSV"),
    (lambda frame: "Date,Open,High,Low,Close,Volume\n", "a header but no row"),
    (lambda frame: b"\x00\x01\x02", "not a text file"),
    (lambda frame: b"Date,Close\n2020-01-01,\xff\n", "is not UTF-8"),
    (lambda frame: frame.head(50), "found 50 rows; tier a50 needs more than 199"),
    (lambda frame: frame.drop(columns="Low"), "ow"),
    (lambda frame: frame.drop(columns="Date"), "date"),
    (lambda frame: frame.assign(Close2=1).rename(columns={"Close2": "close"}), "close"),
    (lambda frame: pd.concat([frame, frame.tail(1).assign(Close=1.0, Low=1.0)]), "twice"),
    (lambda frame: pd.concat([frame.assign(Symbol="A"), frame.assign(Symbol="B")]), "--ticker"),
    (cell(9, "Date", "someday"), "someday"),
    (cell(9, "Date", ""), "prices.csv"),
    (cell(9, "Close", ""), "prices.csv"),
    (cell(9, "Close", "ten"), "ten"),
    (cell(9, "Close", "inf"), "inf"),
    (cell(9, "Close", 0), "column close: found 0; expected a price above 0"),
    (cell(9, "Low", -1), "-1"),
    (cell(9, "High", 1), "igh"),
    (cell(9, "Volume", -5), "-5"),
    (lambda frame: frame.to_csv(index=False) + "1,2,3,4,5,6,7,8\n", "8"),
]


@pytest.mark.parametrize("number", range(len(FILES)))
def test_a_data_file(number: int, rng: np.random.Generator) -> None:
    bend, message = FILES[number]
    content = bend(prices(rng))
    if isinstance(content, pd.DataFrame):
        content = content.to_csv(index=False)
    path = Path("prices.csv")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    refuse(*ON_PRICES, message=message)


def test_a_parquet_file_that_is_none() -> None:
    Path("prices.parquet").write_bytes(b"PAR1 but not really")
    refuse("--study", "tiny", "--set", "A", "--data", "prices.parquet", message="prices.parquet")


STUDIES: list[tuple[tuple[Any, ...], Any, str]] = [
    (("study", "base", "d_modle"), 8, 'unknown key "d_modle"; did you mean d_model?'),
    (("study", "base", "n_heads"), 3, "d_model=8 is not divisible by n_heads=3"),
    (("study", "seeds"), [], "seeds=[], expected"),
    (("study", "rope"), 2, "rope=2, expected a difference of AUC less than 0.5"),
    (("A", "control"), "L", "unknown control 'L'"),
    (("A", "trials", "A1", "dropout"), 1.2, "trial A1: dropout=1.2, expected less than 1"),
    (("A", "trials", "A1", "lr"), 1e-3, 'trial A1: unknown key "lr"'),
    (("A", "trials", "K"), {}, "the trial name K stands twice"),
    (("A", "trials", "../up"), {}, 'the name "../up" is not letters'),
    (("A", "expectations", 0, "better"), "A2", "expectation 1: better"),
]


@pytest.mark.parametrize(("path", "value", "message"), STUDIES, ids=lambda v: str(v)[:40])
def test_a_study_file(path: tuple[Any, ...], value: object, message: str) -> None:
    content = json.loads(json.dumps(TINY_STUDY if path[0] == "study" else TINY_SET))
    node = content
    for part in path[1:-1]:
        node = node[part]
    node[path[-1]] = value
    Path("tiny", f"{path[0]}.json").write_text(json.dumps(content))
    refuse("--study", "tiny", "--set", "A", message=message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(:\n", "mine.py: not valid Python at line 1"),
        ("x = 1\n", "defines no function 'f'"),
        ("def fit(): ...\n", "defines no function 'f'; did you mean fit?"),
    ],
)
def test_a_trainer_file(text: str, message: str) -> None:
    Path("mine.py").write_text(text)
    refuse("--study", "tiny", "--set", "A", "--trainer", "mine.py:f", message=message)


@pytest.mark.parametrize("value", ["nan", "inf", "1" + "0" * 400, "-inf"])
@pytest.mark.parametrize("option", ["--timeout", "--hang-after"])
def test_seconds_are_a_finite_number(option: str, value: str) -> None:
    told = CliRunner().invoke(main, ["--list", f"{option}={value}"])
    assert told.exit_code == 2
    assert f"Invalid value for '{option}'" in told.output


@pytest.mark.parametrize("name", ["n" * 300, "n" * 300 + "/x", "a/" + "n" * 300])
@pytest.mark.parametrize("option", ["--study", "--trials", "--data", "--output", "--new-study"])
def test_no_name_is_too_long_for_a_sentence(option: str, name: str) -> None:
    name += {"--trials": ".json", "--data": ".csv"}.get(option, "")
    told = CliRunner().invoke(main, ["--set", "A", "--dry-run", option, name])
    assert told.exit_code == 2
    assert "Error: " in told.output
    assert isinstance(told.exception, SystemExit)


@pytest.mark.parametrize("option", ["--study", "--trials", "--data", "--trainer"])
def test_a_name_that_run_json_could_not_keep_is_refused(option: str) -> None:
    told = CliRunner().invoke(main, ["--list", option, "x\udcff.json"])
    assert told.exit_code == 2
    assert f"{option}: the name is not UTF-8" in told.output


@pytest.mark.parametrize("value", ["0", "-1", "-inf", "soon"])
def test_no_time_at_all_is_refused(value: str) -> None:
    refuse(*ON_PRICES, "--timeout", value, message="Invalid value for '--timeout'")
