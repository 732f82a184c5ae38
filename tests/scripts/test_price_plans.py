"""Other people's price files from the command line: the plan says what each was read as."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scripts.run_supplementary import main
from tests.models.data.price_files import PriceFile, days, write
from tests.models.data.price_forms import FILES

OHLCV = "Date,Open,High,Low,Close,Volume\n"


@pytest.fixture(autouse=True)
def _go_to_the_study(tmp_path: Path, tiny_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert tiny_study == tmp_path / "tiny"


def plan(text: str | bytes, *options: str, name: str = "prices.csv") -> Any:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    arguments = ["--study", "tiny", "--set", "A", "--data", name, *options, "--dry-run"]
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, result.stderr
    printed = CliRunner().invoke(main, arguments)
    content = json.loads(result.stdout)
    assert f"Data read as {content['reading']}" in printed.stdout
    return content


@pytest.mark.parametrize(
    ("case", "tier", "features", "reading"),
    [
        ("Investing.com", "a50", 55, "close from 'Price'; volume from 'Vol.'"),
        ("no volume", "a50-no-volume", 49, "no volume"),
        ("MetaTrader 5", "a50-no-weeks", 52, "'<DATE>' and '<TIME>'; volume from '<TICKVOL>'"),
    ],
)
def test_the_plan_says_what_a_file_was_read_as(
    case: str, tier: str, features: int, reading: str
) -> None:
    file: PriceFile = FILES[case]
    said = plan(file.text, name=file.name)
    assert (said["tier"], said["features"]) == (tier, features)
    assert said["reading"].startswith("prices: 900 rows, ")
    assert reading in said["reading"]
    assert said["reading"].endswith("label: the next row's high reaches close + 1 %")


def test_each_ticker_of_a_file_has_runs_of_its_own() -> None:
    text = FILES["several tickers"].text
    runs = {ticker: plan(text, "--ticker", ticker)["run"] for ticker in ("AAL", "AAPL")}
    assert [run.rpartition("-")[0] for run in runs.values()] == ["prices-aal", "prices-aapl"]
    assert plan(text, "--ticker", "aal")["run"] == runs["AAL"]


def test_a_format_is_another_run_only_where_it_reads_other_dates() -> None:
    shown = write(OHLCV, days("%m/%d/%Y"))
    assert plan(shown)["run"] == plan(shown, "--date-format", "%m/%d/%Y")["run"]
    open_ = write(OHLCV, [f"01/{1 + i % 12:02}/{1930 + i // 12}" for i in range(900)])
    runs = {plan(open_, "--date-format", f)["run"] for f in ("%d/%m/%Y", "%m/%d/%Y")}
    assert len(runs) == 2


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("several tickers", "2 tickers ('AAL', 'AAPL'); choose one with --ticker"),
        ("open", "say it with --date-format %d/%m/%Y or %m/%d/%Y"),
    ],
)
def test_what_a_file_leaves_open_is_asked_for_in_a_sentence(case: str, message: str) -> None:
    text = write(OHLCV, [f"01/{1 + i % 12:02}/{1930 + i // 12}" for i in range(900)])
    Path("prices.csv").write_text(str(FILES[case].text) if case in FILES else text)
    arguments = ["--study", "tiny", "--set", "A", "--data", "prices.csv", "--dry-run"]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_embedded_data_needs_no_words() -> None:
    arguments = ["--study", "tiny", "--set", "A", "--dry-run"]
    assert "read as" not in CliRunner().invoke(main, arguments).stdout
