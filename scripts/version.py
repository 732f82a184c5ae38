"""The option ``--version`` of the commands."""

from collections.abc import Callable
from configparser import ConfigParser
from typing import Any, TypeVar

import click

from scripts.checkout import ROOT

PROJECT = "supplementary-trials"
Command = TypeVar("Command", bound=Callable[..., Any])


def add_version(command: Command) -> Command:
    """Give a command the option ``--version``."""
    option = click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help="Show the version and exit.",
    )
    return option(command)


def find_version() -> str:
    """Return the installed version, or of a checkout that was never installed what it says."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - takes as long as click

    try:
        return version(PROJECT)
    except PackageNotFoundError:
        setup = ConfigParser()
        setup.read(ROOT / "setup.cfg", encoding="utf-8")
        return setup.get("metadata", "version", fallback="unknown")


def _show_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        click.echo(f"{PROJECT} {find_version()}")
        context.exit()
