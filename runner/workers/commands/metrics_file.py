"""The metrics that a command has written: a flat mapping, or the curve of its epochs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trial_sets.errors import InputError
from trial_sets.records.record import EpochPoint
from trial_sets.strict_json import parse_json, read_text, shorten
from trial_sets.task import Metric

MOST_BYTES = 64 * 1024**2
NAMES = ("metrics.json", "metrics.jsonl")
_OF_EPOCHS = frozenset({"epoch", "seconds"})
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class MetricsFile:
    """What the file says."""

    metrics: Row  # the study's under ``val_<name>``
    curve: tuple[EpochPoint, ...] = ()
    selected_epoch: int | None = None
    file: str = NAMES[0]


def read_metrics(out: Path, judged: Metric) -> MetricsFile | None:
    """Read the metrics in a command's folder; None if it has written none.

    A list of mappings, or a mapping a line, is the curve: the metrics are those of its best row by
    the study's metric, the first of several, and of the last row where no row has it. The metric of
    the last row is kept beside that of the best.

    Raises
    ------
    InputError
        If the file is anything else, or a number is not finite.
    """
    found = [out / name for name in NAMES if (out / name).exists()]
    if not found:
        return None
    if len(found) > 1:
        raise InputError(f"{NAMES[0]} and {NAMES[1]}: there are both, expected one")
    name = found[0].name
    try:
        text = read_text(found[0], MOST_BYTES)
    except InputError as error:
        raise InputError(str(error).replace(str(found[0]), name)) from None
    content = _parse(text, name)
    if isinstance(content, list):
        return _read_curve(
            [_check_row(row, f"{name}: row {n}") for n, row in content], name, judged
        )
    return MetricsFile(_rename(_check_row(content, name), judged), file=name)


def point_of(row: Mapping[str, float], epoch: int, seconds: float, judged: Metric) -> EpochPoint:
    """Return a row of a curve as a point; what else it holds is passed over."""
    return EpochPoint(
        epoch=epoch,
        train_loss=row.get("train_loss", row.get("loss")),
        val_loss=row.get("val_loss"),
        val_metric=judged.find(row),
        seconds=row.get("seconds", seconds),
    )


def match_epoch(curve: Sequence[EpochPoint], value: float | None, *, minimize: bool) -> int | None:
    """Return the epoch that a value of the metric is of: the best or the last; None if neither.

    Parameters
    ----------
    curve
        What was told of the epochs; a line of output may be rounded.
    value
        That the fit is scored by; None where it is not known.
    minimize
        Whether less is better.
    """
    scored = [(p.val_metric, p.epoch) for p in curve if p.val_metric is not None]
    if not scored or value is None:
        return None
    sign = 1 if minimize else -1
    best = min(scored, key=lambda one: (sign * one[0], one[1]))
    same = [epoch for told, epoch in (best, scored[-1]) if math.isclose(told, value, rel_tol=1e-3)]
    return same[0] if same else None


def _parse(text: str, name: str) -> Any:  # noqa: ANN401 - parsed JSON
    """Return a mapping, or a list of numbered rows."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if name.endswith(".jsonl") or _is_lines(lines):
        return [(n, parse_json(line, name, first_line=n, nan=True)) for n, line in lines]
    content = parse_json(text, name, nan=True)
    if isinstance(content, list):
        return list(enumerate(content, 1))
    return content


def _is_lines(lines: Sequence[tuple[int, str]]) -> bool:
    """Return whether a file holds a mapping a line, and not one mapping over several."""
    return len(lines) > 1 and all(
        line.strip()[0] == "{" and line.strip()[-1] == "}" for _, line in lines
    )


def _check_row(row: Any, where: str) -> Row:  # noqa: ANN401 - parsed JSON
    """Return a mapping of names to finite numbers; null stands for what was not measured."""
    if not isinstance(row, dict):
        kind = "null" if row is None else type(row).__name__
        raise InputError(f"{where}: is {kind}, expected a mapping of names to numbers")
    for name, value in row.items():
        if value is None:
            continue
        if isinstance(value, dict | list):
            kind = "a mapping" if isinstance(value, dict) else "a list"
            raise InputError(f"{where}: {shorten(name)} is {kind}, expected a finite number")
        if isinstance(value, str | bool) or not _is_finite(value):
            raise InputError(
                f"{where}: {shorten(name)} is {shorten(value)}, expected a finite number"
            )
    return {name: float(value) for name, value in row.items() if value is not None}


def _is_finite(value: int | float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _read_curve(rows: Sequence[Row], name: str, judged: Metric) -> MetricsFile:
    """Return the metrics of the best row, and the curve."""
    if not rows:
        raise InputError(f"{name}: is empty, expected a mapping of names to numbers")
    sign = judged.sign
    worths = [-math.inf if (v := judged.find(row)) is None else sign * v for row in rows]
    is_scored = max(worths) > -math.inf
    best = worths.index(max(worths)) if is_scored else len(rows) - 1
    metrics = _rename({k: v for k, v in rows[best].items() if k not in _OF_EPOCHS}, judged)
    if is_scored and (last := judged.find(rows[-1])) is not None:
        metrics[judged.key(suffix="_last")] = last
    curve = tuple(point_of(row, number, 0.0, judged) for number, row in enumerate(rows, 1))
    return MetricsFile(metrics, curve, best + 1 if is_scored else None, name)


def _rename(row: Row, judged: Metric) -> Row:
    """Return metrics with the study's under ``val_<name>``."""
    metrics = dict(row)
    if judged.name in metrics and judged.key() not in metrics:
        metrics[judged.key()] = metrics.pop(judged.name)
    return metrics
