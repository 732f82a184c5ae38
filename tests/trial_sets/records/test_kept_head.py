"""The ledger's head is kept with a run, whole, and read with care."""

from pathlib import Path

import pytest

from trial_sets.errors import InputError
from trial_sets.records.kept_head import keep_head, read_kept_head
from trial_sets.records.layout import RunLayout


def test_the_last_head_is_kept(tmp_path: Path) -> None:
    run = RunLayout(tmp_path)
    assert read_kept_head(run) is None
    for head in ("0" * 64, "f" * 64):
        keep_head(run, head)
        assert read_kept_head(run) == head
    assert list(tmp_path.iterdir()) == [tmp_path / "claims-head.json"]


@pytest.mark.parametrize("content", ["", "[]", '{"schema_version":1}', '{"head":"F"}'])
def test_anything_else_is_refused(tmp_path: Path, content: str) -> None:
    run = RunLayout(tmp_path)
    run.claims_head.write_text(content)
    with pytest.raises(InputError, match=r"claims-head\.json"):
        read_kept_head(run)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    run = RunLayout(tmp_path / "run")
    run.path.mkdir()
    keep_head(RunLayout(tmp_path), "0" * 64)
    run.claims_head.symlink_to(tmp_path / "claims-head.json")
    with pytest.raises(InputError, match="symbolic link"):
        read_kept_head(run)
