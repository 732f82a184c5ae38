"""What the commands say about themselves."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts import version
from scripts.analyze import main as analyze
from scripts.run_search import main as run_search
from scripts.run_supplementary import main as run_supplementary

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = {
    "analyze": analyze,
    "run_search": run_search,
    "run_supplementary": run_supplementary,
}
each_command = pytest.mark.parametrize("name", COMMANDS)


def lose_the_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", refuse)


@each_command
def test_a_command_says_its_installed_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", {"supplementary-trials": "1.2.3"}.get)
    result = CliRunner().invoke(COMMANDS[name], ["--version"])
    assert (result.exit_code, result.output) == (0, "supplementary-trials 1.2.3\n")


def test_a_checkout_that_is_not_installed_says_what_setup_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose_the_metadata(monkeypatch)
    said = re.search(r"^version = (.+)$", (ROOT / "setup.cfg").read_text(), re.MULTILINE)
    assert said is not None
    assert version.find_version() == said[1]


def test_without_any_trace_the_version_is_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lose_the_metadata(monkeypatch)
    monkeypatch.setattr(version, "ROOT", tmp_path)
    assert version.find_version() == "unknown"


@each_command
def test_the_version_is_said_without_heavy_imports(name: str) -> None:
    script = (
        f"import sys; from scripts.{name} import main\n"
        "try: main(['--version'])\n"
        "finally: print(sorted({'numpy', 'pandas', 'rich', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1:] == ["[]"]


@each_command
def test_help_has_a_short_name(name: str) -> None:
    short, long = (CliRunner().invoke(COMMANDS[name], [option]) for option in ("-h", "--help"))
    assert short.exit_code == 0
    assert short.output == long.output


@each_command
@pytest.mark.parametrize("shell", ["bash_source", "zsh_source", "fish_source"])
def test_a_shell_gets_its_completion_as_the_readme_says(name: str, shell: str) -> None:
    if shell == "bash_source" and not shutil.which("bash"):
        pytest.skip("needs bash")
    variable = f"_{name.upper()}_COMPLETE"
    assert f"{variable}={shell} {name}" in (ROOT / "README.md").read_text()
    result = CliRunner().invoke(
        COMMANDS[name], prog_name=name, env={variable: shell}, catch_exceptions=False
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{variable}=" in result.stdout


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("analyze", "analyze --dir", "plain,--direction"),
        ("analyze", "analyze tri", "file,tri"),
        ("run_supplementary", "run_supplementary --dry", "plain,--dry-run"),
        ("run_supplementary", "run_supplementary --precision b", "plain,bf16"),
        ("run_search", "run_search --sampler cm", "plain,cmaes"),
    ],
)
def test_options_choices_and_files_are_completed(name: str, typed: str, expected: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    environment = {**os.environ, f"_{name.upper()}_COMPLETE": "bash_complete", **words}
    result = CliRunner().invoke(COMMANDS[name], prog_name=name, env=environment)
    assert result.stdout.splitlines() == [expected]
