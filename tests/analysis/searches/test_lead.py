from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.searches.lead import weigh_lead
from analysis.searches.search import Search
from tests.analysis.searched import Told, draw_trials
from trial_sets.records.record import Failure

MakeSearch = Callable[..., Search]


def test_the_best_is_set_beside_default_and_baselines(
    make_search: MakeSearch, run: Path, labels: NDArray[np.int8], rng: np.random.Generator
) -> None:
    told = draw_trials(rng, 12, labels)
    told[0].said["default"] = True
    found = weigh_lead(make_search(*told, run=run, labels=labels))
    assert found is not None
    assert found.best.score == max(one.score or 0 for one in told)
    assert found.n_trials == 12
    assert found.error == pytest.approx(0.023, abs=0.006)  # Hanley and McNeil's, to a fifth
    assert found.adjusted is not None
    assert found.adjusted <= (found.best.score or 0) + 1e-9
    assert found.default is not None
    assert found.default.score == told[0].score
    assert found.default.contrast is not None
    expected = (found.best.score or 0) - (told[0].score or 0)
    assert found.default.contrast.estimate == pytest.approx(expected, abs=1e-6)
    assert [one.name for one in found.baselines] == ["logistic"]
    assert found.baselines[0].contrast is not None


def test_without_predictions_no_error_is_known(make_search: MakeSearch, run: Path) -> None:
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}
    search = make_search(Told(values, 0.6), Told({**values, "dropout": 0.2}, 0.5), run=run)
    found = weigh_lead(search)
    assert found is not None
    assert (found.error, found.adjusted, found.default) == (None, None, None)


def test_what_was_pruned_was_beaten_too(make_search: MakeSearch, run: Path) -> None:
    values = {"learning_rate": 1e-3, "batch_size": 64}
    told = [Told({**values, "dropout": 0.1}, 0.6), Told({**values, "dropout": 0.2}, 0.5),
            Told({**values, "dropout": 0.3}, 0.4, status="pruned")]  # fmt: skip
    found = weigh_lead(make_search(*told, run=run))
    assert found is not None
    assert (found.n_trials, found.n_tried) == (2, 3)


def test_where_none_is_complete_none_leads(make_search: MakeSearch, run: Path) -> None:
    failure = Failure(kind="error", message="m")
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}
    assert weigh_lead(make_search(Told(values, status="failed", failure=failure), run=run)) is None
