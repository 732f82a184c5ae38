"""Explore, refine, validate: the guides' split, and its commands."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_sets.tuning.phases import SEEDS, list_phases, split_budget


def test_the_guides_165_are_100_and_50_and_5_times_3() -> None:
    split = split_budget(165)
    assert (split.explore, split.refine, split.validated * SEEDS) == (100, 50, 15)


@given(st.integers(5, 10_000))
def test_every_fit_is_spent(n_fits: int) -> None:
    split = split_budget(n_fits)
    assert split.n_fits == n_fits
    assert 1 <= split.refine <= split.explore
    assert 1 <= split.validated <= 5


def test_too_few_fits_are_refused() -> None:
    with pytest.raises(ValueError, match="n_fits=4: three phases need 5"):
        split_budget(4)


def test_phases_are_commands_that_a_shell_takes() -> None:
    phases = list_phases(
        "my study", split_budget(165), sampler="qmc", options=("--data", "a b.csv"),
        storage="outputs/s/r/_search-explore/optuna.journal", best_file="best five.json",
    )  # fmt: skip
    assert [phase.name for phase in phases] == ["Explore", "Refine", "Validate"]
    commands = [shlex.join(phase.command) for phase in phases]
    assert commands == [
        "run_search --study 'my study' --name explore --sampler qmc --trials 100 --data 'a b.csv'",
        "run_search --study 'my study' --name refine --sampler tpe --trials 50 --study-from "
        "outputs/s/r/_search-explore/optuna.journal --data 'a b.csv'",
        "run_supplementary --study 'my study' --trials 'best five.json' --seeds 3 --data 'a b.csv'",
    ]


def test_a_grid_leaves_nothing_to_refine() -> None:
    explore, validate = list_phases(
        "s", split_budget(165), sampler="grid", storage="r/_search-explore/optuna.journal",
        best_file="r/_search-refine/best.json",
    )  # fmt: skip
    assert explore.command == (
        *("run_search", "--study", "s", "--name", "explore", "--sampler", "grid"),
    )
    assert validate.command[3:5] == ("--trials", "r/_search-explore/best.json")


def test_what_would_be_tuned_by_hand_is_drawn_at_random_in_a_hundred_trials() -> None:
    explore, *_ = list_phases("s", split_budget(165), sampler="manual")
    assert explore.command[-4:] == ("--sampler", "random", "--trials", "100")
