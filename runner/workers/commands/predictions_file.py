"""From the columns of a predictions file to tables of rows, each cell checked.

``row``, ``label`` and ``score``, or one column a class named as the class; beside them ``date``,
``split`` and ``group`` if there are any. Of a binary label ``probability`` may stand for ``score``,
which are log-odds.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.workers.commands.columns import Column, Columns
from runner.workers.sent_table import MOST_NUMBERS, PredictionTable
from trial_sets.errors import InputError, suggest
from trial_sets.strict_json import shorten

KNOWN = ("row", "label", "score", "probability", "date", "split", "group")
LARGEST_ROW = 2**53
SUM_TOLERANCE = 1e-3  # of a row's probabilities
LEAST = 1e-12  # a probability of 0, since a record holds no infinite log-odds
_SPLITS = {"val": "val", "validation": "val", "valid": "val", "test": "test", "holdout": "test"}
_BINARY = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "false": 0, "true": 1, "no": 0, "yes": 1}
_FINITE = "a finite number"

ScoredTask = Literal["binary", "multiclass", "regression"]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Predicted:
    """The tables of one file."""

    val: PredictionTable
    test: PredictionTable | None
    notices: tuple[str, ...] = ()


def tabulate_predictions(
    found: Columns,
    task: ScoredTask,
    classes: tuple[str, ...] = (),
    *,
    with_test: bool = False,
    has_groups: bool = False,
) -> Predicted:
    """Return the predictions of the validation rows and, if wanted, of the test rows.

    Parameters
    ----------
    found
        The file's columns.
    task
        The study's.
    classes
        The names of the classes, as far as they are known; else those of the columns.
    with_test
        Whether the test rows are asked for; else they are passed over.
    has_groups
        Whether the study splits whole groups, which the file then has to name.

    Raises
    ------
    InputError
        With the file, the row and what was expected there.
    """
    if has_groups and "group" not in found.columns:
        raise InputError(
            f"{found.file}: the column 'group' is missing, and the study splits whole groups: "
            "rows of one group are no independent evidence"
        )
    reader = _Reader(found, task, classes)
    rows, splits = reader.read_rows(), reader.read_splits()
    val, test = (np.flatnonzero(splits == name) for name in ("val", "test"))
    if len(val) == 0:
        raise InputError(f"{found.file}: has no validation rows (split is val)")
    if with_test and len(test) == 0:
        raise InputError(f"{found.file}: has no test rows (split is test), and they were asked for")
    places = [np.array(place)[np.argsort(rows[place])] for place in (val, test)]
    tables = [reader.tabulate(rows, place) for place in places[: 1 + with_test]]
    return Predicted(tables[0], tables[1] if with_test else None, reader.list_notices(places[0]))


class _Reader:
    """Reads the cells of one file; every error begins with its name."""

    def __init__(self, found: Columns, task: ScoredTask, classes: tuple[str, ...]) -> None:
        self._found, self._task = found, task
        self._classes = self._find_classes(classes) if task == "multiclass" else ()
        self._score = self._find_score()
        wanted = ["row", "label", *(self._classes or [self._score])]
        for name in wanted:
            if name not in found.columns:
                raise self._error(f"the column {name!r} is missing{self._list_names()}")
        allowed = {*wanted, "date", "split", "group"}
        for name in found.columns:
            if name not in allowed:
                near = suggest(name, allowed)
                raise self._error(f"the column {shorten(name)} is none that is known{near}")
        if len(next(iter(found.columns.values()))) * max(1, len(self._classes)) > MOST_NUMBERS:
            raise self._error(f"has more than {MOST_NUMBERS:,} scores, which no record keeps")

    def _error(self, what: str) -> InputError:
        return InputError(f"{self._found.file}: {what}")

    def _list_names(self) -> str:
        return f"; found {', '.join(map(shorten, list(self._found.columns)[:9]))}"

    def _find_score(self) -> str:
        both = {"score", "probability"} & set(self._found.columns)
        if len(both) == 2:
            raise self._error("has both score and probability, expected one")
        return "probability" if "probability" in both and self._task == "binary" else "score"

    def _find_classes(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of the classes, sorted; numbers in numeric order."""
        others = [name for name in self._found.columns if name not in KNOWN]
        if known:
            for name in others:
                if name not in known:
                    near = suggest(name, known)
                    raise self._error(f"the column {shorten(name)} is no class{near}")
            return known
        if len(others) < 3:
            expected = "expected a column a class, of three or more"
            raise self._error(
                f"has {len(others)} columns of classes, {expected}{self._list_names()}"
            )
        return tuple(sorted(others, key=_order_class))

    def read_rows(self) -> Indices:
        """Return the rows' numbers, each once."""
        numbers = self._read_numbers("row", "a whole number from 0")
        bad = (numbers < 0) | (numbers >= LARGEST_ROW) | (numbers != np.floor(numbers))
        self._refuse("row", bad, "a whole number from 0")
        rows = numbers.astype(np.int64)
        values, counts = np.unique(rows, return_counts=True)
        if (counts > 1).any():
            twice = values[np.argmax(counts > 1)]
            raise self._error(f"row {twice} stands {counts.max()} times, expected each row once")
        return rows

    def read_splits(self) -> Column:
        """Return val or test for each row; val where the file does not say."""
        if "split" not in self._found.columns:
            return np.full(self._found.n_rows, "val")
        texts = np.char.lower(np.char.strip(self._found.columns["split"].astype(str)))
        known, place = np.unique(texts, return_inverse=True)
        named = np.array([_SPLITS.get(text, "") for text in known.tolist()])
        splits: Column = named[place]
        self._refuse("split", splits == "", "val or test")
        return splits

    def tabulate(self, rows: Indices, places: Indices) -> PredictionTable:
        """Return the table of some of the rows, by their places in the file."""
        return PredictionTable(
            rows=rows[places],
            labels=self._read_labels(places),
            scores=self._read_scores(places),
            dates=self._read_dates(places),
            groups=self._read_groups(places),
            classes=self._classes,
        )

    def list_notices(self, places: Indices) -> tuple[str, ...]:
        """Say what a reader of the result should know."""
        if self._task == "regression" or self._score != "score":
            return ()
        names = self._classes or ("score",)
        scores = np.stack([self._read_numbers(name, _FINITE)[places] for name in names], axis=1)
        if ((scores < 0) | (scores > 1)).any():
            return ()
        file = self._found.file
        if self._task == "multiclass":
            if _are_probabilities(scores):
                return ()
            return (
                f"{file}: every score lies between 0 and 1, and those of a row do not add up to 1; "
                "they are taken as logits",
            )
        return (
            f"{file}: every score lies between 0 and 1; scores are log-odds: "
            "probabilities stand in a column named probability",
        )

    def _read_labels(self, places: Indices) -> Column:
        if self._task == "regression":
            return self._read_numbers("label", _FINITE)[places]
        texts = np.char.strip(_to_texts(self._found.columns["label"]))
        if self._task == "binary":
            numbers, expected = _BINARY, "0 or 1"
            texts = np.char.lower(texts)
        else:
            numbers = {name: number for number, name in enumerate(self._classes)}
            expected = f"one of the columns {', '.join(self._classes[:20])}"
        known, place = np.unique(texts, return_inverse=True)
        labels = np.array([numbers.get(text, -1) for text in known.tolist()])[place]
        self._refuse("label", labels == -1, expected)
        return labels[places].astype(np.int8 if self._task == "binary" else np.int32)

    def _read_scores(self, places: Indices) -> NDArray[np.float64]:
        if self._task == "multiclass":
            columns = [self._read_numbers(name, _FINITE)[places] for name in self._classes]
            return _to_logits(np.stack(columns, axis=1))
        scores = self._read_numbers(self._score, _FINITE)
        if self._score == "probability":
            self._refuse(self._score, (scores < 0) | (scores > 1), "a number from 0 to 1")
            clipped = np.clip(scores, LEAST, 1 - LEAST)
            scores = np.log(clipped) - np.log1p(-clipped)
        elif self._task == "binary":
            far = np.abs(scores) > np.finfo(np.float32).max
            self._refuse(self._score, far, "log-odds that single precision holds")
        return scores[places]

    def _read_numbers(self, name: str, expected: str) -> NDArray[np.float64]:
        column = self._found.columns[name]
        try:
            with np.errstate(over="ignore"):
                numbers = column.astype(np.float64)
        except (ValueError, TypeError):
            bad = np.array([not _is_number(cell) for cell in column.tolist()])
            self._refuse(name, bad, expected)
            raise self._error(f"{name} is no column of numbers") from None
        self._refuse(name, ~np.isfinite(numbers), expected)
        return numbers

    def _read_dates(self, places: Indices) -> NDArray[np.datetime64]:
        unknown = np.full(len(places), "NaT", dtype="datetime64[ns]")
        column = self._found.columns.get("date")
        if column is None:
            return unknown
        texts = np.char.strip(_to_texts(column[places]))
        if (texts == "").all():
            return unknown
        plain = [re.sub(r"(Z|[+-]00:?00)$", "", text) for text in texts.tolist()]
        try:
            dates = np.array(plain, dtype="datetime64[s]")
        except ValueError:
            raise self._error("date is no column of dates as 2024-01-31, or with a time") from None
        years = dates.astype("datetime64[Y]").astype(int) + 1970
        if np.isnat(dates).any() or years.min() < 1700 or years.max() > 2200:
            raise self._error("some rows have no date, or one before 1700 or after 2200")
        return np.array(plain, dtype="datetime64[ns]")

    def _read_groups(self, places: Indices) -> NDArray[np.int64]:
        """Return the groups' numbers: their own or, of other names, their places in order."""
        column = self._found.columns.get("group")
        if column is None:
            return np.empty(0, dtype=np.int64)
        texts = np.char.strip(_to_texts(column))
        self._refuse("group", texts == "", "a group's name or number")
        if all(re.fullmatch(r"-?\d{1,15}", text) for text in np.unique(texts).tolist()):
            return texts.astype(np.int64)[places]
        return np.unique(texts, return_inverse=True)[1].astype(np.int64)[places]

    def _refuse(self, name: str, bad: NDArray[np.bool_], expected: str) -> None:
        """Refuse a column by its first bad cell."""
        if bad.any():
            place = int(np.argmax(bad))
            cell = shorten(str(self._found.columns[name][place]))
            more = f" ({int(bad.sum())} such cells)" if bad.sum() > 1 else ""
            raise self._error(f"{name} of entry {place + 1} is {cell}, expected {expected}{more}")


def _to_logits(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logits (N, K); rows that all are probabilities become their logarithms."""
    if _are_probabilities(scores):
        logarithms: NDArray[np.float64] = np.log(np.clip(scores, LEAST, None))
        return logarithms
    return scores


def _are_probabilities(scores: NDArray[np.float64]) -> bool:
    is_share = (scores >= 0).all() and (scores <= 1).all()
    return bool(is_share and (np.abs(scores.sum(axis=1) - 1) < SUM_TOLERANCE).all())


def _to_texts(column: Column) -> Column:
    """Return cells as texts; whole numbers without a point, dates without a time of nothing."""
    if column.dtype.kind == "f" and (np.isfinite(column) & (column == np.floor(column))).all():
        return column.astype(np.int64).astype(str)
    return column.astype(str)


def _is_number(cell: Any) -> bool:  # noqa: ANN401
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _order_class(name: str) -> tuple[int, float, str]:
    return (0, float(name), name) if _is_number(name) else (1, 0.0, name)
