"""What a search proposed, as its Optuna storage tells it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.readers.content import check_file, parse_json_lines, read_results_text
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.journal import read_journal
from analysis.readers.states import read_states
from trial_sets.errors import InputError
from trial_sets.space import SearchSpace, SpaceValues


@dataclass(frozen=True, slots=True)
class Proposal:
    """One trial of a storage.

    Attributes
    ----------
    state
        In the words of `analysis.readers.states`.
    value
        As it was told; None where it has none.
    said
        The user attributes that it has.
    """

    number: int
    values: SpaceValues
    state: str
    value: float | None
    said: dict[str, Any]


def read_proposals(
    path: Path, name: str, space: SearchSpace, notes: list[str]
) -> tuple[Proposal, ...]:
    """Read a search's journal, by number; none where it cannot be read, which is noted.

    Parameters
    ----------
    name
        The search's, and its study's in the storage.
    notes
        Receives a sentence on what was left out.
    """
    try:
        table = _read_table(path, name, notes)
        return tuple(sorted(_list_proposals(table, space), key=lambda one: one.number))
    except (InputError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())[:200].replace(f"{path}", path.name)
        notes.append(f"What was proposed is told by the records alone: {said}.")
        return ()


def _read_table(path: Path, name: str, notes: list[str]) -> FlatTable:
    check_file(path)
    cut: list[str] = []
    lines = parse_json_lines(read_results_text(path), path, cut)
    table = read_journal(lines, path, ReadOptions(study=name))
    notes += [f"{path.name}: {sentence}." for sentence in cut]
    return table


def _list_proposals(table: FlatTable, space: SearchSpace) -> Iterator[Proposal]:
    if table.columns.empty:
        return
    states, _ = read_states(table.columns["state"])
    standard = {"number", "state", "value", "datetime_start", "datetime_complete"}
    told = [name for name in table.columns.columns if name not in standard]
    values = table.params.to_dict("records") or [{}] * len(table.columns)
    for row, state, params in zip(table.columns.to_dict("records"), states, values, strict=True):
        yield Proposal(
            number=int(row["number"]),
            values=_convert(params, space),
            state=str(state),
            value=None if pd.isna(row["value"]) else float(row["value"]),
            said={str(key): row[key] for key in told if not _is_missing(row[key])},
        )


def _convert(params: dict[Any, Any], space: SearchSpace) -> SpaceValues:
    """Return the stored values in their dimensions' types; what is of no dimension is left out."""
    found: SpaceValues = {}
    for name, dimension in space.dimensions.items():
        stored: Any = params.get(name)
        if _is_missing(stored):
            continue
        value = dimension.convert(stored.item() if hasattr(stored, "item") else stored)
        if value is not None:
            found[name] = value
    return found


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
