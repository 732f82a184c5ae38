"""How far strategies of search come at equal budget: python -m benchmarks.strategies.

Every strategy of `run_search` proposes as many points as every other, of two functions, of a real
fit and, with `--table`, of a table of trials; the regret is what the best of them is above the
best there is. Repeats differ in the seed alone. The grid has as many equal levels a dimension as
the budget allows, and no chance: its repeats are one.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import numpy as np

from trial_sets.records.search_info import SamplerName, SearchInfo
from trial_sets.space import Dimension, SearchSpace, SpaceValues

if TYPE_CHECKING:
    from benchmarks.workloads.search_problems import Problem

N_RESAMPLED = 10_000  # means of the bootstrap
STRATEGIES: tuple[SamplerName, ...] = ("grid", "random", "qmc", "tpe", "gp", "cmaes", "nsga2")


@dataclass(frozen=True)
class Ran:
    """What one repeat of a strategy came to."""

    regret: float
    seconds: float  # that proposing took, a trial


def spread_grid(space: SearchSpace, budget: int) -> SearchSpace:
    """Return a space with as many equal levels of each range as so many trials allow."""
    n_ranges = sum(dimension.is_range for dimension in space.dimensions.values())
    fixed = math.prod(d.count() or 1 for d in space.dimensions.values() if not d.is_range)
    levels = max(2, int((budget / fixed) ** (1 / max(n_ranges, 1)) + 1e-9))
    return SearchSpace(
        dimensions={n: _cut(d, levels) if d.is_range else d for n, d in space.dimensions.items()}
    )


def _cut(dimension: Dimension, levels: int) -> Dimension:
    assert dimension.low is not None
    assert dimension.high is not None
    spread = np.geomspace if dimension.log else np.linspace
    return Dimension(choices=tuple(spread(dimension.low, dimension.high, levels).tolist()))


def run_strategy(strategy: SamplerName, problem: "Problem", budget: int, seed: int) -> Ran:
    """Search a problem with one strategy, as `run_search --jobs 1` would."""
    import optuna  # noqa: PLC0415 - of the extra

    from runner.search.distributions import make_distribution  # noqa: PLC0415
    from runner.search.sampling.sampler import make_point_sampler, make_sampler  # noqa: PLC0415
    from runner.search.storage import hush_optuna  # noqa: PLC0415
    from runner.search.trials import SearchTrial  # noqa: PLC0415

    hush_optuna()
    space = spread_grid(problem.space, budget) if strategy == "grid" else problem.space
    info = SearchInfo(name="b", run="b", sampler=strategy, seed=seed, fit_seed=0, space=space)
    own = make_point_sampler(info, -1, None, lambda _: None)
    study = optuna.create_study(sampler=make_sampler(info)) if own is None else None
    distributions = {name: make_distribution(d) for name, d in space.dimensions.items()}
    trials: list[SearchTrial] = []
    least, taken = math.inf, 0.0
    for number in range(budget):
        started = time.perf_counter()
        if study is not None:
            asked = study.ask(distributions)
            values: SpaceValues = dict(asked.params)
        elif own is not None:
            point = own.propose(number, trials)
            if point is None:
                break
            values = point.values
        taken += time.perf_counter() - started
        found = problem.evaluate(values)
        least = min(least, found)
        if study is not None:
            study.tell(asked, found)
        trials.append(SearchTrial(number, values, "complete", found))
    return Ran(least - problem.best, taken / max(len(trials), 1))


def describe_runs(strategy: str, problem: str, runs: Sequence[Ran]) -> dict[str, object]:
    """Return a row of the table: the mean regret with its 95 % interval over the repeats.

    The interval is the percentile bootstrap's: regrets are skewed, and none is below 0.
    """
    regrets = np.array([ran.regret for ran in runs])
    drawn = np.random.default_rng(0).choice(regrets, (N_RESAMPLED, len(regrets))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {
        "problem": problem,
        "strategy": strategy,
        "mean regret": float(f"{regrets.mean():.3g}"),
        "95 % interval": f"{low:.3g} to {high:.3g}" if len(runs) > 1 else "",
        "median": float(f"{np.median(regrets):.3g}"),
        "ms a proposal": round(1000 * float(np.mean([ran.seconds for ran in runs])), 2),
    }


@click.command()
@click.option("--trials", "budget", type=click.IntRange(min=2), default=40, show_default=True)
@click.option("--repeats", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--table", "files", multiple=True, help="Results of a first round, as analyze reads.")
def main(budget: int, repeats: int, files: tuple[str, ...]) -> None:
    """Compare strategies of search at equal budget."""
    from benchmarks.machine import save_results  # noqa: PLC0415
    from benchmarks.workloads.search_problems import (  # noqa: PLC0415
        make_branin,
        make_digits,
        make_parabola,
        make_table,
    )

    problems = [make_parabola(), make_branin(), make_digits()]
    problems += [make_table(files)] if files else []
    table = []
    for problem in problems:
        for strategy in STRATEGIES:
            n_repeats = 1 if strategy == "grid" else repeats
            runs = [run_strategy(strategy, problem, budget, seed) for seed in range(n_repeats)]
            table.append(describe_runs(strategy, problem.name, runs))
            click.echo(f"{problem.name}: {strategy}", err=True)
    note = (
        f"{budget} trials a search, {repeats} searches a strategy (seeds 0 to {repeats - 1}), one "
        "of the grid; less is better. Regret: the best found less the best there is."
    )
    save_results("strategies", table, note=note)


if __name__ == "__main__":
    main()
