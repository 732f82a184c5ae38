"""Every command that a report or a message prints is accepted, and plans the same run."""

import json
import os
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import runner.planning.preparation
from analysis.report.formats.markdown import code_span
from analysis.runs.commands import (
    doubt_data,
    write_command,
    write_decision_command,
    write_test_command,
)
from analysis.runs.run import Run
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from scripts.run_supplementary import main
from scripts.running.look_options import read_stopping
from scripts.running.look_plan import settle_looks
from scripts.running.options import make_request
from tests.conftest import TINY_SET, TINY_STUDY
from trial_sets.records.request import DataRequest, RunRequest, StudyOverrides
from trial_sets.records.run_info import read_run_info

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
given_or_not = st.one_of(st.none(), words)
shares = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
counts = st.one_of(st.none(), st.integers(min_value=1, max_value=10**9))
any_data = st.builds(
    DataRequest,
    path=st.one_of(st.none(), words.filter(bool).map(Path)),
    feature_table=st.booleans(),
    **dict.fromkeys(
        ["date_column", "date_format", "ticker", "label_column", "tier", "direction", "train_start",
         "val_start", "test_start", "test_end"], given_or_not,
    ),
    **dict.fromkeys(["threshold", "val_fraction", "test_fraction"], shares),
    horizon=st.one_of(st.none(), st.integers(-(10**6), 10**6)),
)  # fmt: skip
any_request = st.builds(
    RunRequest,
    study=words,
    sets_file=given_or_not,
    data=any_data,
    overrides=st.builds(StudyOverrides, epochs=counts, context=counts),
    trainer=given_or_not,
    precision=st.sampled_from(["fp32", "tf32", "bf16"]),
)


def parse(arguments: list[str]) -> Request:
    """Return the request that the command makes of its arguments."""
    return make_request(main.make_context("run_supplementary", arguments).params)


@given(any_request)
def test_options_are_read_back_as_they_are_written(asked: RunRequest) -> None:
    assert parse(asked.render()).of_run(None) == asked


def test_what_identifies_a_run_is_all_kept() -> None:
    others = {
        "sets", "trials", "controls", "baselines", "seeds", "looks", "device", "jobs",
        "evaluate_test", "output", "force", "rerun_failed", "retries", "timeout_s", "hang_s",
        "on_failure", "launch", "launch_python",
    }  # fmt: skip
    identifying = {field.name for field in fields(Request)} - others
    assert identifying == set(RunRequest.model_fields) - {"data_sha256", "folder"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with data, studies and a trainer; preparing the same data is remembered."""
    folder = tmp_path_factory.mktemp("a desk")
    rng = np.random.default_rng(7)
    days = pd.bdate_range("2018-01-01", periods=900)
    close = 100 * np.exp(rng.normal(0, 0.01, 900).cumsum())
    spread = 1 + rng.uniform(0.001, 0.02, 900)
    prices = {"date": days, "open": close, "high": close * spread, "low": close / spread}
    prices |= {"close": close, "volume": rng.integers(1, 9, 900) * 1000.0}
    pd.DataFrame(prices).to_csv(folder / "the prices.csv", index=False)
    both = [pd.DataFrame(prices).assign(ticker=ticker) for ticker in ("^ONE", "it's two")]
    pd.concat(both).to_csv(folder / "two.csv", index=False)
    table = {"time": days, "heat": rng.normal(size=900), "failure": rng.integers(0, 2, 900)}
    pd.DataFrame(table).to_csv(folder / "table.csv", index=False)
    (folder / "own.py").write_text("def train(configuration, data, context): ...\n")
    (folder / "sets.json").write_text(json.dumps({"A1": {"dropout": 0.2}, "A2": {"dropout": 0.3}}))
    (folder / "my study").mkdir()
    (folder / "elsewhere").mkdir()
    for name, content in {"study": TINY_STUDY, "A": TINY_SET}.items():
        (folder / "my study" / f"{name}.json").write_text(json.dumps(content))
    with pytest.MonkeyPatch.context() as patch:
        prepare = lru_cache(maxsize=None)(runner.planning.preparation.prepare_folds)
        patch.setattr(runner.planning.preparation, "prepare_folds", prepare)
        patch.chdir(folder)
        yield folder


DATES = {"val_start": "2019-10-01", "test_start": "2020-06-01"}
SPLITS: list[dict[str, Any]] = [
    {},
    DATES,
    {**DATES, "train_start": "2018-06-01"},
    {**DATES, "test_end": "2021-01-04"},
    {"val_fraction": 0.2, "test_fraction": 0.15},
    {"val_fraction": 0.25},
]
RULES: list[dict[str, Any]] = [
    {},
    {"threshold": 0.005},
    {"horizon": 3, "direction": "down"},
    {"threshold": 0.0125, "horizon": 2},
]


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw a request that can be planned."""
    source = draw(st.sampled_from(["prices", "two", "table", "prices as a table"]))
    data: dict[str, Any] = draw(st.sampled_from(SPLITS))
    if source == "prices":
        tier = st.sampled_from([None, "a50", "a100"])
        data = {
            "path": Path("the prices.csv"),
            **data,
            **draw(st.sampled_from(RULES)),
            "tier": draw(tier),
        }
    elif source == "two":
        ticker = draw(st.sampled_from(["^one", "it's two"]))
        data = {"path": Path("two.csv"), **data, "ticker": ticker}
    elif source == "table":
        data = {"path": Path("table.csv"), **data, "label_column": "failure"}
        data["date_column"] = draw(st.sampled_from([None, "time"]))
        data["date_format"] = draw(st.sampled_from([None, "%Y-%m-%d"]))
    else:
        data = {"path": Path("the prices.csv"), **data, **draw(st.sampled_from(RULES))}
    trainer = draw(st.sampled_from([None, None, "own.py:train"]))
    return Request(
        study="my study",
        sets_file=draw(st.sampled_from([None, "sets.json"])),
        sets=("all",),
        seeds=draw(st.sampled_from([None, 1, 2])),
        data=DataRequest(**data),
        overrides=StudyOverrides(
            epochs=draw(st.sampled_from([None, 3])), context=draw(st.sampled_from([None, 24]))
        ),
        trainer=trainer,
        precision="fp32" if trainer else draw(st.sampled_from(["fp32", "tf32", "bf16"])),
        output=draw(st.sampled_from([Path("outputs"), Path("other results")])),
    )


def as_read(plan: Plan) -> Run:
    """Return a plan's run as the analysis finds it."""
    path = plan.folder.run_json
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plan.info.model_dump_json(by_alias=True))
    return Run(plan.folder.path, read_run_info(path), (), (), (), ())


def seen_from(run: Run, folder: Path) -> Run:
    """Return a run as the analysis finds it when it is called from another folder."""
    os.chdir(folder)
    return replace(run, folder=Path(os.path.relpath(run.folder, folder)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests(), st.data())
def test_a_runs_commands_plan_just_this_run(
    desk: Path, asked: Request, data: st.DataObject
) -> None:
    os.chdir(desk)
    plan = make_plan(asked)
    run, names = as_read(plan), [fit.fit.name for fit in plan.fits]
    where, folder = (
        run.folder.absolute(),
        data.draw(st.sampled_from([".", "elsewhere", str(run.folder)])),
    )
    run = seen_from(replace(run, folder=where), desk / folder)
    some = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    for command in (write_command(run, some, asked.seeds or 1), write_test_command(run, some[0])):
        assert code_span(command) == f"`{command}`"  # it reaches the report as it is
        head, *arguments = shlex.split(command)
        assert head == "run_supplementary"
        again = make_plan(parse(arguments))
        assert (again.info.run, again.folder.path.absolute()) == (plan.info.run, where)
        planned = {name for fit in again.fits for name in fit.fit.names}
        assert planned >= ({some[0]} if again.with_test else set(some))


@pytest.mark.parametrize("despite_futility", [False, True])
def test_the_command_that_goes_on_with_a_claim_is_accepted(
    desk: Path, despite_futility: bool
) -> None:
    os.chdir(desk)
    run = as_read(make_plan(Request(study="my study", sets=("A",), seeds=2)))
    command = write_decision_command(run, "A", despite_futility=despite_futility)
    context = main.make_context("run_supplementary", shlex.split(command)[1:])
    stopping = read_stopping(context.params)
    assert stopping is not None
    assert stopping.minds_futility is not despite_futility
    looks = settle_looks(replace(make_request(context.params), looks=(2,)), stopping)
    assert looks.plan.info.run == run.info.run


def test_a_data_file_that_has_changed_is_said(desk: Path, tmp_path: Path) -> None:
    os.chdir(desk)
    shutil.copy("the prices.csv", tmp_path / "mine.csv")
    asked = Request(study="my study", sets=("A",), data=DataRequest(path=tmp_path / "mine.csv"))
    run = as_read(make_plan(asked))
    assert doubt_data(run) is None
    (tmp_path / "mine.csv").write_text("other")
    assert "mine.csv has changed since the run was made" in str(doubt_data(run))
    (tmp_path / "mine.csv").unlink()
    assert "mine.csv is not there" in str(doubt_data(run))


def test_the_next_command_of_a_new_study_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a desk").mkdir()
    said = CliRunner().invoke(main, ["--new-study", "a desk/mine"]).stdout.splitlines()[-1]
    arguments = shlex.split(said.removeprefix("Next: "))[1:]
    assert CliRunner().invoke(main, arguments).exit_code == 0
