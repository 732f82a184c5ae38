"""A bench for plans of looks."""

import shutil
from pathlib import Path

import pytest

from tests.looked import LookBench


def replace_batches(bench: LookBench, patch: pytest.MonkeyPatch) -> LookBench:
    """Let the commands run the bench's batches, which take no time."""
    for module in ("batch", "until_decided"):
        patch.setattr(f"scripts.running.{module}.run_batch", bench.run_batch)
    return bench


@pytest.fixture
def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LookBench:
    """Return a bench whose study is written, and whose batches take no time."""
    bench = LookBench(tmp_path)
    bench.write()
    return replace_batches(bench, monkeypatch)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> LookBench:
    """Return a bench whose claims are all decided, of which `decided` makes copies."""
    bench = LookBench(tmp_path_factory.mktemp("decided"))
    bench.write()
    with pytest.MonkeyPatch.context() as patch:
        replace_batches(bench, patch).decide()
    return bench


@pytest.fixture
def decided(pattern: LookBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LookBench:
    """Return a bench whose claims are all decided."""
    shutil.copytree(pattern.folder, tmp_path, dirs_exist_ok=True)
    bench = LookBench(tmp_path, batches=[list(batch) for batch in pattern.batches])
    return replace_batches(bench, monkeypatch)
