"""How the learning rate changes over a training, as factors on its highest value.

Steps are counted from 0, `T` in all. Where a schedule has a warm-up of `W` steps, it begins when
the warm-up has ended, at step W. Definitions are those of `torch.optim.lr_scheduler`; each factor
is computed from the step alone, so that nothing adds up.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from models.limits import require, require_choice

Schedule = Literal["constant", "step", "exponential", "linear", "cosine", "one_cycle"]

STEP_GAMMA = 0.1  # of `step`, unless another is given
RISING_SHARE, DIVISOR, LAST_DIVISOR = 0.3, 25.0, 1e4  # of `one_cycle`


@dataclass(frozen=True, slots=True)
class RateSchedule:
    """The factor on the learning rate at every step.

    A field that the schedule does not read has to be left alone: what has no effect is no setting.

    Raises
    ------
    ValueError
        If a value is outside its range, is missing, or has no effect.
    """

    kind: Schedule = "constant"
    step_size: int | None = None
    """`step`: epochs from one fall to the next."""
    gamma: float | None = None
    """`step`: factor of each fall, 0.1 unless given; `exponential`: factor of each epoch."""
    final_factor: float = 0.0
    """`linear` and `cosine`: the factor that is reached when all steps are done."""
    warmup_fraction: float = 0.0
    """Share of all steps over which the rate first rises linearly to its highest."""

    def __post_init__(self) -> None:
        require_choice("schedule", self.kind, get_args(Schedule))
        fraction, final = self.warmup_fraction, self.final_factor
        require(0 <= fraction < 1, "warmup_fraction", fraction, "in [0, 1)")
        require(0 <= final < 1, "final_factor", final, "in [0, 1)")
        if self.gamma is not None:
            require(0 < self.gamma < 1, "gamma", self.gamma, "in (0, 1)")
        if self.kind == "step":
            size = self.step_size
            require(size is not None and size >= 1, "step_size", size, "at least 1 (epochs)")
        if self.kind == "exponential":
            require(self.gamma is not None, "gamma", self.gamma, "in (0, 1)")
        self._refuse_unread()

    def _refuse_unread(self) -> None:
        """Refuse values that have no effect."""
        read_by = {
            "step_size": (self.step_size is not None, ("step",)),
            "gamma": (self.gamma is not None, ("step", "exponential")),
            "final_factor": (self.final_factor > 0, ("linear", "cosine")),
            "warmup_fraction": (
                self.warmup_fraction > 0,
                tuple(kind for kind in get_args(Schedule) if kind != "one_cycle"),
            ),
        }
        for name, (is_given, kinds) in read_by.items():
            if is_given and self.kind not in kinds:
                raise ValueError(
                    f"{name}={getattr(self, name)!r} has no effect with schedule {self.kind}: it "
                    f"goes with {', '.join(kinds)}"
                )

    def factor(self, step: int, n_steps: int, steps_per_epoch: int) -> float:
        """Return the factor at a step.

        Over a warm-up of W steps it is (step + 1) / W, and from then on, with t = step - W of
        n = T - W steps and f the final factor:

        - `constant`: 1;
        - `step`: gamma ** (e // step_size), with e = t // steps_per_epoch whole epochs (`StepLR`);
        - `exponential`: gamma ** e (`ExponentialLR`);
        - `linear`: 1 - (1 - f) t / n (`LinearLR` from 1 to f);
        - `cosine`: f + (1 - f) (1 + cos(pi t / n)) / 2 (`CosineAnnealingLR`; Loshchilov and Hutter
          2017, without restarts);
        - `one_cycle`: up from 1/25 to 1 over the first 30 % of all steps and down to 1/25 of 1/10^4
          at the last one, both along half a cosine (`OneCycleLR` with its defaults; Smith and Topin
          2018), the momentum left as it is.

        Parameters
        ----------
        step : int
        n_steps : int
            T, of the whole training.
        steps_per_epoch : int
        """
        if self.kind == "one_cycle":
            return _follow_cycle(step, n_steps)
        warmup = round(self.warmup_fraction * n_steps)
        if step < warmup:
            return (step + 1) / warmup
        done, n = step - warmup, n_steps - warmup
        if self.kind in {"linear", "cosine"}:
            share = done / n
            fallen = (1 - share) if self.kind == "linear" else _fall(done, n)
            return self.final_factor + (1 - self.final_factor) * fallen
        return self._fall_by_epoch(done // steps_per_epoch)

    def _fall_by_epoch(self, n_epochs: int) -> float:
        """Return the factor of a schedule that changes from epoch to epoch."""
        if self.kind == "constant":
            return 1.0
        gamma = STEP_GAMMA if self.gamma is None else self.gamma
        n_falls = n_epochs if self.step_size is None else n_epochs // self.step_size
        return float(gamma**n_falls)


def _fall(done: float, n: float) -> float:
    """Return how much of a height is left on its way down along half a cosine."""
    return (1 + math.cos(math.pi * done / n)) / 2


def _follow_cycle(step: int, n_steps: int) -> float:
    """Return the factor of the one-cycle schedule."""
    top, lowest, least = RISING_SHARE * n_steps - 1, 1 / DIVISOR, 1 / DIVISOR / LAST_DIVISOR
    if step <= top:
        return 1 + (lowest - 1) * _fall(step, top)
    return least + (1 - least) * _fall(step - top, n_steps - 1 - top)
