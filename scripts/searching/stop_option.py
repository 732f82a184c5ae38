"""The option ``--stop``: rules by which a search ends before all its trials have run."""

from typing import get_args

import click

from runner.search.stopping import DEFAULT_LIMITS
from trial_sets.records.search_info import StopKind, StopRule


def read_stops(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> tuple[StopRule, ...]:
    """Read ``gain``, ``same-best=20`` and the like, each kind once."""
    stops = tuple(map(_read_stop, values))
    for number, stop in enumerate(stops):
        if any(stop.kind == other.kind for other in stops[:number]):
            raise click.BadParameter(f"{stop.kind} stands twice: say each rule once")
    return stops


def show_stop(stop: StopRule) -> str:
    """Return a rule as the option takes it."""
    return f"{stop.kind}={stop.limit:.12g}"


def _read_stop(text: str) -> StopRule:
    word, _, said = text.partition("=")
    kinds = {kind: kind for kind in get_args(StopKind)}
    kind: StopKind | None = kinds.get(word)
    if kind is None or (not said and "=" in text):
        raise click.BadParameter(
            f"found {text!r}, expected gain, same-best or no-better, perhaps with a limit: "
            "gain=0.001, same-best=20, no-better=30"
        )
    try:
        limit = float(said) if said else DEFAULT_LIMITS[kind]
    except ValueError:
        limit = -1.0
    if kind == "gain" and not 0 < limit < 1:
        raise click.BadParameter(f"found {text!r}, expected a share between 0 and 1: gain=0.001")
    if kind != "gain" and not (1 <= limit <= 1e6 and limit.is_integer()):
        raise click.BadParameter(f"found {text!r}, expected so many trials: {kind}=20")
    return StopRule(kind=kind, limit=limit)
