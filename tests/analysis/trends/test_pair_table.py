import numpy as np
import pytest

from analysis.report.sections.trend_tables import render_pair
from analysis.trends.pair_table import tabulate_pair
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError


def test_a_pair_table_holds_means_and_counts(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.6, 0.8, 0.7], params={"a": [1, 1, 2], "opt": ["adam", "adam", "sgd"]}
    )
    pair = tabulate_pair(frame, "a", "opt")
    np.testing.assert_allclose(pair.means, [[0.7, np.nan], [np.nan, 0.7]])
    assert pair.counts.tolist() == [[2, 0], [0, 1]]
    assert render_pair(pair).splitlines() == [
        r"| a \ opt   |       adam |        sgd |",
        "|:----------|-----------:|-----------:|",
        "| 1         | 0.7000 (2) |          - |",
        "| 2         |          - | 0.7000 (1) |",
    ]


def test_a_pair_needs_two_known_hyperparameters(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 2], "b": [1, 2]})
    with pytest.raises(InputError, match=r"c is not a hyperparameter of the input; it has a and b"):
        tabulate_pair(frame, "a", "c")
    with pytest.raises(InputError, match="got a twice"):
        tabulate_pair(frame, "a", "a")
