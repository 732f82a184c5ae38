"""What two machines must have alike, and what they may have otherwise."""

import sys
from pathlib import Path

import numpy as np

from runner.launching.likeness import (
    PYTHON,
    SOURCES,
    digest_sources,
    find_difference,
    find_release,
    take_stock,
)


def test_what_is_installed_is_told_by_its_release() -> None:
    stock = take_stock([PYTHON, "numpy", "no-such-package", SOURCES])
    assert set(stock) == {PYTHON, "numpy", SOURCES}
    assert stock[PYTHON] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert stock["numpy"] == np.__version__


def test_how_a_release_was_built_does_not_count() -> None:
    assert find_release("torch", "2.13.0+cu126") == find_release("torch", "2.13.0+cpu") == "2.13.0"
    assert find_release(PYTHON, "3.11.7") == "3.11"


def test_a_difference_is_told_with_both_sides() -> None:
    near = {"torch": "2.13.0", "numpy": "2.4.1", PYTHON: "3.11"}
    assert find_difference(near, {**near, "jax": "0.9"}) == ""
    assert find_difference(near, {PYTHON: "3.11", "numpy": "2.2.0"}) == (
        "torch 2.13.0 where the batch was started, none there, "
        "numpy 2.4.1 where the batch was started, 2.2.0 there"
    )


def test_sources_differ_by_a_byte_and_by_a_name(tmp_path: Path) -> None:
    module = tmp_path / "models" / "net" / "one.py"
    module.parent.mkdir(parents=True)
    module.write_text("x = 1\n")
    first = digest_sources(tmp_path)
    (tmp_path / "models" / "notes.txt").write_text("of no account")
    assert digest_sources(tmp_path) == first
    module.write_text("x = 2\n")
    second = digest_sources(tmp_path)
    module.rename(module.with_name("two.py"))
    assert len({first, second, digest_sources(tmp_path)}) == 3
