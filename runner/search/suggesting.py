"""Has one of Optuna's samplers say the values of a trial."""

from typing import TYPE_CHECKING, cast

from runner.search.distributions import make_distribution
from runner.search.storage import SearchStorage
from runner.search.unit_cube import tidy_value
from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension, SpaceValues

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial


def suggest_values(storage: SearchStorage, number: int, sampler: "BaseSampler") -> SpaceValues:
    """Return the values of the dimensions that are active in a trial.

    Those that its storage has already stay. The sampler sees all trials as they stand: a study of
    Optuna's keeps what a thread has seen of them until this very thread tells of one.
    """
    import optuna  # noqa: PLC0415 - of the extra

    study = optuna.load_study(
        study_name=storage.study.study_name, storage=storage.study._storage, sampler=sampler
    )
    trial = optuna.Trial(study, storage.find_id(number))
    values: SpaceValues = {}
    for name, dimension in storage.history.space.dimensions.items():
        if dimension.is_active(values):
            values[name] = tidy_value(dimension, _suggest(trial, name, dimension))
    return values


def _suggest(trial: "Trial", name: str, dimension: Dimension) -> OptionValue:
    from optuna import distributions  # noqa: PLC0415 - of the extra

    match make_distribution(dimension):
        case distributions.FloatDistribution(low=low, high=high, step=step, log=log):
            return trial.suggest_float(name, low, high, step=step, log=log)
        case distributions.IntDistribution(low=low, high=high, step=step, log=log):
            return trial.suggest_int(name, low, high, step=step, log=log)
        case distributions.CategoricalDistribution(choices=choices):
            return cast("OptionValue", trial.suggest_categorical(name, choices))
    raise AssertionError(f"{name} has a distribution of another kind")
