"""What records hold beside predictions: metrics and costs, by name."""

from collections.abc import Callable

from trial_sets.records.record import Record

_FIELDS: dict[str, Callable[[Record], float | int | None]] = {
    "seconds": lambda record: record.seconds,
    "n_parameters": lambda record: record.n_parameters,
    "peak_memory_mib": lambda record: record.peak_memory_mib,
    "selected_epoch": lambda record: record.selected_epoch,
}
ROWLESS = frozenset({"seconds", "n_parameters", "peak_memory_mib"})  # no matter which rows
EXACT = frozenset({"n_parameters"})  # a count that no seed changes


def read_recorded(record: Record, name: str | None) -> float | None:
    """Return a metric of a record, None for its study's; None where it has none of this name."""
    if name is None:
        value: float | int | None = record.score
    elif name in _FIELDS:
        value = _FIELDS[name](record)
    else:
        value = record.metrics.get(name)
    return None if value is None else float(value)


def list_recorded(record: Record) -> list[str]:
    """Return the names of what a record holds, the last epoch's twins left out."""
    names = [*record.metrics, *_FIELDS]
    return [
        name
        for name in names
        if not name.endswith("_last") and read_recorded(record, name) is not None
    ]
