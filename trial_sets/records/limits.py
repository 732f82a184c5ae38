"""How much a record holds: what its writer keeps to, whatever a trainer says.

Together these limits stay below the 8 MiB that a file of JSON may have, which is all that its
reader asks: records from before there were limits are read as ever.

Python 3.8 and its library will do for this module: a trainer's host reads it in any environment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TypeVar

MOST_EPOCHS = 30_000  # points of a curve
MOST_METRICS = 1_000
MOST_NAME = 200  # characters of a metric's name
MOST_MESSAGE = 10_000  # characters
MOST_TRACEBACK = 100_000

Point = TypeVar("Point")


def cap_text(text: str, most: int) -> str:
    """Return a text that UTF-8 can hold, its end left out where it is too long, which it says."""
    plain = text.encode(errors="backslashreplace").decode()
    if len(plain) <= most:
        return plain
    kept = most - 60
    return f"{plain[:kept]}... ({len(plain) - kept:,} more characters were left out)"


def keep_end(text: str, most: int) -> str:
    """Return a text as `cap_text` does, but with its end: there a traceback says most."""
    plain = text.encode(errors="backslashreplace").decode()
    if len(plain) <= most:
        return plain
    kept = most - 60
    return f"({len(plain) - kept:,} characters were left out) ...{plain[-kept:]}"


def thin_curve(
    points: Sequence[Point], selected_epoch: int | None
) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Return as many points of a curve as a record holds, and a notice if others were left out."""
    if len(points) <= MOST_EPOCHS:
        return tuple(points), ()
    step = ceil(len(points) / (MOST_EPOCHS - 2))
    kept = {*range(0, len(points), step), (selected_epoch or 1) - 1, len(points) - 1}
    notice = (
        f"the curve had {len(points):,} epochs: one of {step} is kept, with the selected and the "
        f"last, since a record holds {MOST_EPOCHS:,}"
    )
    return tuple(points[number] for number in sorted(kept)), (notice,)


def cap_metrics(
    metrics: Mapping[str, float | None], first: str
) -> tuple[dict[str, float | None], tuple[str, ...]]:
    """Return as many metrics as a record holds, and notices of those that were left out.

    Parameters
    ----------
    metrics
        By name.
    first
        The one that is kept whatever is left out.
    """
    named = {name: metrics[name] for name in metrics if _is_name(name)}
    kept = named
    if len(named) > MOST_METRICS:
        names = [name for name in dict.fromkeys([first, *named]) if name in named][:MOST_METRICS]
        kept = {name: named[name] for name in names}
    notices = []
    if n_misnamed := len(metrics) - len(named):
        notices.append(
            f"{n_misnamed:,} metrics were left out: a name has 1 to {MOST_NAME} characters that "
            "can be printed"
        )
    if n_more := len(named) - len(kept):
        notices.append(f"{n_more:,} metrics were left out: a record holds {MOST_METRICS:,}")
    return kept, tuple(notices)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= MOST_NAME and name.isprintable()
