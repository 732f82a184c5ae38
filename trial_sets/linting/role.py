"""What hyperparameters a search varies and holds fixed, whatever they are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from trial_sets.aliases import find_meant, squeeze
from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension, SearchSpace, SpaceValues
from trial_sets.study import Study

RATE, BATCH, DECAY, OPTIMIZER = "learning_rate", "batch_size", "weight_decay", "optimizer"
WARMUP, DROPOUT = "warmup_fraction", "dropout"
ARCHITECTURE = ("d_model", "n_layers", "n_heads", "d_ff_ratio")


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """What is known of a search beside its space; None where it is not.

    Attributes
    ----------
    n_train_rows
        Rows that every trial is trained on.
    smallest, largest
        Parameters of the smallest and of the largest network of the space.
    sampler
        How trials are chosen, such as ``grid``.
    n_trials
        How many are planned.
    """

    n_train_rows: int | None = None
    smallest: int | None = None
    largest: int | None = None
    sampler: str | None = None
    n_trials: int | None = None


@dataclass(frozen=True, slots=True)
class LintedSearch:
    """A search as the linter sees it: see `lint_space`."""

    study: Study
    space: SearchSpace
    fixed: Mapping[str, OptionValue | None]
    default: SpaceValues | None
    facts: SearchFacts

    def find(self, role: str) -> tuple[str, Dimension] | None:
        """Return the dimension that means a hyperparameter, with its name; None where none does."""
        for name, dimension in self.space.dimensions.items():
            if tell_role(name) == role:
                return name, dimension
        return None

    def find_fixed(self, role: str) -> OptionValue | None:
        """Return the value of a hyperparameter that does not vary; None where it has none."""
        return next((v for name, v in self.fixed.items() if tell_role(name) == role), None)

    def has(self, role: str) -> bool:
        """Tell whether the study knows a hyperparameter, varied or fixed."""
        return any(tell_role(name) == role for name in (*self.space.dimensions, *self.fixed))

    def list_words(self, role: str) -> tuple[str, ...]:
        """Return the words that a hyperparameter is or may be, such as optimizers."""
        found = self.find(role)
        values = (self.find_fixed(role),) if found is None else found[1].choices or ()
        return tuple(squeeze(value) for value in values if isinstance(value, str))


def tell_role(name: str) -> str:
    """Return the hyperparameter that a name means, ``optim.lr`` the learning rate; else itself."""
    return find_meant(name) or find_meant(name.rpartition(".")[2]) or name


def list_numbers(dimension: Dimension) -> list[float]:
    """Return the ends of a range, or the choices that are numbers, in ascending order."""
    found = (dimension.low, dimension.high) if dimension.is_range else dimension.choices or ()
    return sorted(float(v) for v in found if isinstance(v, int | float) and type(v) is not bool)
