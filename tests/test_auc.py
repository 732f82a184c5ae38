"""Training and analysis compute the AUC apart, since neither imports the other: to one value."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from analysis.statistics.metrics.auc import estimate_auc
from models.metrics import rank_auc, score_predictions

# A few whole numbers tie often; floats of any size hardly do.
SCORES = st.one_of(st.integers(-2, 2).map(float), st.floats(-1e6, 1e6))


@given(
    negatives=st.lists(SCORES, min_size=2, max_size=60),
    positives=st.lists(SCORES, min_size=2, max_size=60),
    order=st.randoms(use_true_random=False),
)
def test_every_auc_is_that_of_scikit_learn(
    negatives: list[float], positives: list[float], order: random.Random
) -> None:
    rows = [(0, score) for score in negatives] + [(1, score) for score in positives]
    order.shuffle(rows)
    labels, scores = (np.array(column) for column in zip(*rows, strict=True))
    expected = roc_auc_score(labels, scores)
    assert rank_auc(labels, scores) == pytest.approx(expected, rel=0, abs=1e-12)
    assert score_predictions(labels, scores).auc == rank_auc(labels, scores)
    assert float(estimate_auc(labels, scores).values) == pytest.approx(expected, rel=0, abs=1e-12)
