"""What to tune first: hyperparameters in tiers of importance, and shares of a budget.

The tiers are rules of thumb for supervised training with a gradient; a search's own importances
come before them. Where the guides behind them contradict themselves, this holds here:

- "Move on when a tier is settled", and "never tune batch size and learning rate apart": tiers are
  an order in which dimensions join a space, and those that interact are searched together.
- Shares of the budget are said for five parts that are not the tiers (weight decay, of tier 3, and
  dropout, of tier 4, are one part): a hyperparameter has both, a tier and a part.
- One list has warm-up and the optimizer's own numbers in tier 3, and no part for them: they belong
  to "everything else".
- A page about one LSTM calls the width critical and the batch size moderate; the tiers say the
  contrary of both, and are what is used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trial_sets.aliases import squeeze
from trial_sets.linting.role import tell_role


@dataclass(frozen=True, slots=True)
class ImportanceTier:
    """Hyperparameters of like importance."""

    number: int  # from 1, the most important
    importance: str
    what: str


TIERS = (
    ImportanceTier(1, "critical", "learning rate and its schedule"),
    ImportanceTier(2, "high", "batch size, optimizer"),
    ImportanceTier(3, "medium", "weight decay, momentum and betas, warm-up"),
    ImportanceTier(4, "low to medium", "width, depth, dropout, clipping"),
    ImportanceTier(5, "low", "activation, epsilons"),
)
PARTS: Mapping[str, float] = {
    "learning rate": 0.40,
    "schedule": 0.30,
    "batch size and optimizer": 0.15,
    "regularisation": 0.10,
    "everything else": 0.05,
}
_NAMES: Mapping[str, tuple[int, str, str]] = {
    "rate": (1, "learning rate", "learning_rate"),
    "schedule": (1, "schedule", "schedule step_size gamma final_factor lr_decay decay_rate"),
    "batch": (2, "batch size and optimizer", "batch_size"),
    "optimizer": (2, "batch size and optimizer", "optimizer"),
    "decay": (3, "regularisation", "weight_decay l2 l2_reg l2_regularization"),
    "moments": (
        3,
        "everything else",
        "momentum nesterov beta1 beta2 beta_1 beta_2 betas adam_beta1 adam_beta2 rho",
    ),
    "warm-up": (
        3,
        "everything else",
        "warmup_fraction warmup warmup_steps warmup_epochs pct_start",
    ),
    "capacity": (
        4,
        "everything else",
        "d_model n_layers n_heads d_ff_ratio d_ff dim_feedforward n_units units num_units filters "
        "num_filters n_filters channels n_hidden",
    ),
    "dropout": (4, "regularisation", "dropout label_smoothing attention_dropout attn_dropout"),
    "clipping": (4, "everything else", "gradient_clip clip"),
    "activation": (5, "everything else", "activation act activation_fn act_fn nonlinearity"),
    "epsilon": (
        5,
        "everything else",
        "eps epsilon adam_eps adam_epsilon layer_norm_eps layernorm_eps layer_norm_epsilon",
    ),
}
_KINDS: Mapping[str, str] = {
    squeeze(name): kind for kind, (_, _, names) in _NAMES.items() for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hyperparameter in the order of importance."""

    name: str
    tier: int | None  # None where the guides do not rank it
    share: float  # of a budget that is spent on these hyperparameters one after another


def find_kind(name: str) -> str | None:
    """Return what kind of hyperparameter a name in anybody's spelling means.

    One of rate, schedule, batch, optimizer, decay, moments, warm-up, capacity, dropout, clipping,
    activation and epsilon; None where it means none of them.
    """
    return _KINDS.get(squeeze(tell_role(name).rpartition(".")[2]))  # `options.act`


def find_tier(name: str) -> int | None:
    """Return the tier of a hyperparameter, from 1; None where the guides do not rank it."""
    kind = find_kind(name)
    return None if kind is None else _NAMES[kind][0]


def rank_names(names: Iterable[str]) -> tuple[Ranked, ...]:
    """Return hyperparameters in the order in which to tune them, with shares of the budget.

    Each part of `PARTS` that has a name here is divided evenly among its names, and what the others
    would have had is divided in proportion; the shares add up to 1. Within a tier the larger share
    comes first, and otherwise the order is kept. What is not ranked comes last, as everything else.
    """
    listed = list(names)
    parts = {name: _find_part(name) for name in listed}
    present = list(parts.values())
    whole = sum(PARTS[part] for part in set(present))
    ranked = [
        Ranked(name, find_tier(name), PARTS[part] / whole / present.count(part))
        for name, part in parts.items()
    ]
    return tuple(sorted(ranked, key=lambda one: (one.tier or len(TIERS) + 1, -one.share)))


def _find_part(name: str) -> str:
    kind = find_kind(name)
    return "everything else" if kind is None else _NAMES[kind][1]
