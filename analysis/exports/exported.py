"""What an export holds: the rows of a frame, and what each fit left beside its row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import fmean

import pandas as pd

from analysis.frames.frame import STANDARD, TrialFrame
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.searches.search import Search
from analysis.searches.search_frame import frame_search

AttributeValue = str | float | bool | list[str]
_TOLD = frozenset({"number", "datetime_start", "datetime_complete"})  # by the storage itself
# Of a run's fit: their meaning as user attributes, which a reader takes back under these names.
_KEPT = tuple(
    name
    for name in STANDARD
    if name not in {"file", "state", "metric", "configuration", "loss_rise"}
)
_COUNTS = ("seed", "positives", "negatives")


@dataclass(frozen=True, slots=True)
class FitTrace:
    """What a fit left beside its row.

    Attributes
    ----------
    curve
        The study's metric by epoch; of several folds the mean at the epochs that all have.
    started, finished
        With their time zone; None where nothing tells.
    attributes
        What else is said of it.
    """

    curve: Mapping[int, float] = field(default_factory=dict)
    started: datetime | None = None
    finished: datetime | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Exported:
    """What is exported.

    Attributes
    ----------
    name
        Of the study in an Optuna storage.
    frame
        One row a trial and seed.
    traces
        One a row of the frame.
    about
        What is said of the whole.
    """

    name: str
    frame: TrialFrame
    traces: tuple[FitTrace, ...]
    about: Mapping[str, AttributeValue] = field(default_factory=dict)


def export_run(run: Run, frame: TrialFrame) -> Exported:
    """Return a run as it is exported.

    Parameters
    ----------
    frame
        Of the run, one row a trial and seed, as `analysis.runs.run_frame.frame_run` returns it.
    """
    info = run.info
    notes = {
        trial.name: trial.note for trial in info.study.trials() if getattr(trial, "note", None)
    }
    return Exported(
        name=f"{info.study.name}/{info.run}",
        frame=frame,
        traces=tuple(_trace_fit(fit, info.run, notes) for fit in run.fits),
        about={"study": info.study.name, "title": info.study.title, "run": info.run},
    )


def export_search(search: Search) -> Exported:
    """Return a search as it is exported: its trained trials, and the baselines of its run."""
    found = export_run(search.run, frame_search(search))
    return Exported(
        name=f"{found.name}/{search.info.name}",
        frame=found.frame,
        traces=found.traces,
        about={**found.about, "search": search.info.name, "sampler": search.info.sampler},
    )


def export_frame(
    frame: TrialFrame, title: str, reports: Mapping[int, Mapping[int, float]] | None = None
) -> Exported:
    """Return other tools' results as they are exported, with the attributes that they hold.

    Parameters
    ----------
    reports
        What the trials of an Optuna study reported, by their numbers, where the frame is of one.
    """
    columns = [
        str(name) for name in frame.rows.columns if name not in {*STANDARD, *frame.params, *_TOLD}
    ]
    several = frame.rows["file"].nunique() > 1
    rest = frame.rows[[*columns, *(["file"] if several else [])]].rename(
        columns={"file": "source_file"}
    )
    times = [_list_times(frame.rows, name) for name in ("datetime_start", "datetime_complete")]
    told = rest.to_dict("records") if len(rest.columns) else [{}] * len(frame.rows)
    return Exported(
        name=frame.studies[0] if len(frame.studies) == 1 else title,
        frame=frame,
        traces=tuple(
            FitTrace(curve, started, finished, _keep_plain(attributes))
            for curve, started, finished, attributes in zip(
                _list_curves(frame.rows, reports or {}), *times, told, strict=True
            )
        ),
    )


def list_attributes(row: Mapping[str, object]) -> dict[str, AttributeValue]:
    """Return what a row says in standard columns for which a storage has no place of its own.

    A reader takes them back under these names.
    """
    said = _keep_plain({name: row[name] for name in _KEPT})
    counts = {name: int(said[name]) for name in _COUNTS if _is_whole(said.get(name))}  # type: ignore[arg-type]
    return {**said, **counts}


def _trace_fit(fit: RunFit, run: str, notes: Mapping[str, str]) -> FitTrace:
    records = [part.record for part in fit.parts]
    record = fit.record
    said: dict[str, object] = {
        "run": run,
        "key": record.key,
        "names": list(record.names),
        "note": notes.get(record.name),
        "stop_reason": record.stop_reason,
        "selected_epoch": record.selected_epoch,
        "n_parameters": record.n_parameters,
        "failure": None if record.failure is None else str(record.failure),
        "n_folds": len(fit.folds) or None,
    }
    return FitTrace(
        curve=_join_curves(fit),
        started=min(_read_time(one.provenance.started) for one in records),
        finished=max(_read_time(one.provenance.finished) for one in records),
        attributes=_keep_plain(said),
    )


def _join_curves(fit: RunFit) -> dict[int, float]:
    """Return the mean of the parts' curves at the epochs that all of them have."""
    curves = [
        {p.epoch: p.val_metric for p in part.record.curve if p.val_metric is not None}
        for part in fit.parts
    ]
    common = set(curves[0]).intersection(*curves)
    return {epoch: fmean(curve[epoch] for curve in curves) for epoch in sorted(common)}


def _read_time(text: str) -> datetime:
    """Return a record's time; those that name no zone are UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _list_curves(
    rows: pd.DataFrame, reports: Mapping[int, Mapping[int, float]]
) -> list[Mapping[int, float]]:
    """Return the reports of each row's trial, which goes by its number unless it has a name."""
    numbers = pd.to_numeric(rows["number" if "number" in rows else "trial"], errors="coerce")
    return [{} if pd.isna(number) else reports.get(int(number), {}) for number in numbers]


def _list_times(rows: pd.DataFrame, name: str) -> list[datetime | None]:
    """Return a column of times, where the results have one; those that name no zone are UTC."""
    if name not in rows:
        return [None] * len(rows)
    found = pd.to_datetime(rows[name], errors="coerce", utc=True, format="ISO8601")
    return [None if pd.isna(time) else time.to_pydatetime() for time in found]


def _is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer()


def _keep_plain(said: Mapping[str, object]) -> dict[str, AttributeValue]:
    """Return what is there and can be written as JSON."""
    return {str(name): value for name, value in _list_plain(said) if value is not None}


def _list_plain(said: Mapping[str, object]) -> Iterable[tuple[str, AttributeValue | None]]:
    for name, value in said.items():
        if isinstance(value, list):
            yield name, [str(one) for one in value]
        elif value is None or pd.isna(value):  # type: ignore[call-overload]
            continue
        elif isinstance(value, bool | str):
            yield name, value
        elif hasattr(value, "item"):
            yield name, value.item()
        else:
            yield name, value if isinstance(value, int | float) else str(value)
