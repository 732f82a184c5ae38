import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import pearsonr, spearmanr

from analysis.trends.table import correlate, tabulate_trend, tabulate_trends
from tests.analysis.conftest import MakeTrials


def test_a_small_table_agrees_with_plain_pandas(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    dropout, metric = rng.choice([0.1, 0.3, 0.5], 80), rng.uniform(0.6, 0.8, 80)
    table = tabulate_trend(make_trials(metric=metric, params={"dropout": dropout}), "dropout")
    frame = pd.DataFrame({"dropout": dropout, "metric": metric})
    groups = frame.groupby("dropout")["metric"]
    assert [row.mean for row in table.rows] == pytest.approx(groups.mean().tolist())
    assert [row.best for row in table.rows] == pytest.approx(groups.max().tolist())
    assert [row.n for row in table.rows] == groups.size().tolist()
    top = frame.nlargest(60, "metric")["dropout"].value_counts(normalize=True).sort_index()
    assert [row.top_share for row in table.rows] == pytest.approx(top.tolist())


def test_copies_are_merged_in_the_honest_columns(make_trials: MakeTrials) -> None:
    """Value 1 fills the top four with one configuration, run four times."""
    frame = make_trials(
        metric=[0.9, 0.9, 0.9, 0.9, 0.8, 0.7, 0.65, *np.linspace(0.1, 0.5, 16)],
        params={"a": [1] * 4 + [2] * 10 + [1] * 9, "b": [0] * 4 + list(range(1, 20))},
    )
    table = tabulate_trend(frame, "a", 4)
    one, two = table.rows
    assert (one.top_share, two.top_share) == (1.0, 0.0)
    assert (one.n, one.n_configurations, two.n_configurations) == (13, 10, 10)
    assert (one.merged_share, two.merged_share) == (0.25, 0.75)
    assert one.lift == pytest.approx(0.25 / (10 / 20))
    assert one.lift_low < one.lift < one.lift_high
    assert two.lift_high <= 2.0
    assert table.leader is one
    assert table.merged_leader is two
    assert table.lead is None  # eight against two of a fifth are not enough
    assert (table.n_top, table.n_merged_top, table.n_configurations) == (4, 4, 20)


@pytest.mark.parametrize(("n", "lead"), [(6, None), (7, "2")])
def test_only_of_a_top_of_three_one_leads(
    make_trials: MakeTrials, n: int, lead: str | None
) -> None:
    metric = [0.7 + 0.001 * i for i in range(n)] + [0.9 + 0.001 * i for i in range(n)]
    params = {"a": [1] * n + [2] * n, "salt": [f"s{i}" for i in range(2 * n)]}
    table = tabulate_trend(make_trials(metric=metric, params=params), "a")
    assert table.has_effect
    assert (table.lead and table.lead.label) == lead


def test_the_merged_top_is_a_fifth_whatever_was_asked(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=range(100), params={"a": [1, 2] * 50, "b": range(100)})
    assert [tabulate_trend(frame, "a", n).n_merged_top for n in (None, 5, 90)] == [20, 20, 20]


def test_ties_at_the_boundary_enlarge_the_merged_top(make_trials: MakeTrials) -> None:
    metric = [3.0, *[2.0] * 5, *[1.0] * 4]
    assert (
        tabulate_trend(make_trials(metric=metric, params={"a": range(10)}), "a").n_merged_top == 6
    )


def test_ties_at_the_boundary_enlarge_the_top(make_trials: MakeTrials) -> None:
    table = tabulate_trend(make_trials(metric=[3, 2, 2, 2, 1], params={"a": range(5)}), "a", 2)
    assert (table.n_asked, table.n_top) == (2, 4)


def test_the_best_of_a_loss_is_the_smallest(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.3, 0.1, 0.4, 0.2], params={"a": [1, 1, 2, 2]}, direction="minimize", name="loss"
    )
    table = tabulate_trend(frame, "a", 1)
    assert [row.best for row in table.rows] == [0.1, 0.2]
    assert table.leader.label == "1"


def test_equal_shares_go_to_the_better_mean(make_trials: MakeTrials) -> None:
    table = tabulate_trend(make_trials(metric=[5, 4, 1, 3], params={"a": [1, 2, 1, 2]}), "a", 2)
    assert table.leader.label == "2"


def test_equal_shares_go_to_the_smaller_loss(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[5, 1, 9, 2], params={"a": [1, 1, 2, 2]}, direction="minimize", name="loss"
    )
    assert tabulate_trend(frame, "a", 2).leader.label == "1"


def test_rows_without_the_hyperparameter_are_left_out(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"a": [1, 2, None], "b": [1, 1, 2]})
    table = tabulate_trend(frame, "a")
    assert (table.n_set, table.n_trials) == (2, 3)


def test_the_top_is_that_of_all_trials_for_a_conditional_hyperparameter(
    make_trials: MakeTrials,
) -> None:
    """None of the best three sets `units_l2`, and one of the best four does."""
    metric = [0.90, 0.89, 0.88, 0.50, 0.49, 0.48, 0.47, 0.46]
    units = [None, None, None, 8, 8, 8, 16, 16]
    frame = make_trials(metric=metric, params={"layers": [1] * 3 + [2] * 5, "units_l2": units})
    table = tabulate_trend(frame, "units_l2", 3)
    assert [row.top_share for row in table.rows] == [0, 0]
    assert (table.n_asked, table.n_top, table.n_set, table.n_trials) == (3, 3, 5, 8)
    assert (table.n_set_configurations, table.n_configurations) == (2, 3)
    assert [row.top_share for row in tabulate_trend(frame, "units_l2", 4).rows] == [0.25, 0]
    shares = [row.top_share for row in tabulate_trend(frame, "layers", 3).rows]
    assert shares == [1, 0]


def test_many_values_are_binned(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    frame = make_trials(metric=rng.uniform(size=100), params={"lr": rng.uniform(1e-5, 1e-3, 100)})
    table = tabulate_trend(frame, "lr")
    assert table.is_binned
    assert [row.n for row in table.rows] == [20] * 5


def test_the_adjusted_effect_is_that_of_least_squares_on_levels(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    lr, opt = rng.choice([1e-5, 1e-4, 1e-3], 60), rng.choice(["x", "y", "z"], 60)
    metric = 0.7 + 0.05 * (lr == 1e-4) + 0.02 * (opt == "y") + 0.01 * rng.standard_normal(60)
    frame = make_trials(metric=metric, params={"lr": lr, "opt": opt})
    rows = frame.merge_copies()
    full = smf.ols("metric ~ C(lr) + C(opt)", rows).fit()
    table = tabulate_trend(frame, "lr")
    assert table.adjusted.p_value == pytest.approx(full.compare_f_test(
        smf.ols("metric ~ C(opt)", rows).fit())[1])  # fmt: skip
    low, middle, high = (row.effect for row in table.rows)
    assert middle - low == pytest.approx(full.params["C(lr)[T.0.0001]"])
    assert high - low == pytest.approx(full.params["C(lr)[T.0.001]"])
    assert table.ranged == ()


def test_another_hyperparameter_with_a_hump_is_taken_into_account(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    """Value 2 was tried where the other is in the middle, which is good; by its line it is not."""
    other = rng.choice([1.0, 2.0, 3.0], 90)
    a = np.where(rng.random(90) < 0.8, np.where(other == 2, 2.0, 1.0), rng.choice([1.0, 2.0], 90))
    metric = 0.7 + 0.1 * (other == 2) + 0.01 * rng.standard_normal(90)
    params = {"a": a, "other": other, "salt": [f"s{n}" for n in range(90)]}
    one, two = tabulate_trend(make_trials(metric=metric, params=params), "a").rows
    assert two.mean - one.mean > 0.05
    assert abs(two.effect - one.effect) < 0.01


def test_what_entered_as_ranges_is_named(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    params = {"a": rng.choice([1, 2], 80), "lr": rng.uniform(size=80)}
    frame = make_trials(metric=rng.uniform(size=80), params=params)
    assert tabulate_trend(frame, "a").ranged == ("lr",)
    assert tabulate_trend(frame, "lr").ranged == ()


def test_a_configuration_at_two_budgets_is_one_configuration(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.6, 0.7, 0.6, 0.7, 0.65, 0.72, 0.61],
        params={"a": [1, 1, 1, 2, 2, 2, 2], "b": [0, 0, 1, 0, 1, 2, 2]},
        budget=["2M", "20M", "2M", "20M", "2M", "20M", "2M"],
    )
    table = tabulate_trend(frame, "a")
    assert table.adjusted.n == table.n_configurations == 5


def test_the_adjusted_effect_takes_the_budget_into_account(make_trials: MakeTrials) -> None:
    """Value 2 was tried more at the better budget; at equal budget the values do not differ."""
    frame = make_trials(
        metric=[0.60, 0.62, 0.70, 0.62, 0.70, 0.72, 0.60, 0.72],
        params={"a": [1, 1, 1, 2, 2, 2, 1, 2], "b": [0, 1, 2, 3, 4, 5, 6, 7]},
        budget=["2M", "2M", "20M", "2M", "20M", "20M", "2M", "20M"],
    )
    table = tabulate_trend(frame, "a")
    one, two = table.rows
    assert two.mean - one.mean > 0.05
    assert abs(two.effect - one.effect) < 0.03


def test_only_varying_hyperparameters_have_a_table(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 2], "b": [3, 3]})
    assert [table.param for table in tabulate_trends(frame)] == ["a"]


def test_correlations_agree_with_scipy(rng: np.random.Generator) -> None:
    x, y = pd.Series(rng.uniform(size=30)), pd.Series(rng.uniform(size=30))
    expected = (pearsonr(x, y).statistic, spearmanr(x, y).statistic)
    assert correlate(x, y) == pytest.approx(expected)


def test_text_and_constants_have_no_correlation() -> None:
    assert np.isnan(correlate(pd.Series(["a", "b"]), pd.Series([1.0, 2.0]))).all()
    assert np.isnan(correlate(pd.Series([1.0, 1.0]), pd.Series([1.0, 2.0]))).all()


def test_nothing_finished_gives_no_table(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 2]}, state=["failed", "failed"])
    assert tabulate_trends(frame) == ()


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_metrics_of_any_size_are_tabulated(
    make_trials: MakeTrials, rng: np.random.Generator, scale: float
) -> None:
    a = rng.choice([1.0, 2.0], 40)
    frame = make_trials(metric=scale * (a + rng.uniform(size=40)), params={"a": a, "b": range(40)})
    one, two = tabulate_trend(frame, "a").rows
    assert 0.5 < (two.effect - one.effect) / scale < 1.5
    assert one.effect < two.effect_low


def test_the_cost_grows_linearly_in_the_trials(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    """Twenty thousand trials with as many configurations need no quadratic memory or time."""
    n = 20_000
    params = {"lr": rng.uniform(1e-5, 1e-3, n), "depth": rng.integers(1, 12, n)}
    tables = tabulate_trends(make_trials(metric=rng.uniform(size=n), params=params))
    assert {table.n_configurations for table in tables} == {n}
