"""A bench for plans of looks."""

from pathlib import Path

import pytest

from tests.looked import LookBench


@pytest.fixture
def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LookBench:
    """Return a bench whose study is written, and whose batches take no time."""
    bench = LookBench(tmp_path)
    bench.write()
    for module in ("batch", "until_decided"):
        monkeypatch.setattr(f"scripts.running.{module}.run_batch", bench.run_batch)
    return bench
