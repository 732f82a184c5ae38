"""The factors of every schedule against PyTorch's own, and what a schedule refuses."""

from typing import Any, get_args

import pytest
import torch
from torch.optim import lr_scheduler

from models.schedule import RateSchedule, Schedule

N_EPOCHS, STEPS = 10, 5  # fifty steps
TOTAL = N_EPOCHS * STEPS
RATE = 0.07


def list_rates(**fields: Any) -> list[float]:
    schedule = RateSchedule(**fields)
    return [RATE * schedule.factor(step, TOTAL, STEPS) for step in range(TOTAL)]


def open_optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=RATE)


def follow(scheduler: Any, *, n_epochs: int = 0) -> list[float]:
    """Return the rates of a scheduler that goes on at every step, or after every epoch."""
    optimizer, rates = scheduler.optimizer, []
    for step in range(n_epochs * STEPS or TOTAL):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if n_epochs == 0 or (step + 1) % STEPS == 0:
            scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("fields", "kind", "theirs", "n_epochs"),
    [
        ({"kind": "constant"}, lr_scheduler.ConstantLR, {"factor": 1.0}, 0),
        ({"kind": "step", "step_size": 3}, lr_scheduler.StepLR, {"step_size": 3}, N_EPOCHS),
        (
            {"kind": "step", "step_size": 2, "gamma": 0.4},
            lr_scheduler.StepLR,
            {"step_size": 2, "gamma": 0.4},
            N_EPOCHS,
        ),
        (
            {"kind": "exponential", "gamma": 0.8},
            lr_scheduler.ExponentialLR,
            {"gamma": 0.8},
            N_EPOCHS,
        ),
        (
            {"kind": "linear"},
            lr_scheduler.LinearLR,
            {"start_factor": 1.0, "end_factor": 0.0, "total_iters": TOTAL},
            0,
        ),
        (
            {"kind": "linear", "final_factor": 0.1},
            lr_scheduler.LinearLR,
            {"start_factor": 1.0, "end_factor": 0.1, "total_iters": TOTAL},
            0,
        ),
        ({"kind": "cosine"}, lr_scheduler.CosineAnnealingLR, {"T_max": TOTAL}, 0),
        (
            {"kind": "cosine", "final_factor": 0.1},
            lr_scheduler.CosineAnnealingLR,
            {"T_max": TOTAL, "eta_min": 0.1 * RATE},
            0,
        ),
        (
            {"kind": "one_cycle"},
            lr_scheduler.OneCycleLR,
            {"max_lr": RATE, "total_steps": TOTAL, "cycle_momentum": False},
            0,
        ),
    ],
    ids=str,
)
def test_fifty_steps_have_the_rates_of_torch(
    fields: dict[str, Any], kind: Any, theirs: dict[str, Any], n_epochs: int
) -> None:
    if kind is lr_scheduler.OneCycleLR:  # its last call is one too many, which it says
        rates = follow_cycle(theirs)
    else:
        rates = follow(kind(open_optimizer(), **theirs), n_epochs=n_epochs)
    assert list_rates(**fields) == pytest.approx(rates, rel=1e-9, abs=1e-12)


def follow_cycle(fields: dict[str, Any]) -> list[float]:
    optimizer = open_optimizer()
    scheduler, rates = lr_scheduler.OneCycleLR(optimizer, **fields), []
    for step in range(TOTAL):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < TOTAL - 1:
            scheduler.step()
    return rates


@pytest.mark.parametrize("kind", ["linear", "cosine"])
def test_a_warm_up_comes_first_and_the_schedule_takes_what_is_left(kind: str) -> None:
    n = 10
    warmup = lr_scheduler.LinearLR(open_optimizer(), 1 / n, 1.0, n - 1)
    expected = [*follow(warmup)[:n], *follow_alone(kind, TOTAL - n)]
    assert list_rates(kind=kind, warmup_fraction=0.2) == pytest.approx(expected, rel=1e-9)


def follow_alone(kind: str, n_steps: int) -> list[float]:
    optimizer = open_optimizer()
    scheduler: Any = (
        lr_scheduler.LinearLR(optimizer, 1.0, 0.0, n_steps)
        if kind == "linear"
        else lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
    )
    return follow(scheduler)[:n_steps]


def test_epochs_are_counted_from_the_end_of_the_warm_up() -> None:
    factors = [
        RateSchedule("step", step_size=1, warmup_fraction=0.5).factor(step, 8, 2)
        for step in range(8)
    ]
    assert factors == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 0.1, 0.1])


@pytest.mark.parametrize("n_steps", [1, 2, 3, 4, 7])
def test_a_short_training_has_factors_from_zero_to_one(n_steps: int) -> None:
    for kind in get_args(Schedule):
        fields: dict[str, Any] = {"step": {"step_size": 1}, "exponential": {"gamma": 0.5}}
        schedule = RateSchedule(kind, **fields.get(kind, {}))
        assert all(0 <= schedule.factor(step, n_steps, 1) <= 1 for step in range(n_steps))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "flat"}, "schedule='flat' is not one of constant, step, exponential"),
        ({"kind": "step"}, r"step_size=None is not at least 1 \(epochs\)"),
        ({"kind": "step", "step_size": 0}, "step_size=0 is not at least 1"),
        ({"kind": "step", "step_size": 2, "gamma": 1.0}, r"gamma=1.0 is not in \(0, 1\)"),
        ({"kind": "exponential"}, r"gamma=None is not in \(0, 1\)"),
        ({"kind": "linear", "final_factor": 1.0}, r"final_factor=1.0 is not in \[0, 1\)"),
        ({"warmup_fraction": float("nan")}, r"warmup_fraction=nan is not in \[0, 1\)"),
        ({"step_size": 3}, "step_size=3 has no effect with schedule constant: it goes with step"),
        ({"kind": "cosine", "gamma": 0.5}, "gamma=0.5 has no effect with schedule cosine: it goes"),
        ({"kind": "exponential", "gamma": 0.9, "final_factor": 0.1}, "final_factor=0.1 has no eff"),
        ({"kind": "one_cycle", "warmup_fraction": 0.1}, "warmup_fraction=0.1 has no effect with"),
    ],
)
def test_a_schedule_refuses_what_it_cannot_use(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RateSchedule(**fields)
