"""Whatever a batch has to tell, and whatever lies where it tells it, the log stays one of lines."""

import io
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rich.console import Console

from runner.batch.events import (
    EpochEnded,
    Event,
    FitElsewhere,
    FitEnded,
    FitRetried,
    FitStarted,
)
from runner.batch.tracker import Tracker
from runner.errors import BatchStopped
from scripts.running import live
from scripts.running.live import LiveTable, LogFile, PlainLines, watch
from tests.runner.conftest import fit, record
from tests.special import SPECIAL
from trial_sets.records.record import EpochPoint, Failure
from trial_sets.wording import tame_text

FITS = (fit("A1"), fit("A2", dropout=0.5))
texts = st.one_of(
    st.text(st.characters(), max_size=30),
    st.sampled_from(["\ud800", "a\nb", "\x1b]0;x\x07", "\u2028", "[red]", "\x85", "[/]"]),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
failures = texts.map(lambda text: Failure.of("error", text))


def _is_point(said: dict[str, object]) -> bool:
    try:
        EpochPoint.model_validate(said)
    except ValidationError:
        return False
    return True


points = (
    st.fixed_dictionaries(
        {
            "epoch": st.one_of(st.integers(), st.sampled_from([0, -1, 2**63, 10**30, 10**400])),
            "train_loss": numbers,
            "val_loss": numbers,
            "val_auc": st.none() | numbers,
            "seconds": numbers,
        }
    )
    .filter(_is_point)
    .map(EpochPoint.model_validate)
)
fits = st.sampled_from(FITS)
events = st.one_of(
    st.builds(FitStarted, fits, texts),
    st.builds(EpochEnded, fits, points),
    st.builds(FitRetried, fits, failures),
    st.builds(FitElsewhere, fits, texts),
    st.builds(lambda of, auc: FitEnded(of, record(of, auc)), fits, numbers),
    st.builds(lambda of, why: FitEnded(of, record(of, failure=why)), fits, failures),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "progress.log"


def tell(log: Path, told: Sequence[Event]) -> list[str]:
    """Tell of a batch; return what the screen shows of it, line by line."""
    tracker = Tracker(FITS, [1e9, 1e12])
    screen, file = io.StringIO(), LogFile(log)
    lines = PlainLines(tracker, [screen, file])
    for event in told:
        tracker(event)
        lines(event)
        Console(file=io.StringIO(), width=100).print(LiveTable(tracker))
    file.close()
    return screen.getvalue().splitlines(keepends=True)


@given(told=st.lists(events, max_size=8), before=st.binary(max_size=30))
def test_any_events_follow_any_log(place: Path, told: list[Event], before: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "PLAIN_EVERY_S", 0.0)
        place.write_bytes(before)
        said = tell(place, told)
    assert len(said) == len(told)
    assert all(line.endswith("\n") and tame_text(line[:-1]) == line[:-1] for line in said)
    after = place.read_bytes()
    assert after.startswith(before)
    is_torn = bool(before) and not before.endswith(b"\n")
    assert after[len(before) :] == (b"\n" if is_torn else b"") + "".join(said).encode()


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_file_is_named_before_anything_runs(tmp_path: Path, kind: str) -> None:
    log = tmp_path / "progress.log"
    SPECIAL[kind](log)
    with (
        pytest.raises(BatchStopped, match=r"progress\.log: cannot be written: "),
        watch(Tracker([], []), Console(file=io.StringIO()), log),
    ):
        pytest.fail("the batch began")


def test_a_pipe_that_somebody_reads_is_no_log(tmp_path: Path) -> None:
    log = tmp_path / "progress.log"
    os.mkfifo(log)
    reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="not a regular file"):
            LogFile(log)
    finally:
        os.close(reader)


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_stands_in_the_runs_place_is_named(tmp_path: Path, kind: str) -> None:
    SPECIAL[kind](tmp_path / "run")
    if kind == "folder":
        shutil.rmtree(tmp_path / "run")
        (tmp_path / "run").touch()
    with (
        pytest.raises(BatchStopped, match=r"progress\.log: cannot be written: "),
        watch(Tracker([], []), Console(file=io.StringIO()), tmp_path / "run" / "progress.log"),
    ):
        pytest.fail("the batch began")
