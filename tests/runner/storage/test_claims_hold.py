"""Whatever lies where claims lie, a fit gets one owner at once or is watched, and nothing hangs."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runner.storage.claims import Claims, find_claim
from runner.storage.liveness import describe_self
from runner.storage.owner import FitClaim, Runner
from tests.json_values import any_json
from tests.runner.conftest import write_claim
from tests.special import SPECIAL

values = any_json(10**400, -(10**30), 2**64, "\ud800", "\x1b", 1e308)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "A1"


@contextmanager
def fresh(trial: Path) -> Iterator[Path]:
    """Yield a fit's folder in a trial's that holds nothing, and clear up what was put there."""
    trial.mkdir()
    try:
        yield trial / "seed-3"
    finally:
        shutil.rmtree(trial)


class Counted(Claims):
    """Claims that do not try for ever."""

    tries = 0

    def _create(self, path: Path) -> bool:
        self.tries += 1
        assert self.tries < 100, "it never ends"
        return super()._create(path)


def settle(fit: Path) -> None:
    """Let two runners ask for a fit: at most one gets it, and what it leaves is no hindrance."""
    with Counted() as first, Counted() as second:
        is_first = first.take(fit) is None
        assert first.holds(fit) == is_first
        assert second.take(fit) is not None
        assert not second.holds(fit)
        found = find_claim(fit)
        assert found is not None
        assert found.sight in {"runs", "ended", "unseen"}
        first.release(fit)
    found = find_claim(fit)
    assert is_first == (found is None)


@given(field=st.sampled_from(sorted(FitClaim.model_fields)), value=values)
def test_any_field_of_a_claim(trial: Path, field: str, value: object) -> None:
    with fresh(trial) as fit:
        path = write_claim(fit, describe_self())
        path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
        settle(fit)


@given(field=st.sampled_from(sorted(Runner.model_fields)), value=values)
def test_any_field_of_its_runner(trial: Path, field: str, value: object) -> None:
    with fresh(trial) as fit:
        path = write_claim(fit, describe_self())
        said = json.loads(path.read_text())
        path.write_text(json.dumps({**said, "runner": {**said["runner"], field: value}}))
        settle(fit)


@given(content=st.one_of(st.binary(max_size=40), values.map(lambda v: json.dumps(v).encode())))
def test_any_content(trial: Path, content: bytes) -> None:
    with fresh(trial) as fit:
        write_claim(fit, describe_self()).write_bytes(content)
        settle(fit)


@given(
    names=st.lists(
        st.one_of(
            st.integers(0, 10**30).map(str),
            st.integers(1, 235).map(lambda digits: "9" * digits),
            st.text(st.characters(exclude_characters="/\0", codec="utf-8"), max_size=12),
            st.sampled_from(["²", "٣", "1.5", "-1", "+1", "01", "1_0", "1e3", " 1", "1.part"]),
        ),
        max_size=4,
    ),
    ends=st.sampled_from([None, "2026-01-28"]),
)
@example(names=["999999999"], ends=None)
def test_any_generations(trial: Path, names: list[str], ends: str | None) -> None:
    claim = FitClaim(runner=describe_self().model_copy(update={"born": "1"}), since="", ended=ends)
    with fresh(trial) as fit:
        for name in names:
            path = fit.with_name(f".{fit.name}.claim-{name}")
            path.write_text(claim.model_dump_json())
        settle(fit)


@given(seconds=st.integers(-(2**63) // 10**9, 2**63 // 10**9))
def test_any_time_of_a_claim(trial: Path, seconds: int) -> None:
    with fresh(trial) as fit:
        elsewhere = describe_self().model_copy(update={"machine": "another"})
        path = write_claim(fit, elsewhere)
        os.utime(path, (0, seconds))
        settle(fit)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_file_in_the_place_of_ones_own_claim_ends_it(tmp_path: Path, kind: str) -> None:
    fit = tmp_path / "A1" / "seed-3"
    with Claims() as claims:
        assert claims.take(fit) is None
        path = find_claim(fit).path  # type: ignore[union-attr]
        path.unlink()
        SPECIAL[kind](path)
        assert not claims.holds(fit)
        assert claims.take(fit) is not None
        assert not claims.holds(fit)
    assert os.path.lexists(path)
