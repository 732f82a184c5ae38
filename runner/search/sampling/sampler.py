"""Which sampler proposes the trials of a search: one of ours, or one of Optuna's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from runner.search.sampling.evolution import Evolution
from runner.search.sampling.grid import Grid
from runner.search.sampling.point import PointSampler, draw_seed
from runner.search.sampling.protocol import ManualProtocol, ReadFit
from runner.search.sampling.qmc import SobolSequence
from trial_sets.records.search_info import SearchInfo

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.study import Study
    from optuna.trial import FrozenTrial, TrialState

STARTUP = 10  # trials at random before TPE or the Gaussian process learns from them
POPULATION = 20  # of NSGA-II: its 50 would be a whole search


def make_point_sampler(
    info: SearchInfo, sign: int, start_rate: float | None, read: ReadFit
) -> PointSampler | None:
    """Return the sampler of ours that a search asks for; None where it is one of Optuna's.

    Parameters
    ----------
    info
        What the search is.
    sign
        1 where a larger score is better, -1 where a smaller one is.
    start_rate
        That a range test suggests, for the manual protocol.
    read
        Returns the record of a trial.
    """
    first = count_first(info)
    match info.sampler:
        case "grid":
            return Grid(info.space, first)
        case "qmc":
            return SobolSequence(info.space, info.seed, first)
        case "cmaes":
            return Evolution(info.space, info.seed, first, sign)
        case "manual":
            return ManualProtocol(info.space, info.default, start_rate, sign, read)
    return None


def count_first(info: SearchInfo) -> int:
    """Return how many trials come before the sampler's first: copied ones, and the base."""
    proposes_default = info.default is not None and info.sampler != "manual"
    return info.n_foreign + int(proposes_default)


@dataclass(slots=True)
class NumberedSampler:
    """One of Optuna's samplers, made afresh for each trial with a seed of the trial's own.

    A parameter that is drawn by itself has a seed of its own too, so that it is the same whether
    or not those before it are known already.
    """

    info: SearchInfo
    _numbers: dict[int, "BaseSampler"] = field(default_factory=dict)  # of the trial that is asked

    def infer_relative_search_space(
        self, study: "Study", trial: "FrozenTrial"
    ) -> dict[str, "BaseDistribution"]:
        """Return the parameters that are drawn together."""
        return self._make(trial.number).infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: "Study", trial: "FrozenTrial", search_space: dict[str, "BaseDistribution"]
    ) -> dict[str, Any]:
        """Return their values."""
        return self._numbers[trial.number].sample_relative(study, trial, search_space)

    def sample_independent(
        self,
        study: "Study",
        trial: "FrozenTrial",
        param_name: str,
        param_distribution: "BaseDistribution",
    ) -> Any:  # noqa: ANN401 - as Optuna's own
        """Return the value of a parameter that is drawn by itself."""
        place = 1 + list(self.info.space.dimensions).index(param_name)
        sampler = make_optuna_sampler(self.info, draw_seed(self.info.seed, trial.number, place))
        return sampler.sample_independent(study, trial, param_name, param_distribution)

    def before_trial(self, study: "Study", trial: "FrozenTrial") -> None:
        """Do nothing: what the samplers do here is for several objectives."""

    def after_trial(
        self,
        study: "Study",
        trial: "FrozenTrial",
        state: "TrialState",
        values: Sequence[float] | None,
    ) -> None:
        """Do nothing, likewise."""

    def reseed_rng(self) -> None:
        """Do nothing: each trial has its seed."""

    def _make(self, number: int) -> "BaseSampler":
        """Return a fresh sampler for a trial, and forget the one before."""
        sampler = make_optuna_sampler(self.info, draw_seed(self.info.seed, number, 0))
        self._numbers = {number: sampler}
        return sampler


def make_sampler(info: SearchInfo) -> "BaseSampler":
    """Return what Optuna is to propose with."""
    return cast("BaseSampler", NumberedSampler(info))


def make_optuna_sampler(info: SearchInfo, seed: int) -> "BaseSampler":
    """Return a fresh one of Optuna's samplers.

    TPE is multivariate, on the groups of parameters that occur together where there are
    conditions; with several fits at a time it counts those that run as bad.
    """
    from optuna import samplers  # noqa: PLC0415 - of the extra

    makers: dict[str, Callable[[], BaseSampler]] = {
        "tpe": lambda: samplers.TPESampler(
            seed=seed,
            n_startup_trials=STARTUP,
            group=info.space.is_conditional,
            constant_liar=info.jobs > 1,
        ),
        "gp": lambda: samplers.GPSampler(
            seed=seed, n_startup_trials=STARTUP, warn_independent_sampling=False
        ),
        "nsga2": lambda: samplers.NSGAIISampler(seed=seed, population_size=POPULATION),
    }
    return makers.get(info.sampler, lambda: samplers.RandomSampler(seed=seed))()
