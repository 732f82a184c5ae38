"""What each hyperparameter is drawn from, as Optuna keeps it: declared, or else as observed."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.frame import Space, TrialFrame
from analysis.frames.scale import is_log_scale
from analysis.frames.values import is_number_column
from trial_sets.wording import join_words

_FLAGS = {"True": True, "False": False}
_SLACK = 1e-9  # of a step, by which a value may miss its grid


@dataclass(frozen=True, slots=True)
class StoredRange:
    """A distribution of Optuna's.

    Attributes
    ----------
    kind
        `FloatDistribution`, `IntDistribution` or `CategoricalDistribution`.
    attributes
        As Optuna writes them.
    is_declared
        Whether what was read declares it; otherwise it is what was observed.
    words
        Of choices, what the frame calls each.
    """

    kind: str
    attributes: dict[str, Any]
    is_declared: bool
    words: tuple[float | str, ...] = ()

    @property
    def text(self) -> str:
        """The distribution as Optuna keeps it, JSON."""
        return json.dumps({"name": self.kind, "attributes": self.attributes})

    def encode(self, value: float | str) -> float:
        """Return what is stored in place of a value: of a choice its place."""
        if self.kind == "CategoricalDistribution":
            return float(self.words.index(value))
        return float(value)


def settle_ranges(frame: TrialFrame) -> tuple[dict[str, StoredRange], tuple[str, ...]]:
    """Return the distribution of every hyperparameter that a row sets.

    A declared range is widened to values outside of it, and loses a step that values do not keep
    to: no trial lies outside of what it is said to be drawn from, as Optuna demands.

    Returns
    -------
    tuple
        By column, and sentences on what is not as it was declared.
    """
    found = {
        name: _settle(frame, name, column)
        for name in frame.params
        if len(column := frame.rows[name].dropna())
    }
    notes = [said for _, said in found.values() if said]
    observed = [name for name, (one, _) in found.items() if not one.is_declared]
    if observed:
        notes.append(
            f"Nothing declares a range of {join_words(observed, most=6)}: the export has what was "
            "observed."
        )
    return {name: one for name, (one, _) in found.items()}, tuple(notes)


def _settle(frame: TrialFrame, name: str, column: pd.Series) -> tuple[StoredRange, str]:
    space = frame.spaces.get(name)
    if not is_number_column(frame.rows[name]):
        declared = [] if space is None else [_write_choice(one) for one in space.choices]
        originals = () if space is None else space.originals
        return _choose(name, declared, list(dict.fromkeys(column)), originals)
    values = np.unique(column.to_numpy(dtype="float64"))
    if space is not None and space.choices:
        numbers = [one for one in space.choices if not isinstance(one, str)]
        return _choose(name, _thin(numbers), _thin(values.tolist()))
    return _span(frame, name, values)


def _choose(
    name: str,
    declared: Sequence[float | str],
    observed: Sequence[float | str],
    originals: Sequence[bool | float | str | None] = (),
) -> tuple[StoredRange, str]:
    """Return the choices in the types in which they were declared, True and False at least."""
    more = [value for value in observed if value not in declared]
    said = f"{name}: {join_words([str(v) for v in more], most=3)} is no declared choice, and added."
    words = (*declared, *more)
    choices = [*(originals or declared), *more]
    if set(words) <= set(_FLAGS):
        choices = [_FLAGS[str(word)] for word in words]
    kept = StoredRange(
        "CategoricalDistribution", {"choices": choices}, is_declared=bool(declared), words=words
    )
    return kept, said if declared and more else ""


def _thin(values: Sequence[float]) -> list[float | str]:
    """Return numbers as they are written: 32 and not 32.0."""
    is_whole = all(value == round(value) for value in values if math.isfinite(value))
    return [int(value) if is_whole and math.isfinite(value) else value for value in values]


def _write_choice(choice: float | str) -> str:
    """Return a choice among words."""
    return choice if isinstance(choice, str) else f"{choice:g}"


def _span(frame: TrialFrame, name: str, values: np.ndarray) -> tuple[StoredRange, str]:
    """Return the range of numbers, with the values that were tested."""
    space = frame.spaces.get(name) or Space(-math.inf, math.inf, is_log=False)
    lowest, highest = float(values[0]), float(values[-1])
    low = min(space.low, lowest) if math.isfinite(space.low) else lowest
    high = max(space.high, highest) if math.isfinite(space.high) else highest
    is_declared = math.isfinite(space.low) and math.isfinite(space.high)
    is_log = low > 0 and (space.is_log or (not is_declared and is_log_scale(frame, name, values)))
    said = []
    if is_declared and (low, high) != (space.low, space.high):
        said.append(f"{name}: its declared range is widened to values outside of it.")
    is_whole = low == round(low) and high == round(high) and bool((values == values.round()).all())
    step = None if is_log else space.step
    if step is not None and not _keeps_step(values, low, step):
        said.append(f"{name}: its declared step is left out, since values do not keep to it.")
        step = None
    if is_whole and (space.step is None or float(space.step).is_integer()):
        last = low + (step or 1.0) * math.floor((high - low) / (step or 1.0) + _SLACK)
        kept: dict[str, Any] = {"log": is_log, "step": int(step or 1)}
        kept |= {"low": int(low), "high": int(last)}
        return StoredRange("IntDistribution", kept, is_declared=is_declared), " ".join(said)
    if step is not None:
        high = float(f"{low + step * math.floor((high - low) / step + _SLACK):.12g}")
    kept = {"step": step, "low": low, "high": high, "log": is_log}
    return StoredRange("FloatDistribution", kept, is_declared=is_declared), " ".join(said)


def _keeps_step(values: np.ndarray, low: float, step: float) -> bool:
    places = (values - low) / step
    return bool((np.abs(places - places.round()) <= 1e-6).all())
