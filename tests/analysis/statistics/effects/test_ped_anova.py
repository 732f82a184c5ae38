import numpy as np
import optuna
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial

from analysis.statistics.effects.parzen import count_cells, place_in_cells
from analysis.statistics.effects.ped_anova import GridColumn, mark_best, measure_ped_anova

SPACE: dict[str, BaseDistribution] = {
    "rate": FloatDistribution(1e-5, 1e-1, log=True),
    "layers": IntDistribution(1, 9),
    "width": IntDistribution(8, 512, log=True),
    "share": FloatDistribution(0, 1, step=0.1),
    "free": FloatDistribution(-3, 4),
    "kind": CategoricalDistribution(["a", "b", "c"]),
}


def draw(rng: np.random.Generator, n: int) -> list[FrozenTrial]:
    """Return trials at random: `only` is set where the kind is a; some values are tied."""
    trials = []
    for _ in range(n):
        params = {
            "rate": float(10 ** rng.uniform(-5, -1)),
            "layers": int(rng.integers(1, 10)),
            "width": int(np.exp(rng.uniform(np.log(8), np.log(512)))),
            "share": round(float(rng.integers(0, 11)) / 10, 1),
            "free": float(rng.uniform(-3, 4)),
            "kind": "abc"[rng.integers(3)],
        }
        space = dict(SPACE)
        if params["kind"] == "a":
            params["only"], space["only"] = float(rng.uniform(0, 1)), FloatDistribution(0, 1)
        value = round(-((np.log10(float(params["rate"])) + 3) ** 2) + float(rng.normal()), 1)
        trials.append(optuna.trial.create_trial(params=params, distributions=space, value=value))
    return trials


def to_column(trials: list[FrozenTrial], name: str) -> GridColumn:
    said = [trial.params.get(name) for trial in trials]
    distribution = next(t.distributions[name] for t in trials if name in t.distributions)
    if isinstance(distribution, CategoricalDistribution):
        cells = [distribution.choices.index(value) for value in said]
        return GridColumn(np.array(cells), len(distribution.choices), is_ordered=False)
    assert isinstance(distribution, FloatDistribution | IntDistribution)
    low, high, is_log = distribution.low, distribution.high, distribution.log
    is_whole = isinstance(distribution, IntDistribution)
    n_cells = count_cells(low, high, step=distribution.step, is_whole=is_whole, is_log=is_log)
    values = np.array([np.nan if value is None else float(value) for value in said])
    found, is_set = np.full(len(values), -1), np.isfinite(values)
    found[is_set] = place_in_cells(values[is_set], low, high, n_cells, is_log=is_log)
    return GridColumn(found, n_cells, is_ordered=True)


@pytest.mark.parametrize("n", [15, 40, 200])
@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_importances_are_optunas(n: int, direction: str, rng: np.random.Generator) -> None:
    """To a relative 1e-9: conditional ones, whole log ranges, steps, choices and ties included."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study, trials = optuna.create_study(direction=direction), draw(rng, n)
    study.add_trials(trials)
    told = optuna.importance.PedAnovaImportanceEvaluator().evaluate(study)
    sign = 1 if direction == "maximize" else -1
    gains = [sign * (trial.value or 0.0) for trial in trials]
    columns = [to_column(trials, name) for name in told]
    found = measure_ped_anova(columns, gains, n_shuffles=9)
    np.testing.assert_allclose(found.divergences, list(told.values()), rtol=1e-9, atol=1e-15)


def test_one_important_hyperparameter_is_told_and_the_others_are_not() -> None:
    rng = np.random.default_rng(1)
    cells = rng.integers(0, 50, size=(4, 200))
    gains = -((cells[0] - 30) ** 2.0) + rng.normal(size=200)
    columns = [GridColumn(one, 50, is_ordered=True) for one in cells]
    found = measure_ped_anova(columns, gains)
    assert (found.n, found.n_top) == (200, 20)
    assert found.p_values[0] == 1 / 2000
    assert found.shares[0] > 0.8
    assert (found.p_values[1:] > 0.05).all()
    assert (found.divergences[1:] < found.chance[1:]).all()


def test_one_that_never_varies_is_worth_nothing() -> None:
    columns = [GridColumn(np.zeros(30, dtype=int), 1, is_ordered=True)]
    found = measure_ped_anova(columns, np.arange(30.0))
    assert (found.divergences[0], found.p_values[0], found.shares[0]) == (0, 1, 0)


def test_ties_with_the_last_of_the_best_are_of_the_best() -> None:
    assert mark_best(np.array([3.0, 1.0, 2.0, 2.0, 0.0]), 0.4).tolist() == [
        True, False, True, True, False,
    ]  # fmt: skip


def test_the_same_trials_have_the_same_null() -> None:
    columns = [GridColumn(np.arange(40) % 7, 7, is_ordered=False)]
    first, second = (measure_ped_anova(columns, np.sin(np.arange(40.0))) for _ in range(2))
    assert first.chance == second.chance
    assert first.p_values == second.p_values


def test_cells_lie_in_the_grid() -> None:
    with pytest.raises(ValueError, match="expected -1 to 2"):
        GridColumn(np.array([0, 3]), 3, is_ordered=True)
