"""Prefixes that need nothing but this machine."""

from pathlib import Path

import pytest

from runner.launching.prefix import LaunchPrefix, parse_prefixes

# What ssh does with its words and its environment; the first of them is the host.
SSH_LIKE = """#!/bin/sh
shift
cd /
exec env -i PATH="$PATH" sh -c "$*"
"""


@pytest.fixture
def ssh_like(tmp_path: Path) -> LaunchPrefix:
    """Return a program that joins its words, drops the environment and goes elsewhere, as ssh."""
    program = tmp_path / "bin" / "fake-ssh"
    program.parent.mkdir()
    program.write_text(SSH_LIKE)
    program.chmod(0o755)
    (prefix,) = parse_prefixes([f"{program} host"])
    return prefix


@pytest.fixture
def env_like() -> LaunchPrefix:
    """Return a prefix that hands on its words as they are."""
    (prefix,) = parse_prefixes(["env TOLD=yes"])
    return prefix
