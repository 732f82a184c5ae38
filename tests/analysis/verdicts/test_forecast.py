"""What a plan can find, before anything is spent."""

from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import read_run
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.claim_power import predict_power
from analysis.statistics.planning.claim_shape import ShapeKind
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS, VarianceParts
from analysis.verdicts.forecast import MOST_SEEDS, Rows, find_parts, find_target, forecast_claims
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.claims.binding import bind_claims
from trial_sets.records.run_info import DataSummary, FoldSummary, SplitSummary
from trial_sets.study import Study

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


def test_claims_whose_trials_are_not_all_planned_are_left_out(study: Study) -> None:
    keys = {study.find_trial(name).configuration.key for name in ("A1", "A2")}
    rows = Rows.of_data(summarise(4), 1, cuts_validation=False)
    found = forecast_claims(study, keys, rows, 2, REFERENCE_PARTS, lambda _: lambda k, s: k * s)
    assert [one.target.shape.kind for one in found] == [ShapeKind.MEAN, ShapeKind.EQUAL]


def test_one_seed_decides_nothing_and_less_noise_decides_sooner(study: Study) -> None:
    keys = {trial.configuration.key for trial in study.trials()}
    rows = Rows.of_data(summarise(4), 1, cuts_validation=False)
    alone, *_ = forecast_claims(study, keys, rows, 1, REFERENCE_PARTS, lambda _: lambda k, s: k * s)
    assert (alone.power.confirms, alone.power.refutes, alone.power.detectable) == (0, 0, None)
    assert alone.cheapest is None  # 0.01 wants more rows than there are
    quiet = VarianceParts(rows=3.5e-5 * 42, interaction=1.6e-4 * 42)
    found, *_ = forecast_claims(study, keys, rows, 1, quiet, lambda _: lambda k, s: k * s)
    assert found.cheapest is not None
    design = found.cheapest.design
    assert 1 < design.n_seeds <= MOST_SEEDS
    assert found.cheapest.cost == design.n_folds * design.n_seeds
    assert predict_power(found.target, quiet, design).decides()


def test_the_error_is_that_of_the_first_run_that_tells_it(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    labels = make_labels(rng)
    study = make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])
    scores = {
        (name, seed): skill * labels + rng.standard_normal(labels.size)
        for name, skill in {"A1": 1.0, "A2": 0.9, "A3": 0.8}.items()
        for seed in (0, 1)
    }
    run = read_run(write_run(tmp_path / "outputs", study, labels, scores))
    bare = read_run(write_run(tmp_path / "bare", study, labels, {("A1", 0): 0.7}))
    assert find_parts([bare]) is None
    found = find_parts([bare, run])
    assert found is not None
    assert found[1] is run
    # Scores of different fits share nothing here: the noise is far above the reference's.
    assert found[0].interaction > 2 * REFERENCE_PARTS.interaction
