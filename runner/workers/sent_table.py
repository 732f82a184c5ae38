"""What a command has predicted, as a table of rows; as text for a message, and back.

A command knows its data itself, so that its rows come with their labels. Two fits of a run are
compared row by row: `refuse_other_labels` says whether that can be done.
"""

import base64
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from trial_sets.configuration import StrictModel

MOST_NUMBERS = 10_000_000  # scores of one split: a message holds them
_LABELS = {"binary": "<i1", "multiclass": "<i4", "regression": "<f8"}


class OtherLabels(ValueError):  # noqa: N818 - it says what was found
    """Two fits of one run were scored on other rows or labels; the message is one sentence."""


@dataclass(frozen=True, eq=False, slots=True)
class PredictionTable:
    """Predictions of one split's rows, in the order of rows."""

    rows: NDArray[np.int64]
    """Shape (N,), rising."""
    labels: NDArray[Any]
    """Shape (N,): int8 0 or 1, int32 numbers of classes, or float64 values."""
    scores: NDArray[np.float64]
    """Shape (N,) of log-odds or values, or (N, K) of logits."""
    dates: NDArray[np.datetime64]
    """Shape (N,), nanoseconds; NaT where the file has none."""
    groups: NDArray[np.int64]
    """Shape (N,), or (0,) where the file has none."""
    classes: tuple[str, ...] = ()
    """K names, of several classes."""


class SentRows(StrictModel):
    """The arrays of a `PredictionTable`, their bytes in base64."""

    rows: str
    labels: str
    scores: str
    dates: str
    groups: str


class SentTable(StrictModel):
    """The predictions of a command, of the validation and, where wanted, the test rows."""

    task: Literal["binary", "multiclass", "regression"]
    classes: tuple[str, ...] = ()
    val: SentRows
    test: SentRows | None = None

    @classmethod
    def of_tables(
        cls,
        task: Literal["binary", "multiclass", "regression"],
        val: PredictionTable,
        test: PredictionTable | None = None,
    ) -> "SentTable":
        """Return tables as they are sent."""
        sent = None if test is None else _send(test, task)
        return cls(task=task, classes=val.classes, val=_send(val, task), test=sent)

    def receive_val(self) -> PredictionTable:
        """Return the validation rows; raises as `receive_test` does."""
        return _receive(self.val, self.task, self.classes)

    def receive_test(self) -> PredictionTable | None:
        """Return the test rows, if there are any.

        Raises
        ------
        ValueError
            If what was sent is no table of rising rows with labels and finite scores.
        """
        return None if self.test is None else _receive(self.test, self.task, self.classes)


def refuse_other_labels(first: PredictionTable, this: PredictionTable) -> None:
    """Check that two fits were scored on the same rows, with the same labels.

    Parameters
    ----------
    first
        Of the fit that was filed first.
    this
        Of the fit that comes now.

    Raises
    ------
    OtherLabels
        If a row, its label, its class names, its date or its group differs.
    """
    if first.classes != this.classes:
        found, expected = (", ".join(one.classes) or "none" for one in (this, first))
        raise OtherLabels(
            f"the predictions have the classes {found}, those of the first {expected}"
        )
    if len(first.rows) != len(this.rows) or not np.array_equal(first.rows, this.rows):
        raise OtherLabels(_compare_rows(first, this))
    for name in ("labels", "dates", "groups"):
        mine, theirs = getattr(this, name), getattr(first, name)
        if mine.shape != theirs.shape:
            has, lack = ("has", "lacks") if len(mine) else ("lacks", "has")
            raise OtherLabels(f"the predictions' file {has} {name}, which the first fit's {lack}")
        differs = (mine != theirs) & ~(_is_unknown(mine) & _is_unknown(theirs))
        if differs.any():
            place = int(np.argmax(differs))
            said, before = mine[place], theirs[place]
            if name == "labels" and this.classes:
                said, before = this.classes[said], this.classes[before]
            raise OtherLabels(
                f"row {this.rows[place]} has the {name[:-1]} {said}, in the run's first fit "
                f"{before}; {int(differs.sum())} of {len(mine)} rows differ: fits are compared row "
                "by row"
            )


def _compare_rows(first: PredictionTable, this: PredictionTable) -> str:
    """Say in which rows two tables differ."""
    more, fewer = np.setdiff1d(this.rows, first.rows), np.setdiff1d(first.rows, this.rows)
    which = f"row {more[0]} is new" if len(more) else f"row {fewer[0]} is missing"
    return (
        f"the predictions are of {len(this.rows)} rows, those of the run's first fit of "
        f"{len(first.rows)}: {which}; fits are compared row by row"
    )


def _is_unknown(values: NDArray[Any]) -> NDArray[np.bool_]:
    unknown: NDArray[np.bool_] = values != values  # noqa: PLR0124 - NaN and NaT alone
    return unknown


def _send(table: PredictionTable, task: str) -> SentRows:
    return SentRows(
        rows=_encode(table.rows, "<i8"),
        labels=_encode(table.labels, _LABELS[task]),
        scores=_encode(table.scores, "<f8"),
        dates=_encode(table.dates.astype("datetime64[ns]").view(np.int64), "<i8"),
        groups=_encode(table.groups, "<i8"),
    )


def _receive(sent: SentRows, task: str, classes: tuple[str, ...]) -> PredictionTable:
    rows, labels = _decode(sent.rows, "<i8"), _decode(sent.labels, _LABELS[task])
    scores, dates = _decode(sent.scores, "<f8"), _decode(sent.dates, "<i8")
    groups = _decode(sent.groups, "<i8")
    n, outputs = len(rows), len(classes) if task == "multiclass" else 1
    sizes = (len(labels), len(dates), len(scores), len(groups))
    if n == 0 or sizes[:3] != (n, n, n * outputs) or sizes[3] not in (0, n):
        raise ValueError(f"a table of {n} rows with {sizes} labels, dates, scores and groups")
    if not (rows[1:] > rows[:-1]).all() or not np.isfinite(scores).all():
        raise ValueError("a table whose rows do not rise or whose scores are not finite")
    return PredictionTable(
        rows=rows,
        labels=labels,
        scores=scores if outputs == 1 else scores.reshape(n, outputs),
        dates=dates.view("datetime64[ns]"),
        groups=groups,
        classes=classes,
    )


def _encode(array: NDArray[Any], kind: str) -> str:
    return base64.b64encode(array.astype(kind).tobytes()).decode("ascii")


def _decode(text: str, kind: str) -> NDArray[Any]:
    content = base64.b64decode(text, validate=True)
    return np.frombuffer(content, dtype=kind).astype(np.dtype(kind).newbyteorder("="))
