"""A command as it was given, with some options changed: printed from the options' declarations."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from scripts.searching.stop_option import show_stop
from trial_sets.records.search_info import StopRule
from trial_sets.redaction import quote_word


def render_command(context: click.Context, options: Mapping[str, Any], **changes: object) -> str:
    """Return the line that asks for the same, or for what is changed.

    Parameters
    ----------
    context
        Of the command.
    options
        As click has passed them.
    changes
        Other values, by the options' names.
    """
    words = list_words(context, options, **changes)
    return " ".join(map(quote_word, [str(context.command.name), *words]))


def list_words(context: click.Context, options: Mapping[str, Any], **changes: object) -> list[str]:
    """Return the words behind the command's name, as `render_command` writes them."""
    name = str(context.command.name)
    unsaid = context.command.make_context(name, []).params
    values = {**options, **changes}
    said = {key: value for key, value in values.items() if value != unsaid.get(key)}
    known = [one for one in context.command.params if isinstance(one, click.Option)]
    return [word for option in known for word in _render_option(option, said)]


def _render_option(option: click.Option, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words of an option whose value is not what it is without one."""
    if option.name not in said:
        return
    flag, value = max(option.opts, key=len), said[option.name]
    if option.is_flag:
        given = option.flag_value if isinstance(option.flag_value, bool | str) else True
        yield from [flag] if value == given else []
        return
    for one in value if option.multiple else [value]:
        yield from (flag, _show(one))


def _show(value: object) -> str:
    if isinstance(value, StopRule):
        return show_stop(value)
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)  # of --looks
