"""What a plan can find, before anything is spent."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.claim_power import predict_power
from analysis.statistics.planning.claim_shape import ShapeKind
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS, VarianceParts
from analysis.verdicts.expected_parts import REFERENCE, refer
from analysis.verdicts.forecast import SEARCHED_SEEDS, Forecast, Rows, find_target, forecast_claims
from tests.analysis.synthetic import claim, make_study
from trial_sets.claims.binding import bind_claims
from trial_sets.records.run_info import DataSummary, FoldSummary, SplitSummary
from trial_sets.study import Study
from trial_sets.task import AUC, Metric

SPLIT = SplitSummary(rows=424, positives=75, first="2015-04-28", last="2016-12-29")
TRAIN = SPLIT.model_copy(update={"rows": 3746})


def summarise(n_folds: int, train_rows: int = 2234) -> DataSummary:
    first = SPLIT.model_copy(update={"rows": train_rows})
    folds = [
        FoldSummary(number=k + 1, train=first if k == 0 else TRAIN, validation=SPLIT)
        for k in range(n_folds)
    ]
    return DataSummary(
        name="sp500", fingerprint="f", tier="a50", label="l", features=55, context=80,
        splits={"train": TRAIN, "validation": SPLIT, "test": SPLIT},
        folds=tuple(folds) if n_folds > 1 else (),
    )  # fmt: skip


@pytest.fixture
def study(tmp_path: Path) -> Study:
    claims = [
        claim("A1 beats A2", ["A1"], ["A2"]),
        {"better": ["A1"], "than": ["A2", "A3"], "shows": "S", "then": "T"},
        {"equal": ["A1", "A2"], "within": 0.01, "shows": "S", "then": "T"},
        {"rises_with": "dropout", "shows": "S", "then": "T"},
        {"any_of": ["A1", "A2"], "than": ["K"], "shows": "S", "then": "T"},
        {"better": ["A1"], "than": ["A2"], "metric": "seconds", "direction": "minimize", "by": 1,
         "shows": "S", "then": "T"},
    ]  # fmt: skip
    return make_study(tmp_path / "tiny", claims)


def test_as_many_folds_fit_as_leave_the_first_one_a_folds_rows_to_train_on() -> None:
    # A fold takes 504 rows: 2,234 samples before the first are 4 of them, of which one stays.
    rows = Rows.of_data(summarise(4), 1, cuts_validation=False)
    assert (rows.n_folds, rows.fold_rows, rows.fold_class, rows.most_folds) == (4, 424, 75, 7)
    assert Rows.of_data(summarise(4, 500), 1, cuts_validation=False).most_folds == 4
    single = Rows.of_data(summarise(1), 1, cuts_validation=False)
    assert (single.n_folds, single.most_folds) == (1, 7)


def test_folds_that_cut_one_period_lose_a_window_at_each_border() -> None:
    rows = Rows.of_data(summarise(1), 1, cuts_validation=True)
    assert rows.design(1, 3, 7).fold_rows == 424
    assert rows.design(2, 3, 7).fold_rows == 504 // 2 - 80
    apart = Rows.of_data(summarise(1), 1, cuts_validation=False)
    assert apart.design(4, 3, 7).fold_rows == 424


def test_claims_have_their_shapes_and_holms_first_step(study: Study) -> None:
    targets = [find_target(one, study.rope, ALPHA / 6) for one in bind_claims(study)]
    known = [target for target in targets if target is not None]
    assert [target.shape.kind for target in known] == [
        ShapeKind.MEAN, ShapeKind.EVERY, ShapeKind.EQUAL, ShapeKind.RISE, ShapeKind.ANY,
    ]  # fmt: skip
    assert targets[-1] is None  # about seconds
    assert known[0].truth == pytest.approx(2 * study.rope)


def forecast(
    study: Study,
    n_seeds: int,
    parts: VarianceParts = REFERENCE_PARTS,
    *,
    claims: Sequence[int] = (0,),
) -> list[Forecast]:
    rows = Rows.of_data(summarise(4), 1, cuts_validation=False)
    found = forecast_claims(
        study,
        [bind_claims(study)[place] for place in claims],
        rows,
        n_trials=5,
        n_seeds=lambda _: n_seeds,
        expect=lambda _: replace(REFERENCE, parts=parts),
    )
    return list(found)


def test_one_seed_decides_nothing_and_less_noise_decides_sooner(study: Study) -> None:
    alone, *_ = forecast(study, 1)
    assert (alone.power.confirms, alone.power.refutes, alone.power.detectable) == (0, 0, None)
    assert alone.cheapest is None  # 0.01 wants more rows than there are
    quiet = VarianceParts(rows=3.5e-5 * 42, interaction=1.6e-4 * 42)
    found, *_ = forecast(study, 1, quiet)
    assert found.cheapest is not None
    design = found.cheapest.design
    assert 1 < design.n_seeds <= SEARCHED_SEEDS
    assert found.cheapest.cost == 2 * design.n_folds * design.n_seeds  # its two trials
    assert predict_power(found.target, quiet, design).decides()


def test_the_largest_plan_says_which_of_the_two_it_falls_short_in(study: Study) -> None:
    one, equal, *seconds = forecast(study, 2, claims=(0, 2, 5))
    assert seconds == []  # what is not about the study's metric
    utmost = one.utmost
    assert utmost.refutes is not None
    assert one.describe_largest() == (
        f"the largest, 7 folds x 30 seeds, confirms a true {2 * study.rope:.4f} with "
        f"{100 * utmost.confirms:.0f} % and refutes a true zero with {100 * utmost.refutes:.0f} %"
    )
    assert "confirms equality with" in equal.describe_largest()
    assert "refutes it two bounds apart with" in equal.describe_largest()


def test_a_plan_of_looks_is_held_to_the_threshold_of_the_look_it_reaches(study: Study) -> None:
    looked = study.model_copy(update={"looks": (2, 4, 7, 10)})
    shares = {1: 0.02, 2: 0.02, 3: 0.02, 4: 0.2, 9: 0.6, 10: 0.8, 20: 0.8}  # of 0.05
    for n_seeds, share in shares.items():
        once, found = forecast(study, n_seeds)[0], forecast(looked, n_seeds)[0]
        assert (found.target, found.utmost) == (once.target, once.utmost)
        held = replace(once.target, alpha=ALPHA / 6 * share)
        design = Rows.of_data(summarise(4), 1, cuts_validation=False).design(4, n_seeds, 5)
        assert found.power == predict_power(held, REFERENCE_PARTS, design)


def test_folds_of_rows_without_order_share_them_out() -> None:
    rows = Rows.of_data(summarise(1), None, cuts_validation=False)
    total = summarise(1).splits["train"].rows + 424
    five = rows.design(5, 3, 4)
    assert (five.horizon_rows, five.fold_rows, five.test_to_train) == (None, total // 5, 1 / 4)
    assert (rows.design(1, 3, 4).fold_rows, rows.design(1, 3, 4).test_to_train) == (424, None)


def test_labels_that_are_numbers_have_no_rarer_class() -> None:
    numbers = SPLIT.model_copy(update={"positives": None, "mean": 1.0, "deviation": 1.0})
    data = summarise(1).model_copy(update={"splits": {"train": numbers, "validation": numbers}})
    rows = Rows.of_data(data, 1, cuts_validation=False)
    assert rows.fold_class is None
    assert rows.design(1, 3, 4).fold_class is None


def test_of_another_metric_than_auc_nothing_is_expected_before_any_fit() -> None:
    assert refer(AUC) is REFERENCE
    assert refer(Metric(name="rmse", direction="minimize")) is None
