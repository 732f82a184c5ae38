"""The same trials in the forms of many tools, written without any of them.

Each writer returns the files that its tool would leave, by name, and what a person says with them.
"""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.readers.options import ReadOptions

Files = dict[str, str | list[tuple[str, tuple[Any, ...]]]]  # a text, or the rows of a database


@dataclass(frozen=True)
class Made:
    """A trial as it was: its hyperparameters, and its metric or None where it failed."""

    name: str
    lr: float
    units: int
    opt: str
    value: float | None

    @property
    def params(self) -> dict[str, Any]:
        return {"lr": self.lr, "units": self.units, "opt": self.opt}


@dataclass(frozen=True)
class Written:
    """What a tool wrote, and what a person adds."""

    files: Files
    options: ReadOptions = field(default_factory=ReadOptions)
    keeps_names: bool = True


def to_csv(rows: Iterable[Mapping[str, Any]], delimiter: str = ",") -> str:
    listed = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(listed[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue()


def dump(content: object) -> str:
    return json.dumps(content)


def write_plain(trials: list[Made]) -> list[dict[str, Any]]:
    return [{"trial": t.name, **t.params, "val_acc": t.value} for t in trials]


def plain_csv(trials: list[Made]) -> Written:
    return Written({"grid.csv": to_csv(write_plain(trials))})


def semicolon_csv(trials: list[Made]) -> Written:
    text = to_csv(write_plain(trials), ";").replace(".", ",")
    return Written({"grid.csv": text})


def csv_of_mappings(trials: list[Made]) -> Written:
    rows = [{"val_acc": t.value, "hyperparameters": str(t.params)} for t in trials]
    return Written({"grid.csv": to_csv(rows)}, keeps_names=False)


def plain_json(trials: list[Made]) -> Written:
    return Written({"results.json": dump(write_plain(trials))})


def json_lines(trials: list[Made]) -> Written:
    return Written({"results.jsonl": "\n".join(map(dump, write_plain(trials))) + "\n"})


def named_json(trials: list[Made]) -> Written:
    named = {t.name: {"config": t.params, "val_acc": t.value} for t in trials}
    return Written({"results.json": dump(named)})


def nested_json(trials: list[Made]) -> Written:
    rows = [
        {"trial": t.name, "model": {"units": t.units}, "optim": {"lr": t.lr, "opt": t.opt},
         "metrics": {"val_acc": t.value}}
        for t in trials
    ]  # fmt: skip
    return Written({"results.json": dump({"trials": rows})})


def pandas_columns(trials: list[Made]) -> Written:
    rows = write_plain(trials)
    table = {name: {str(n): row[name] for n, row in enumerate(rows)} for name in rows[0]}
    return Written({"results.json": dump(table)})


def pandas_split(trials: list[Made]) -> Written:
    rows = write_plain(trials)
    table = {"columns": list(rows[0]), "index": [*range(len(rows))],
             "data": [list(row.values()) for row in rows]}  # fmt: skip
    return Written({"results.json": dump(table)})


def optuna_csv(trials: list[Made]) -> Written:
    rows = [
        {"": n, "number": n, "value": t.value, "datetime_start": "2024-01-01 00:00:00",
         "datetime_complete": "2024-01-01 00:01:00", "duration": "0 days 00:01:00",
         "params_lr": t.lr, "params_opt": t.opt, "params_units": t.units,
         "state": "FAIL" if t.value is None else "COMPLETE"}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"trials.csv": to_csv(rows)}, ReadOptions(direction="maximize"), False)


RANGES = {
    "lr": {"name": "FloatDistribution", "attributes": {"low": 0, "high": 1, "log": False}},
    "units": {"name": "IntDistribution", "attributes": {"low": 1, "high": 999, "log": False}},
    "opt": {"name": "CategoricalDistribution", "attributes": {"choices": ["adam", "sgd"]}},
}
OPTIMIZERS = ("adam", "sgd")
SCHEMA = (
    "create table studies (study_id, study_name)",
    "create table study_directions (study_id, direction, objective)",
    "create table trials (trial_id, number, study_id, state, datetime_start, datetime_complete)",
    "create table trial_params (param_id, trial_id, param_name, param_value, distribution_json)",
    "create table trial_values (trial_id, objective, value, value_type)",
)


def optuna_sqlite(trials: list[Made]) -> Written:
    rows: list[tuple[str, tuple[Any, ...]]] = [(text, ()) for text in SCHEMA]
    rows.append(("insert into studies values (?, ?)", (1, "s")))
    rows.append(("insert into study_directions values (?, ?, ?)", (1, "MAXIMIZE", 0)))
    for n, t in enumerate(trials):
        state = "FAIL" if t.value is None else "COMPLETE"
        times = ("2024-01-01 00:00:00", "2024-01-01 00:01:00")
        rows.append(("insert into trials values (?, ?, ?, ?, ?, ?)", (n, n, 1, state, *times)))
        for name, value in _stored(t).items():
            stored = (f"{n}{name}", n, name, value, dump(RANGES[name]))
            rows.append(("insert into trial_params values (?, ?, ?, ?, ?)", stored))
        if t.value is not None:
            rows.append(("insert into trial_values values (?, ?, ?, ?)", (n, 0, t.value, "FINITE")))
    return Written({"study.db": rows}, keeps_names=False)


def optuna_journal(trials: list[Made]) -> Written:
    lines: list[dict[str, Any]] = [{"op_code": 0, "study_name": "s", "directions": [2]}]
    for n, t in enumerate(trials):
        lines.append({"op_code": 4, "study_id": 0, "datetime_start": "2024-01-01T00:00:00"})
        for name, value in _stored(t).items():
            stored = {"param_name": name, "param_value_internal": value}
            line = {"op_code": 5, "trial_id": n, "distribution": dump(RANGES[name])}
            lines.append(line | stored)
        state, values = (3, None) if t.value is None else (1, [t.value])
        lines.append({"op_code": 6, "trial_id": n, "state": state, "values": values,
                      "datetime_complete": "2024-01-01T00:01:00"})  # fmt: skip
    for line in lines:
        line["worker_id"] = "w"
    return Written({"journal.log": "\n".join(map(dump, lines)) + "\n"}, keeps_names=False)


def _stored(trial: Made) -> dict[str, float]:
    """Return hyperparameters as Optuna stores them."""
    return {"lr": trial.lr, "units": trial.units, "opt": OPTIMIZERS.index(trial.opt)}


def optuna_dump(trials: list[Made]) -> Written:
    rows = [
        {"number": n, "state": "FAIL" if t.value is None else "COMPLETE", "value": t.value,
         "params": t.params, "user_attrs": {"note": n}}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"trials.json": dump(rows)}, ReadOptions(direction="maximize"), False)


def sklearn_csv(trials: list[Made]) -> Written:
    rows = [
        {"": n, "mean_fit_time": 0.1 * n, "std_fit_time": 0.0, "mean_score_time": 0.2,
         "std_score_time": 0.0, "param_lr": t.lr, "param_opt": t.opt, "param_units": t.units,
         "params": str(t.params), "split0_test_score": t.value, "split1_test_score": t.value,
         "mean_test_score": t.value, "std_test_score": 0.0, "rank_test_score": n + 1,
         "mean_train_score": 1 - 0.1 * n}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"cv_results.csv": to_csv(rows)}, keeps_names=False)


def fold_rows(trials: list[Made]) -> Written:
    rows = [
        {**t.params, "fold": fold, "val_acc": None if t.value is None else t.value + shift}
        for t in trials
        for fold, shift in enumerate((-0.25, 0.0, 0.25))
    ]
    return Written({"folds.csv": to_csv(rows)}, keeps_names=False)


def make_database(rows: list[tuple[str, tuple[Any, ...]]]) -> bytes:
    """Return the file of a database that some statements make."""
    with closing(sqlite3.connect(":memory:")) as database:
        for statement, values in rows:
            database.execute(statement, values)
        database.commit()
        return database.serialize()


def leave(folder: Path, files: Files) -> list[Path]:
    """Write files below a folder."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content)
        else:
            path.write_bytes(make_database(content))
        paths.append(path)
    return paths
