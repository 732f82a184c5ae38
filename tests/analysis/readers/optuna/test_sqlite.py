"""Storages are made by hand, in each schema that Optuna has used."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from analysis.frames.frame import Space
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.sqlite import read_sqlite
from trial_sets.errors import InputError

LR = '{"name": "LogUniformDistribution", "attributes": {"low": 1e-5, "high": 0.1}}'
OPT = '{"name": "CategoricalDistribution", "attributes": {"choices": ["adam", "sgd"]}}'

OLD = """
create table studies (study_id integer, study_name text, direction text);
create table trials (trial_id integer, study_id integer, state text, value float,
    datetime_start text, datetime_complete text);
create table trial_values (trial_value_id integer, trial_id integer, step integer, value float);
create table trial_params (param_id integer, trial_id integer, param_name text, param_value float,
    distribution_json text);
insert into studies values (1, 's', 'MAXIMIZE');
insert into trials values (5, 1, 'COMPLETE', 0.7, null, null), (6, 1, 'PRUNED', 0.2, null, null);
insert into trial_values values (1, 5, 0, 0.1), (2, 5, 1, 0.3);
"""

NEW = """
create table studies (study_id integer, study_name text);
create table study_directions (study_id integer, direction text, objective integer);
create table trials (trial_id integer, number integer, study_id integer, state text,
    datetime_start text, datetime_complete text);
create table trial_values (trial_id integer, objective integer, value float{kind});
create table trial_params (param_id integer, trial_id integer, param_name text, param_value float,
    distribution_json text);
create table trial_user_attributes (trial_id integer, "key" text, value_json text);
insert into studies values (1, 's');
insert into study_directions values (1, 'MAXIMIZE', 0);
insert into trials values (5, 0, 1, 'COMPLETE', null, null), (6, 1, 1, 'PRUNED', null, null);
insert into trial_user_attributes values (5, 'epochs_run', '50');
"""

PARAMS = f"""
insert into trial_params values (1, 5, 'lr', 0.01, '{LR}'), (2, 5, 'opt', 1, '{OPT}'),
    (3, 6, 'lr', 0.1, '{LR}');
"""

V2_4 = NEW.format(kind="") + "insert into trial_values values (5, 0, 0.7), (6, 0, 0.2);" + PARAMS
V3 = (
    NEW.format(kind=", value_type text")
    + "insert into trial_values values (5, 0, 0.7, 'FINITE'), (6, 0, 0.2, 'FINITE');"
    + PARAMS
)
TWO_STUDIES = (
    V3
    + """
insert into studies values (2, 't');
insert into study_directions values (2, 'MINIMIZE', 0);
insert into trials values (9, 0, 2, 'COMPLETE', null, null);
"""
)


def store(path: Path, script: str) -> Path:
    with sqlite3.connect(path) as database:
        database.executescript(script)
    database.close()
    return path


@pytest.mark.parametrize("script", [OLD + PARAMS, V2_4, V3], ids=["1.x", "2.4", "3.x"])
def test_every_schema_gives_the_same_table(tmp_path: Path, script: str) -> None:
    flat = read_sqlite(store(tmp_path / "study.db", script), ReadOptions())
    assert flat.direction == "maximize"
    assert list(flat.columns["number"]) == [0, 1]
    assert list(flat.columns["value"]) == [0.7, 0.2]
    assert list(flat.columns["state"]) == ["COMPLETE", "PRUNED"]
    assert list(flat.params["lr"]) == [0.01, 0.1]
    assert flat.params["opt"][0] == "sgd"
    assert flat.spaces["lr"] == Space(1e-5, 0.1, is_log=True)
    assert flat.spaces["opt"].choices == ("adam", "sgd")


def test_user_attributes_become_columns(tmp_path: Path) -> None:
    flat = read_sqlite(store(tmp_path / "study.db", V3), ReadOptions())
    assert flat.columns["epochs_run"][0] == 50


def test_infinite_values_are_read_as_such(tmp_path: Path) -> None:
    script = V3 + "update trial_values set value = null, value_type = 'INF_NEG' where trial_id = 5;"
    flat = read_sqlite(store(tmp_path / "study.db", script), ReadOptions())
    assert flat.columns["value"][0] == float("-inf")


def test_a_study_without_a_direction_minimises(tmp_path: Path) -> None:
    script = V3 + "update study_directions set direction = 'NOT_SET';"
    assert read_sqlite(store(tmp_path / "s.db", script), ReadOptions()).direction == "minimize"


def test_several_studies_must_be_told_apart(tmp_path: Path) -> None:
    path = store(tmp_path / "s.db", TWO_STUDIES)
    with pytest.raises(InputError, match=r"holds 2 studies, s and t; name one with --study"):
        read_sqlite(path, ReadOptions())
    with pytest.raises(InputError, match=r"holds no study 'u'; it holds s and t"):
        read_sqlite(path, ReadOptions(study="u"))
    flat = read_sqlite(path, ReadOptions(study="t"))
    assert (flat.direction, len(flat.columns), flat.study) == ("minimize", 1, "t")


def test_a_preferred_study_is_read_where_there_is_one(tmp_path: Path) -> None:
    path = store(tmp_path / "s.db", TWO_STUDIES)
    assert read_sqlite(path, ReadOptions(preferred_study="t")).study == "t"
    assert read_sqlite(path, ReadOptions(study="s", preferred_study="t")).study == "s"
    single = store(tmp_path / "single.db", V3)
    assert read_sqlite(single, ReadOptions(preferred_study="t")).study == "s"


def test_a_preferred_study_that_nobody_has_is_answered_with_the_nearest(tmp_path: Path) -> None:
    path = store(tmp_path / "s.db", TWO_STUDIES.replace("'t'", "'resnet-lr'"))
    for name, nearest in {"resnet_lr": "resnet-lr", "a5O": "a50"}.items():
        message = rf"s\.db holds no study '{name}', nor does the project; did you mean {nearest}\?"
        with pytest.raises(InputError, match=message):
            read_sqlite(path, ReadOptions(preferred_study=name))


def test_a_study_of_the_project_leaves_open_which_one_is_read(tmp_path: Path) -> None:
    path = store(tmp_path / "s.db", TWO_STUDIES)
    with pytest.raises(InputError, match=r"holds 2 studies, s and t; name one with \S+s\.db#NAME;"):
        read_sqlite(path, ReadOptions(preferred_study="a50"))


def test_several_objectives_must_be_told_apart(tmp_path: Path) -> None:
    script = V3 + "insert into study_directions values (1, 'MINIMIZE', 1);"
    script += "insert into trial_values values (5, 1, 0.1, 'FINITE');"
    path = store(tmp_path / "s.db", script)
    with pytest.raises(InputError, match="has 2 objectives; name one of values_0 and values_1"):
        read_sqlite(path, ReadOptions())
    flat = read_sqlite(path, ReadOptions(metric_column="values_1"))
    assert (flat.direction, flat.columns["value"][0]) == ("minimize", 0.1)


def test_a_dynamic_range_widens_the_space(tmp_path: Path) -> None:
    wider = LR.replace("1e-5", "1e-7")
    script = V3 + f"insert into trial_params values (9, 6, 'x', 0.1, '{wider}'),"
    script += f"(10, 5, 'x', 0.1, '{LR}');"
    flat = read_sqlite(store(tmp_path / "s.db", script), ReadOptions())
    assert flat.spaces["x"] == Space(1e-7, 0.1, is_log=True)


@pytest.mark.parametrize(
    ("script", "match"),
    [
        ("create table t (a);", "without Optuna's tables; it holds t"),
        (OLD.split("insert", maxsplit=1)[0] + "delete from studies;", "holds no Optuna study"),
        (OLD + "insert into trial_params values (1, 5, 'lr', 1, '{}');", "hyperparameter lr"),
        (
            OLD.replace("create table studies", "create table old_studies").replace(
                "into studies", "into old_studies"
            )
            + "create view studies as with recursive r(x) as (select 1 union all select x + 1 "
            "from r) select x as study_id, x as study_name, 1 as direction from r;",
            "without Optuna's tables",
        ),
    ],
)
def test_databases_without_a_study_are_refused(tmp_path: Path, script: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_sqlite(store(tmp_path / "s.db", script), ReadOptions())


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"SQLite format 3\x00" + b"junk" * 100)
    with pytest.raises(InputError, match="cannot be read as an Optuna SQLite storage"):
        read_sqlite(path, ReadOptions())


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = store(tmp_path / "s.db", V3)
    before = path.read_bytes()
    read_sqlite(path, ReadOptions())
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["s.db"]


def build(path: Path, *statements: str) -> Path:
    """Make a database of Optuna's tables and what somebody adds."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "create table studies (study_id, study_name, direction);"
            "create table trials (trial_id, study_id, state, value, datetime_start,"
            " datetime_complete);"
            "insert into studies values (0, 's', 'MINIMIZE');" + ";".join(statements)
        )
    return path


PLAIN_PARAMS = (
    "create table trial_params (param_id, trial_id, param_name, param_value, distribution_json)"
)
COUNT = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) "


@pytest.mark.parametrize("table", ["trial_params", "study_directions"])
def test_a_join_that_multiplies_rows_is_given_up_before_all_of_them_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr("analysis.readers.optuna.sqlite.MAX_VALUES", 100_000)
    monkeypatch.setattr("analysis.readers.optuna.sqlite.STEP", 1_000)
    monkeypatch.setattr("analysis.readers.optuna.sqlite.MAX_STEPS", 2_000)
    multiplied = {
        "trial_params": (
            COUNT.format(1000) + "insert into trials select 1, 0, 'COMPLETE', 1, null, null from n",
            COUNT.format(1000) + "insert into trial_params select i, 1, 'lr', 0.1, '{}' from n",
        ),
        "study_directions": (
            COUNT.format(1000) + "insert into studies select 0, 's', 'MINIMIZE' from n",
            "create table study_directions (study_id, direction, objective)",
            COUNT.format(1000) + "insert into study_directions select 0, 'MINIMIZE', i from n",
        ),
    }
    path = build(tmp_path / "study.db", PLAIN_PARAMS, *multiplied[table])
    with pytest.raises(InputError, match="a table comes to more than is read"):
        read_sqlite(path, ReadOptions())


def test_a_column_that_computes_huge_texts_is_given_up(tmp_path: Path) -> None:
    path = build(
        tmp_path / "study.db",
        "create table trial_params (param_id, trial_id, param_name as (hex(zeroblob(400000000))),"
        " param_value, distribution_json)",
        "insert into trials values (1, 0, 'COMPLETE', 1, null, null)",
        "insert into trial_params values (1, 1, 0.1, '{}')",
    )
    with pytest.raises(InputError, match="cannot be read as an Optuna SQLite storage"):
        read_sqlite(path, ReadOptions())


def test_a_query_that_takes_for_ever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.readers.optuna.sqlite.STEP", 1_000)
    monkeypatch.setattr("analysis.readers.optuna.sqlite.MAX_STEPS", 10)
    path = build(
        tmp_path / "study.db",
        PLAIN_PARAMS,
        COUNT.format(10_000) + "insert into trials select i, 1, 'COMPLETE', 1, null, null from n",
    )
    with pytest.raises(InputError, match="cannot be read as an Optuna SQLite storage"):
        read_sqlite(path, ReadOptions())


@pytest.mark.parametrize("ending", ["-wal", "-journal", "-shm"])
def test_a_pipe_beside_a_database_keeps_nobody_waiting(tmp_path: Path, ending: str) -> None:
    path = build(tmp_path / "study.db", "pragma journal_mode = wal", PLAIN_PARAMS)
    os.mkfifo(tmp_path / f"study.db{ending}")
    with pytest.raises(InputError, match=f"study.db{ending}: not a regular file"):
        read_sqlite(path, ReadOptions())
