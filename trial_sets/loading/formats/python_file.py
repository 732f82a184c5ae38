"""What may hold trials in a Python file, which is parsed and never executed."""

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from trial_sets.errors import InputError
from trial_sets.loading.formats.candidate import (
    holds_only_groups,
    is_collection,
    is_configuration,
    is_dict,
    is_mostly_hyperparameters,
    list_places,
    list_used,
    may_hold_trials,
    only_collects,
)
from trial_sets.loading.formats.literal import LiteralReader, PythonSource
from trial_sets.loading.formats.rebinding import Changes, find_changes
from trial_sets.strict_json import read_text
from trial_sets.vocabulary import NETWORK, Vocabulary

MAX_BYTES = 1024 * 1024  # some 5,000 trials; a syntax tree takes up to 500 times its text's memory
Assigned = tuple[list[int], list[ast.expr]]  # the statements' indices, the values


@dataclass(frozen=True)
class PythonFile:
    """A parsed file, and what is assigned at its top level that may hold trials.

    Imports, functions, dicts of plain values and whatever else it holds are passed over.
    """

    source: PythonSource
    statements: tuple[ast.stmt, ...]
    words: Vocabulary = NETWORK

    @classmethod
    def open(cls, path: Path, words: Vocabulary = NETWORK) -> Self:
        """Read and parse a file.

        Raises
        ------
        InputError
            If it cannot be read, is larger than 1 MiB, or is not Python.
        """
        text = read_text(path, MAX_BYTES)
        return cls(PythonSource(path, text), tuple(_parse(text, path)), words)

    @cached_property
    def _assigned(self) -> Mapping[str, Assigned]:
        found: dict[str, Assigned] = {}
        for index, statement in enumerate(self.statements):
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name), *_], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    places, values = found.setdefault(name, ([], []))
                    places.append(index)
                    values.append(value)
        return found

    @cached_property
    def _changes(self) -> Changes:
        return find_changes(self.statements)

    @cached_property
    def definitions(self) -> Mapping[str, tuple[int, ast.expr]]:
        """The first dict or list that is assigned to each name, and its statement's index."""
        firsts: dict[str, tuple[int, ast.expr]] = {}
        for name, (places, values) in self._assigned.items():
            items = zip(places, values, strict=True)
            first = next((item for item in items if is_collection(item[1])), None)
            firsts |= {name: first} if first else {}
        return firsts

    @cached_property
    def names(self) -> list[str]:
        """The names of what holds trials; where nothing does, of single configurations.

        Those that only collect others are left out, ``{**A, **B}``, and then those that another
        is built on.
        """
        if self._holders:
            several = {
                name
                for name, node in self._holders.items()
                if not is_configuration(node, self.words)
                and not holds_only_groups(node, self.words)
            }
            chosen = {
                name: node
                for name, node in self._holders.items()
                if not only_collects(node, several)
            }
        else:
            nodes = [(name, node) for name, (_, node) in self.definitions.items()]
            chosen = {name: node for name, node in nodes if is_configuration(node, self.words)}
            sure = {
                name: node
                for name, node in chosen.items()
                if is_mostly_hyperparameters(node, self.words)
            }
            chosen = sure if sure and len(chosen) > 1 else chosen
        used = {name for node in chosen.values() for name in list_used(node)}
        return [name for name in chosen if name not in used]

    @property
    def holds_trials(self) -> bool:
        """Whether something holds trials, rather than being one configuration."""
        return bool(self._holders)

    @cached_property
    def _holders(self) -> Mapping[str, ast.expr]:
        dicts = {name: node for name, (_, node) in self.definitions.items() if is_dict(node)}
        holders: dict[str, ast.expr] = {}
        for name, (_, node) in self.definitions.items():
            if may_hold_trials(node, dicts, holders, self.words):
                holders[name] = node
        return holders

    def list_unused(self, names: Collection[str]) -> list[str]:
        """Return the names of configurations that no other, nor anything named, is built on."""
        used = {name for _, node in self.definitions.values() for name in list_used(node)}
        return [
            name
            for name, (_, node) in self.definitions.items()
            if name not in used
            and name not in names
            and is_configuration(node, self.words)
            and is_mostly_hyperparameters(node, self.words)
        ]

    def read(self, name: str) -> tuple[Any, dict[str, int]]:
        """Return what a name stands for, and the lines of its keys or, by their index, elements.

        Raises
        ------
        InputError
            If it is no literal, or the file changes it afterwards.
        """
        index, node = self.definitions[name]
        content = LiteralReader(self.source, self._find).read(node, index)
        self._refuse_change(name, index, len(self.statements))
        return content, {key: place.lineno for key, place in list_places(node)}

    def _find(self, node: ast.Name, at: int) -> tuple[int, ast.expr] | None:
        """Return what was last assigned to a name above a statement."""
        places, values = self._assigned.get(node.id, ([], []))
        above = bisect_left(places, at) - 1
        if above < 0:
            return None
        until = places[above + 1] if above + 1 < len(places) else len(self.statements)
        self._refuse_change(node.id, places[above], until)
        return places[above], values[above]

    def _refuse_change(self, name: str, after: int, until: int) -> None:
        """Refuse what changes a name's value between two statements."""
        changes = self._changes.get(name, ())
        first = bisect_right(changes, after, key=itemgetter(0))
        if first < len(changes) and changes[first][0] < until:
            raise self.source.error(
                changes[first][1], f"changes {name}, but the file is read and not executed"
            )


def _parse(text: str, path: Path) -> list[ast.stmt]:
    """Return the top-level statements of a file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the person's code, such as an escape "\\d"
            return ast.parse(text).body
    except SyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else "some line"
        raise InputError(f"{path}: not valid Python at {where}: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise InputError(f"{path}: the Python is nested too deeply") from None
    except ValueError:
        raise InputError(f"{path}: the Python holds a null byte") from None
