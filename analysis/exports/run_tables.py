"""The tidy tables of a run or a search: a row a fit, an epoch and fit, a row of data and fit.

A fit is known in all three by `trial`, `seed`, `fold` and `scored_on`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from analysis.exports.stored_fits import ScoredOn, StoredFits
from analysis.exports.table_files import (
    CellKind,
    CellValues,
    TableColumn,
    TableForm,
    writing_table,
)
from analysis.frames.frame import rename_reserved
from analysis.runs.predictions import Predictions
from analysis.runs.run_fit import RunFit
from trial_sets.configuration import AnyConfiguration
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.study import Study

TABLE_NAMES = ("fits", "curves", "predictions")
_KEY = (
    TableColumn("trial", "text"),
    TableColumn("seed", "whole"),
    TableColumn("fold", "whole"),
    TableColumn("scored_on", "text"),
)
_TOLD = (
    TableColumn("study", "text"),
    TableColumn("run", "text"),
    TableColumn("search", "text"),
    TableColumn("names", "text"),
    TableColumn("role", "text"),
    TableColumn("state", "text"),
    TableColumn("configuration_key", "text"),
    TableColumn("epochs_run", "whole"),
    TableColumn("selected_epoch", "whole"),
    TableColumn("stop_reason", "text"),
    TableColumn("failure", "text"),
    TableColumn("n_parameters", "whole"),
    TableColumn("duration_s", "number"),
    TableColumn("peak_memory_mib", "number"),
    TableColumn("started_utc", "time"),
    TableColumn("finished_utc", "time"),
    TableColumn("device", "text"),
)


def write_run_tables(
    fits: StoredFits,
    folder: Path,
    form: TableForm,
    advance: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Write the tables of a run or a search; return how many rows each has.

    Records are read twice, first to learn which columns there are, and no fit is kept: memory does
    not grow with their number.

    Parameters
    ----------
    folder
        That they go into, which is there.
    advance
        Called after every fit.

    Raises
    ------
    InputError
        If there is no fit, or a record is of a fold that the run does not have.
    OSError
        If they cannot be written.
    """
    settings, metrics = _survey(fits)
    study = fits.info.study
    columns = {
        "fits": (*_KEY, *_TOLD, *metrics, *settings.values()),
        "curves": _list_curve_columns(study),
        "predictions": _list_prediction_columns(fits),
    }
    counts = dict.fromkeys(TABLE_NAMES, 0)
    with ExitStack() as ending:
        adds = {
            name: ending.enter_context(
                writing_table(folder / f"{name}.{form}", columns[name], form)
            )
            for name in TABLE_NAMES
        }
        for scored_on, fit in fits.read(with_predictions=True):
            key = _describe_key(scored_on, fit.record)
            row = _describe_fit(fits, fit.record, [c.name for c in metrics], settings)
            parts = {
                "fits": _repeat({**key, **row}, 1),
                "curves": _describe_curve(key, fit.record, study),
                "predictions": _describe_predictions(key, fit, columns["predictions"], study),
            }
            for name, part in parts.items():
                n_rows = len(part["trial"])
                counts[name] += n_rows
                if n_rows:
                    adds[name](part)
            advance()
    return counts


def _survey(fits: StoredFits) -> tuple[dict[str, TableColumn], tuple[TableColumn, ...]]:
    """Return the columns of the hyperparameters and of the metrics that records have."""
    kinds: dict[str, set[type]] = {}
    metrics: dict[str, None] = {}
    n_fits = 0
    for _, fit in fits.read(with_predictions=False):
        n_fits += 1
        metrics.update(dict.fromkeys(fit.record.metrics))
        for name, value in _list_settings(fit.record.configuration).items():
            kinds.setdefault(name, set())
            if value is not None:
                kinds[name].add(type(value))
    if not n_fits:
        raise InputError(f"{fits.layout.path} holds no record that can be used")
    taken = {column.name for column in (*_KEY, *_TOLD)} | set(metrics)
    names = rename_reserved(kinds)
    settings = {
        name: TableColumn(_free(names[name], taken), _find_kind(found))
        for name, found in kinds.items()
    }
    return settings, tuple(TableColumn(name, "number") for name in metrics)


def _free(name: str, taken: set[str]) -> str:
    """Return a hyperparameter's column, which is none of ours."""
    while name in taken:
        name += "_"
    return name


def _find_kind(types: Iterable[type]) -> CellKind:
    found = set(types)
    if found == {bool}:
        return "flag"
    if found == {int}:
        return "whole"
    return "number" if found and found <= {int, float} else "text"


def _list_settings(configuration: AnyConfiguration | None) -> Mapping[str, Any]:
    return {} if configuration is None else configuration.settings


def _describe_key(scored_on: ScoredOn, record: Record) -> dict[str, Any]:
    return {
        "trial": record.name,
        "seed": record.seed,
        "fold": record.fold,
        "scored_on": scored_on,
    }


def _describe_fit(
    fits: StoredFits,
    record: Record,
    metrics: Sequence[str],
    settings: Mapping[str, TableColumn],
) -> dict[str, Any]:
    ran = record.provenance
    told = _list_settings(record.configuration)
    return {
        "study": fits.info.study.name,
        "run": fits.info.run,
        "search": fits.layout.search_name,
        "names": " ".join(record.names),
        "role": record.kind,
        "state": record.status,
        "configuration_key": record.key,
        "epochs_run": len(record.curve) or None,
        "selected_epoch": record.selected_epoch,
        "stop_reason": record.stop_reason,
        "failure": None if record.failure is None else str(record.failure),
        "n_parameters": record.n_parameters,
        "duration_s": record.seconds,
        "peak_memory_mib": record.peak_memory_mib,
        "started_utc": _read_utc(ran.started),
        "finished_utc": _read_utc(ran.finished),
        "device": ran.device,
        **{name: record.metrics.get(name) for name in metrics},
        **{
            column.name: _write_setting(told.get(name), column.kind)
            for name, column in settings.items()
        },
    }


def _write_setting(value: object, kind: CellKind) -> object:
    return value if value is None or kind != "text" else str(value)


def _read_utc(text: str) -> np.datetime64:
    """Return a record's time, which is UTC."""
    return np.datetime64(text[:-6] if text.endswith("+00:00") else text.removesuffix("Z"), "us")


def _list_curve_columns(study: Study) -> tuple[TableColumn, ...]:
    unit = "_nats" if study.task in {"binary", "multiclass"} else ""
    numbers = ("train_loss", f"val_loss{unit}", study.metric.key(), "duration_s")
    return (*_KEY, TableColumn("epoch", "whole"), *(TableColumn(n, "number") for n in numbers))


def _describe_curve(key: dict[str, Any], record: Record, study: Study) -> Mapping[str, CellValues]:
    names = [column.name for column in _list_curve_columns(study)[len(_KEY) :]]
    cells = [(p.epoch, p.train_loss, p.val_loss, p.val_metric, p.seconds) for p in record.curve]
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(names)
    return {**_repeat(key, len(cells)), **dict(zip(names, columns, strict=True))}


def _list_prediction_columns(fits: StoredFits) -> tuple[TableColumn, ...]:
    study = fits.info.study
    label: CellKind = "number" if study.task == "regression" else "whole"
    places = (
        TableColumn("row", "whole"),
        TableColumn("date", "time"),
        TableColumn("group", "whole"),
        TableColumn("label", label),
    )
    return (*_KEY, *places, *(TableColumn(name, "number") for name in _list_scores(fits)))


def _list_scores(fits: StoredFits) -> list[str]:
    study = fits.info.study
    if study.task == "multiclass":
        train = fits.info.data.splits.get("train")
        return [f"logit_{name}" for name in (() if train is None else train.classes)]
    name = "value" if study.task == "regression" else "logit"
    return [name, f"{name}_last"]


def _describe_predictions(
    key: dict[str, Any], fit: RunFit, columns: Sequence[TableColumn], study: Study
) -> Mapping[str, CellValues]:
    found = fit.predictions
    if not isinstance(found, Predictions):
        return {column.name: () for column in columns}
    n_rows, names = found.n_rows, [column.name for column in columns[len(_KEY) + 4 :]]
    scores = dict.fromkeys(names, np.full(n_rows, np.nan))
    if study.task == "multiclass":
        scores |= {f"logit_{one}": found.scores[:, k] for k, one in enumerate(found.classes)}
    else:
        scores[names[0]] = found.scores
        if found.last_scores is not None:
            scores[names[1]] = found.last_scores
    is_number = study.task == "regression"
    return {
        **_repeat(key, n_rows),
        "row": found.rows,
        "date": found.dates,
        "group": [None] * n_rows if found.groups is None else found.groups,
        "label": found.labels if is_number else found.labels.astype(np.int64),
        **scores,
    }


def _repeat(values: Mapping[str, Any], n_rows: int) -> dict[str, CellValues]:
    return {name: [value] * n_rows for name, value in values.items()}
