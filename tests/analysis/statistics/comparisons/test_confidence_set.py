"""The trials that cannot be told from the best."""

import time

import numpy as np
import pytest
from arch.bootstrap import MCS

from analysis.statistics.metrics.auc import estimate_auc
from tests.analysis.scored import find_set_of_scores


def draw_scores(
    rng: np.random.Generator, labels: np.ndarray, skills: list[float], n_seeds: int
) -> np.ndarray:
    shared = rng.standard_normal(labels.size)
    own = 0.5 * rng.standard_normal((len(skills), n_seeds, labels.size))
    return np.array(skills)[:, None, None] * labels + shared + own


def test_p_values_agree_with_the_model_confidence_set_of_arch(rng: np.random.Generator) -> None:
    """With one seed and many rows, a trial's loss is its AUC's influence in each row.

    Rows without order, so that the error is not estimated on the few cosines alone.
    """
    labels = rng.random(6000) < 0.2
    scores = draw_scores(rng, labels, [1.0, 0.97, 0.99, 0.94, 0.96, 1.0], 1)
    found = find_set_of_scores(labels, scores, horizon_rows=None, rng=rng, n_draws=4000)
    fits = estimate_auc(labels, scores[:, 0])
    losses = -(6000 * fits.influences + fits.values[:, None]).T
    oracle = MCS(losses, 0.05, reps=4000, block_size=1, bootstrap="circular", seed=1)
    oracle.compute()
    expected = oracle.pvalues["Pvalue"].sort_index().to_numpy()
    assert np.ptp(expected) > 0.9
    np.testing.assert_allclose(found.p_values, expected, atol=0.04)


def test_a_set_of_one_where_one_trial_is_clearly_best(rng: np.random.Generator) -> None:
    labels = rng.random(425) < 0.18
    scores = draw_scores(rng, labels, [0.5, 2.5, 0.5, 0.7], 3)
    found = find_set_of_scores(labels, scores, horizon_rows=1, rng=rng)
    assert found.members == (1,)
    assert found.best == 1
    assert found.p_values[1] == 1
    assert max(found.p_values[i] for i in (0, 2, 3)) < 0.05


def test_the_set_lists_the_best_first_and_leaves_out_the_hopeless(
    rng: np.random.Generator,
) -> None:
    labels = rng.random(425) < 0.18
    scores = draw_scores(rng, labels, [1.5, 1.5, 0.2, 1.5], 3)
    found = find_set_of_scores(labels, scores, horizon_rows=1, rng=rng)
    aucs = estimate_auc(labels, scores).values.mean(axis=1)
    assert set(found.members) == {0, 1, 3}
    assert list(found.members) == sorted(found.members, key=lambda trial: -aucs[trial])
    assert found.members[0] == found.best


def test_copies_stand_in_the_set_together(rng: np.random.Generator) -> None:
    labels = rng.random(425) < 0.18
    scores = draw_scores(rng, labels, [2.5, 0.5, 2.5], 3)
    scores[2] = scores[0]
    found = find_set_of_scores(labels, scores, horizon_rows=1, rng=rng)
    assert found.members == (0, 2)


def test_too_few_rows_leave_every_trial_in(rng: np.random.Generator) -> None:
    labels = np.arange(50) % 3 == 0
    scores = draw_scores(rng, labels, [9.0, 0.5, 0.5], 2)
    found = find_set_of_scores(labels, scores, horizon_rows=1, rng=rng)
    assert found.limits == ("50 rows: fewer than 60",)
    assert set(found.members) == {0, 1, 2}


def test_one_trial_is_its_own_set(rng: np.random.Generator) -> None:
    labels = rng.random(100) < 0.3
    found = find_set_of_scores(labels, rng.random((1, 1, 100)), horizon_rows=1, rng=rng)
    assert (found.members, found.p_values, found.best) == ((0,), (1.0,), 0)
    assert found.is_provisional


def test_a_higher_level_keeps_more_trials(rng: np.random.Generator) -> None:
    labels = rng.random(425) < 0.18
    scores = draw_scores(rng, labels, list(np.linspace(1.1, 1.4, 12)), 3)
    sets = [
        find_set_of_scores(
            labels, scores, horizon_rows=1, rng=np.random.default_rng(2), level=level
        ).members
        for level in (0.5, 0.99)
    ]
    assert set(sets[0]) < set(sets[1])


def test_thirty_trials_with_five_seeds_take_seconds(rng: np.random.Generator) -> None:
    labels = rng.random(425) < 0.18
    scores = draw_scores(rng, labels, [0.8] * 30, 5)
    start = time.process_time()
    find_set_of_scores(labels, scores, horizon_rows=1, rng=rng)
    assert time.process_time() - start < 3


def test_no_trial_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match=r"fits: got shape \(0, 2, 4\), expected \(trials, seed"):
        find_set_of_scores([0, 1, 0, 1], np.zeros((0, 2, 4)), horizon_rows=1, rng=rng)
