"""A page that is to be followed word for word: its files, its commands, and what comes of them."""

import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from click.testing import CliRunner

from scripts.analyze import main as analyze
from scripts.run_search import main as run_search
from scripts.run_supplementary import main as run_supplementary

DOCS = Path(__file__).resolve().parent.parent / "docs"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Command(NamedTuple):
    """A command of a page."""

    text: str
    shown: str  # what the page says that it prints; ``...`` stands for anything


def list_sections(page: str) -> dict[str, str]:
    """Return the sections of a page that hold commands, by their headings."""
    parts = re.split(r"^## (.+)$", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {heading: text for heading, text in sections.items() if "```console" in text}


def follow(section: str, *, is_held: bool = True) -> list[str]:
    """Do what a section says, in the folder where one is, and return its commands.

    Files are written and commands run in the order of the page.

    Parameters
    ----------
    is_held
        Whether what is printed has to be what the page shows.
    """
    done: list[str] = []
    for kind, file, text in _BLOCK.findall(section):
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(text, encoding="utf-8")
        elif kind == "sh":
            done.append(text)
            run_script(text)
        elif kind == "console":
            for command in list_commands(text):
                printed = run_command(command.text)
                if is_held:
                    check_shown(command, printed)
                done.append(command.text)
    return done


def list_commands(block: str) -> list[Command]:
    """Return the commands of a block of a console, with what each prints."""
    parts = re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]
    return [Command(*map(str.strip, part.partition("\n")[::2])) for part in parts]


def check_shown(command: Command, printed: str) -> None:
    """Hold what a page shows against what was printed, whatever the spaces between words."""
    rest = " ".join(printed.split())
    for fragment in filter(None, re.split(r"\.\.\.|\n", command.shown)):
        before, found, rest = rest.partition(" ".join(fragment.split()))
        assert found, f"$ {command.text}\n{fragment}\nis not in\n{before}"


def run_script(text: str) -> None:
    """Run a script of a page by bash; what it starts in the background it also awaits."""
    subprocess.run(["bash", "-euc", text], check=True, capture_output=True, timeout=110)


def run_command(text: str) -> str:
    """Run a command of a page and return what it prints."""
    program, *arguments = shlex.split(text, comments=True)
    return PROGRAMS[program](arguments)


def _run_ours(main: object) -> Callable[[list[str]], str]:
    def run(arguments: list[str]) -> str:
        result = CliRunner().invoke(main, arguments)  # type: ignore[arg-type]
        assert result.exit_code == 0, f"{arguments}: {result.output}"
        return result.stdout

    return run


def _run_python(arguments: list[str]) -> str:
    """Run a script of the page, or make an environment as a person without a network would."""
    if arguments[:2] == ["-m", "venv"]:
        make_environment(Path(arguments[2]))
    else:
        runpy.run_path(arguments[0], run_name="__main__")
    return ""


def _install(arguments: list[str]) -> str:
    """Take what an environment is to hold for installed: `make_environment` has put it there."""
    assert arguments == ["install", "numpy"]
    return ""


PROGRAMS: dict[str, Callable[[list[str]], str]] = {
    "run_search": _run_ours(run_search),
    "run_supplementary": _run_ours(run_supplementary),
    "analyze": lambda arguments: _run_ours(analyze)([*arguments, "--no-figures"]),
    "python": _run_python,
    "other/bin/pip": _install,
}


def make_environment(folder: Path) -> Path:
    """Make a virtual environment that holds numpy and nothing else; return its Python."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", folder], check=True, capture_output=True
    )
    (library,) = folder.glob("lib/python*/site-packages")
    for installed in Path(np.__file__).parents[1].glob("numpy*"):
        (library / installed.name).symlink_to(installed)
    return folder / "bin" / "python"
