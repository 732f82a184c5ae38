"""The options of ``analyze`` reach the command under the names that it reads."""

from typing import Any

import click
import pytest
from click.testing import CliRunner

from scripts.analyzing.options import add_options


def parse(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    @click.command()
    @add_options
    def command(**options: Any) -> None:
        found.update(options)

    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0, result.output
    return found


def test_nothing_is_asked_by_default_but_figures() -> None:
    assert {name: value for name, value in parse().items() if value not in (None, ())} == {
        "figures": True
    }


def test_every_option_has_its_value() -> None:
    found = parse("--top", "5", "--rope", "0.01", "--param", "a", "--param", "b", "--no-figures")
    asked = {name: found[name] for name in ("n_top", "rope", "params", "figures")}
    assert asked == {"n_top": 5, "rope": 0.01, "params": ("a", "b"), "figures": False}


@pytest.mark.parametrize(
    "words", [("--top", "0"), ("--rope", "-1"), ("--rope", "inf"), ("--direction", "up")]
)
def test_values_outside_their_range_are_refused(words: tuple[str, ...]) -> None:
    command = click.Command("analyze", callback=lambda **_: None)
    result = CliRunner().invoke(add_options(command), words)
    assert result.exit_code == 2
    assert f"Invalid value for '{words[0]}'" in result.output


def test_the_help_says_the_default_size_of_the_top() -> None:
    result = CliRunner().invoke(add_options(click.Command("analyze")), ["--help"])
    assert "by default 60 trials, or 20 %" in " ".join(result.output.split())
