"""Usual ranges of learning rate and weight decay, for who knows nothing better yet.

Rules of thumb. Where the guides contradict themselves, this holds here: SGD "works best at 0.01 to
0.1" and is shown with 0.1 alone: 0.01 to 0.1. Rates for fine-tuning are called smaller and are
the same numbers: no row of their own. Decays are said for vision models too: 1e-4 to 1e-3 stands
for networks of middling size here. "Weight decay works with SGD alone" and "L2 works with all
optimizers" are two names of one thing with SGD: with Adam and RMSprop the L2 penalty is divided by
each weight's own gradients, and AdamW's decay is not (Loshchilov and Hutter 2019).
"""

from dataclasses import dataclass

SMALL, HUGE = 100_000, 1_000_000_000  # parameters


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Where a hyperparameter usually lies, and where to begin."""

    low: float
    high: float
    start: float
    whose: str


_RATES = {
    "sgd": UsualRange(0.01, 0.1, 0.01, "SGD with momentum"),
    "adam": UsualRange(1e-4, 1e-3, 1e-3, "Adam"),
    "adamw": UsualRange(1e-4, 1e-3, 5e-4, "AdamW"),
    "rmsprop": UsualRange(1e-4, 1e-2, 5e-4, "RMSprop"),
}
_TRANSFORMER_RATE = UsualRange(5e-5, 5e-4, 1e-4, "transformers")
_DECAYS = (
    (SMALL, UsualRange(1e-5, 1e-4, 1e-4, "small networks")),
    (HUGE, UsualRange(1e-4, 1e-3, 1e-4, "networks of middling size")),
)
_TRANSFORMER_DECAY = UsualRange(0.01, 0.1, 0.01, "transformers with AdamW")


def find_usual_rate(optimizer: str, *, is_transformer: bool = False) -> UsualRange | None:
    """Return the usual learning rates of an optimizer; None of one that is not known.

    A transformer's with Adam or AdamW are smaller.
    """
    name = optimizer.casefold()
    if is_transformer and name in {"adam", "adamw"}:
        return _TRANSFORMER_RATE
    return _RATES.get(name)


def find_usual_decay(
    n_parameters: int, optimizer: str = "", *, is_transformer: bool = False
) -> UsualRange | None:
    """Return the usual weight decays of a network; None of a huge one, which has next to none."""
    if n_parameters >= HUGE:
        return None
    if is_transformer and optimizer.casefold() == "adamw":
        return _TRANSFORMER_DECAY
    return next(usual for below, usual in _DECAYS if n_parameters < below)
