from dataclasses import replace

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.frames.frame import Space, TrialFrame
from analysis.proposal.moves import propose_moves
from analysis.proposal.rules.move import Move
from analysis.proposal.signal import look_for_signal
from tests.analysis.conftest import MakeTrials
from tests.analysis.proposal.worked_example import make_first_round


def move_on(evidence: Evidence) -> dict[str, list[Move]]:
    """Return the moves by hyperparameter."""
    found: dict[str, list[Move]] = {}
    for move in propose_moves(evidence, look_for_signal(evidence)):
        found.setdefault(move.param, []).append(move)
    return found


@pytest.fixture
def worked(make_trials: MakeTrials) -> dict[str, list[Move]]:
    metric, params = make_first_round()
    return move_on(gather_evidence(make_trials(metric=metric, params=params)))


@pytest.mark.parametrize(
    ("param", "action", "low", "high"),
    [
        ("depth", "fix", 1, 1),
        ("sequence_length", "shift", 6, 16),
        ("learning_rate", "narrow", 3.16e-4, 3.16e-3),
        ("hidden_dropout", "shift", 0.18, 0.35),
        ("epochs", "widen", 20, 60),
    ],
)
def test_the_stated_clusters_give_the_stated_ranges(
    worked: dict[str, list[Move]], param: str, action: str, low: float, high: float
) -> None:
    move = worked[param][-1]
    assert (move.action, move.low, move.high) == (action, pytest.approx(low), pytest.approx(high))


def test_steps_that_do_not_matter_become_coarser(worked: dict[str, list[Move]]) -> None:
    assert [(move.action, move.step) for move in worked["epochs"]] == [
        ("coarsen", 10),
        ("widen", 10),
    ]
    assert not worked["epochs"][0].is_established
    assert "steps of 5 make no difference" in worked["epochs"][0].evidence


def test_a_range_is_shifted_up_and_says_why(worked: dict[str, list[Move]]) -> None:
    (move,) = worked["hidden_dropout"]
    assert "lie from 0.1 to 0.3, the three best at 0.18 to 0.25" in move.evidence
    assert "shift the range up to 0.18 to 0.35" in move.evidence
    assert all(0.18 <= value <= 0.35 for value in move.values if isinstance(value, float))


# Tested values, and where the optimum was that is not among them.
HALVES = [32.0, 64.0, 128.0, 512.0]
RATES = [1e-5, 1e-4, 1e-2]
RESPONSES: list[tuple[str, list[float], float]] = [
    ("dropout", [0.1, 0.3, 0.5, 0.7], 0.4),
    ("dropout", [0.1, 0.3, 0.5, 0.7], 0.6),
    ("dropout", [0.1, 0.2, 0.3], 0.4),
    ("dropout", [0.3, 0.4, 0.5], 0.2),
    ("learning_rate", RATES, 1e-3),
    ("learning_rate", [1e-5, 5e-5, 1e-4], 3e-4),
    ("learning_rate", [1e-3, 3e-3, 1e-2], 3e-4),
    ("learning_rate", [1e-5, 5e-5, 1e-4, 5e-4], 7e-5),
    ("weight_decay", [1e-5, 1e-4, 1e-3], 3e-3),
    ("weight_decay", [1e-6, 1e-4, 1e-3], 1e-5),
    ("d_model", HALVES, 256),
    ("d_model", [64, 128, 256], 512),
    ("d_model", [64, 128, 256], 32),
    ("d_model", [48, 64, 96, 128, 160], 112),
    ("n_layers", [2, 4, 6, 8], 5),
    ("n_layers", [2, 4, 6], 8),
    ("n_layers", [3, 4, 5], 2),
    ("context", [40, 80, 120], 160),
    ("batch_size", [32, 64, 256], 128),
    ("momentum", [0.1, 0.5, 0.9], 0.7),
]


def respond(make_trials: MakeTrials, name: str, tested: list[float], optimum: float) -> TrialFrame:
    """Return trials of a hump about the optimum, beside a hyperparameter that does nothing."""
    n_each, is_log = 8, max(tested) / min(tested) >= 8
    place = np.log if is_log else np.asarray
    values = np.repeat(np.array(tested, dtype=float), n_each)
    span = float(np.ptp(place(np.array([*tested, optimum]))))
    off = (place(values) - place(np.array(optimum))) / span
    noise = np.random.default_rng(3).normal(0, 0.001, len(values))
    other = np.resize([0.0, 1.0], len(values))
    salt = np.arange(len(values)) // 2 % 4 + 1.0
    return make_trials(
        metric=0.75 - 0.1 * off**2 + noise, params={name: values, "other": other, "salt": salt}
    )


@pytest.mark.parametrize(("name", "tested", "optimum"), RESPONSES)
def test_a_removed_optimum_is_proposed_again(
    make_trials: MakeTrials, name: str, tested: list[float], optimum: float
) -> None:
    moves = move_on(gather_evidence(respond(make_trials, name, tested, optimum)))[name]
    assert {move.action for move in moves} <= {"extend", "fill"}
    values = [value for move in moves for value in move.values if isinstance(value, float)]
    place = np.log if max(tested) / min(tested) >= 8 else np.asarray
    nearest = min(abs(place(np.array(value)) - place(np.array(optimum))) for value in values)
    tested_off = min(abs(place(np.array(value)) - place(np.array(optimum))) for value in tested)
    assert nearest < tested_off / 2, f"{values} for {optimum}"


@pytest.mark.parametrize("seed", range(20))
def test_noise_moves_nothing(make_trials: MakeTrials, seed: int) -> None:
    rng = np.random.default_rng(seed)
    params = {
        "dropout": rng.choice([0.1, 0.3, 0.5], 60),
        "lr": 10 ** rng.uniform(-5, -2, 60),
        "n_layers": rng.choice([2, 4, 6], 60),
    }
    evidence = gather_evidence(make_trials(metric=rng.normal(0.7, 0.01, 60), params=params))
    signal = look_for_signal(evidence)
    assert propose_moves(evidence, signal) == ()
    assert "follow noise, so that controls and more seeds alone are proposed" in signal.sentence


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_and_noisy_level_moves_nothing(make_trials: MakeTrials, seed: int) -> None:
    rng = np.random.default_rng(seed)
    is_rare = np.arange(60) < 6
    noise = rng.normal(0, 1, 60) * np.where(is_rare, 0.06, 0.005)
    params = {"act": np.where(is_rare, "gelu", "relu"), "dropout": rng.choice([0.1, 0.3, 0.5], 60)}
    signal = look_for_signal(gather_evidence(make_trials(metric=0.7 + noise, params=params)))
    assert not signal.is_shown


def test_seeds_tell_what_few_configurations_do_not(make_trials: MakeTrials) -> None:
    """One value is changed at a time, so that no configuration is left to the error."""
    lr, seed = np.repeat([1e-4, 3e-4, 1e-3, 3e-3, 1e-2], 3), np.tile([0, 1, 2], 5)
    metric = 0.7 - 0.2 * (lr == 1e-2) + np.random.default_rng(0).normal(0, 0.01, 15)
    signal = look_for_signal(
        gather_evidence(make_trials(metric=metric, params={"lr": lr}, seed=seed))
    )
    assert signal.is_shown
    assert "differ on these rows by more than their seeds do" in signal.sentence


def test_equal_scores_say_nothing(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5] * 6, params={"lr": [1e-4, 1e-3, 1e-2] * 2, "wd": [0.0, 1] * 3})
    signal = look_for_signal(gather_evidence(frame))
    assert "All 6 distinct configurations have the same AUC" in signal.sentence


def test_too_few_trials_move_nothing(make_trials: MakeTrials) -> None:
    evidence = gather_evidence(make_trials(metric=[0.6, 0.7], params={"lr": [1e-3, 1e-4]}))
    signal = look_for_signal(evidence)
    assert not signal.is_shown
    assert "too few" in signal.sentence
    assert propose_moves(evidence, signal) == ()


def test_what_was_declared_is_not_left(make_trials: MakeTrials) -> None:
    frame = respond(make_trials, "dropout", [0.1, 0.2, 0.3], 0.4)
    held = replace(frame, spaces={"dropout": Space(0.1, 0.3, is_log=False)})
    assert [move.action for move in move_on(gather_evidence(held))["dropout"]] != ["extend"]
    wide = replace(frame, spaces={"dropout": Space(0.1, 0.35, is_log=False)})
    moves = move_on(gather_evidence(wide))["dropout"]
    assert [(move.action, move.values) for move in moves] == [
        ("extend", (0.35,)),
        ("fill", (0.25,)),
    ]


def test_two_regions_that_stand_apart_are_both_kept(make_trials: MakeTrials) -> None:
    rng = np.random.default_rng(0)
    n_layers = np.repeat([1.0, 2, 3, 4, 5, 6, 7, 8], 8)
    hump = np.where(np.isin(n_layers, [1, 2, 7, 8]), 0.75, 0.70)
    metric = hump + rng.normal(0, 0.002, len(hump))
    salt = np.resize(np.arange(4.0), len(hump))
    evidence = gather_evidence(
        make_trials(metric=metric, params={"n_layers": n_layers, "salt": salt})
    )
    (move,) = move_on(evidence)["n_layers"]
    assert (move.action, move.low, move.high) == ("regions", 1, 8)
    assert "1 to 2 and 7 to 8" in move.evidence


def test_words_that_never_ran_are_tried(make_trials: MakeTrials) -> None:
    words = np.repeat(["adam", "sgd"], 20)
    metric = np.where(words == "adam", 0.75, 0.7) + np.random.default_rng(0).normal(0, 0.002, 40)
    frame = make_trials(metric=metric, params={"optimizer": words, "salt": np.arange(40.0) // 2})
    spaces = {"optimizer": Space(np.nan, np.nan, is_log=False, choices=("adam", "sgd", "adamw"))}
    assert move_on(gather_evidence(frame))["optimizer"][0].action == "fix"
    told = gather_evidence(replace(frame, spaces=spaces))
    assert move_on(told)["optimizer"][0].values == ("adam",)


def test_a_factor_is_above_one(make_trials: MakeTrials) -> None:
    metric, params = make_first_round()
    evidence = gather_evidence(make_trials(metric=metric, params=params))
    with pytest.raises(ValueError, match="expected a number above 1"):
        propose_moves(evidence, look_for_signal(evidence), factor=1)
