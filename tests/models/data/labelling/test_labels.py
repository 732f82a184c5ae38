"""Labels as arrays: which are known, and what hides one."""

import numpy as np
import pytest

from models.data.labelling.labels import LabelArray, hide_labels, is_known


@pytest.mark.parametrize(
    ("labels", "known"),
    [
        (np.array([0, -1, 1], np.int8), [True, False, True]),
        (np.array([7, 0, -1], np.int32), [True, True, False]),
        (np.array([-1.0, np.nan, 0.0]), [True, False, True]),
    ],
    ids=["two", "several", "numbers"],
)
def test_a_label_is_known_unless_it_is_minus_one_or_no_number(
    labels: LabelArray, known: list[bool]
) -> None:
    assert is_known(labels).tolist() == known


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.float64])
def test_hidden_labels_are_unknown_and_no_others(dtype: type) -> None:
    labels = np.arange(4).astype(dtype)
    for rows in (slice(2, None), np.array([2, 3])):
        hidden = hide_labels(labels, rows)
        assert is_known(hidden).tolist() == [True, True, False, False]
        assert hidden.dtype == labels.dtype
    assert is_known(labels).all()
