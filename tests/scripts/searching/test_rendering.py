"""Every command that a search prints asks for what is meant."""

import shlex
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scripts.run_search import main
from scripts.searching.options import make_search_request
from scripts.searching.rendering import render_command
from trial_sets.records.search_info import PRUNERS, SAMPLERS

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "--space": words,
    "--name": st.sampled_from(["search", "first_round", "a.b-c"]),
    "--sampler": st.sampled_from(SAMPLERS),
    "--trials": st.integers(1, 100_000),
    "--hours": st.floats(0.01, 100),
    "--seed": st.integers(0, 2**32 - 1),
    "--pruner": st.sampled_from(PRUNERS),
    "--study-from": words,
    "--to-distributions": words.filter(bool),
    "--study": words,
    "--data": words.filter(bool),
    "--val-fraction": st.floats(allow_nan=False, allow_infinity=False),
    "--horizon": st.integers(),
    "--epochs": st.integers(1, 99),
    "--command": words,
    "--precision": st.sampled_from(["fp32", "bf16"]),
    "--device": words,
    "--jobs": st.integers(1, 64),
    "--output": words.filter(bool),
    "--timeout": st.floats(0.1, 1e6),
}
FLAGS = (
    "--no-default", "--plan", "--check", "--status", "--find-learning-rate", "--no-baselines",
    "--feature-table", "--keep-going", "--fail-fast", "--json",
)  # fmt: skip
stops = st.sampled_from(["gain", "gain=0.01", "same-best", "same-best=7", "no-better=31"])
some = st.fixed_dictionaries({}, optional=VALUES)


@given(
    some, st.sets(st.sampled_from(FLAGS)), st.lists(stops, max_size=2, unique_by=lambda s: s[:4])
)
def test_options_are_read_back_as_they_are_written(
    said: dict[str, object], flags: set[str], rules: list[str]
) -> None:
    arguments = [word for flag, value in said.items() for word in (flag, str(value))]
    arguments += [*flags, *(word for rule in rules for word in ("--stop", rule))]
    context = main.make_context("run_search", arguments)
    line = render_command(context, context.params)
    head, *again = shlex.split(line)
    assert head == "run_search"
    assert main.make_context("run_search", again).params == context.params


def test_what_is_changed_is_asked_for_instead() -> None:
    arguments = ["--study", "lstm", "--trials", "10", "--check", "--stop", "gain"]
    context = main.make_context("run_search", arguments)
    line = render_command(context, context.params, check=False, n_trials=100)
    assert line == "run_search --trials 100 --stop gain=0.001 --study lstm"
    asked = make_search_request(main.make_context("run_search", shlex.split(line)[1:]).params)
    assert (asked.trials, asked.request.study, asked.stops[0].limit) == (100, "lstm", 0.001)
