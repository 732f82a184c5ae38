"""What fits have left is the same whether one process reads it or several."""

import os
import signal
from pathlib import Path
from unittest.mock import patch

import pytest

from runner.planning import filed_fits
from runner.planning.filed_fits import read_filed
from runner.planning.record_reader import RecordReader
from runner.storage.filed_fit import FiledFit
from runner.storage.outputs import RunFolder
from tests.runner.conftest import fit, record
from trial_sets.records.fit_id import FitId
from trial_sets.records.record import Failure

SEEDS = range(12)
FITS = [FitId("A1", seed) for seed in SEEDS]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Return a run with records, a failure, a damaged record, and fits without any."""
    run = RunFolder(tmp_path / "tiny" / "run")
    for seed in SEEDS[:9]:
        failure = Failure.of("error", 'said "no"\n', "Traceback") if seed == 4 else None
        run.write_record(record(fit("A1", seed), 0.5 + seed / 100, failure), None)
    path = run.fit("A1", 2) / "record.json"
    path.write_text(path.read_text().replace("0.52", "0.92"))
    return run


@pytest.fixture
def read_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two processes read, a fit at a time."""
    monkeypatch.setattr(filed_fits, "MOST_ALONE", 0)
    monkeypatch.setattr(filed_fits, "_BLOCK", 1)
    monkeypatch.setattr(filed_fits, "count_cores", lambda: 2)


def test_a_record_is_condensed_a_damaged_one_named_and_none_is_none(folder: RunFolder) -> None:
    found = read_filed(folder, FITS)
    assert found[0] == FiledFit.of(folder.read_record("A1", 0))  # type: ignore[arg-type]
    assert isinstance(found[2], str)
    assert found[2].endswith("record.json: not what was written: its sha256 is another")
    assert isinstance(found[4], FiledFit)
    assert found[4].failure == Failure(kind="error", message='said "no"\n')
    assert found[9:] == [None] * 3


def test_several_processes_find_the_same(folder: RunFolder, read_by_two: None) -> None:
    with patch("runner.planning.filed_fits.read_one", side_effect=AssertionError):
        found = read_filed(folder, FITS)
    with patch("runner.planning.filed_fits.MOST_ALONE", len(FITS)):
        assert found == read_filed(folder, FITS)


def test_what_a_killed_reader_has_not_read_is_read_without_it(folder: RunFolder) -> None:
    with RecordReader(folder, FITS) as reader:
        os.kill(reader._process.pid, signal.SIGKILL)
        reader._process.wait()
        reader.begin()
        found = [reader.take() for _ in FITS]
    assert found == read_filed(folder, FITS)


def test_a_rewritten_record_is_another_and_one_read_again_is_not(folder: RunFolder) -> None:
    first, again = (read_filed(folder, FITS[:1])[0] for _ in range(2))
    folder.write_record(record(fit("A1", 0), 0.75), None)
    assert first == again
    assert first != read_filed(folder, FITS[:1])[0]
