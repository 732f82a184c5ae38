"""Copies on both sides of a split are counted."""

import numpy as np

from models.data.splitting.folds import Fold
from models.data.splitting.repeats import note_repeats
from models.data.splitting.samples import SplitRows


def fold(train: list[int], val: list[int], test: list[int]) -> Fold:
    rows = [np.array(part, dtype=np.int64) for part in (train, val, test)]
    return Fold(None, 0, 6, SplitRows(rows[0], rows[1], rows[2], ()))


FEATURES = np.array([[1.0, 2.0], [0.0, 3.0], [1.0, 2.0], [-0.0, 3.0], [5.0, 5.0], [1.0, 2.0]])
LABELS = np.array([0, 1, 0, 1, 0, 1])


def test_a_row_with_the_features_and_label_of_a_training_row_counts_once() -> None:
    one = fold([0, 1], [2, 4], [3, 5])  # 2 copies 0, 3 copies 1; 5 has another label than 0
    for folds in ((one,), (one, one)):
        (notice,) = note_repeats("a.csv", FEATURES, LABELS, folds)
        assert notice.startswith("a.csv: 2 of the 4 rows that validate or test have the features")


def test_copies_on_one_side_are_no_leak() -> None:
    assert note_repeats("a.csv", FEATURES, LABELS, (fold([0, 2, 5], [4], [1, 3]),)) == ()
