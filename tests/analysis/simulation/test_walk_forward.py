"""Folds, the selected epoch, power and looks keep what they are known to come to.

`pytest -m slow -rP tests/analysis/simulation` shows the figures; `python -m
tests.analysis.simulation.walk_forward` and `python -m benchmarks.power` print them as tables.
"""

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.simulation.deciding import measure_deciding
from tests.analysis.simulation.measure import Share, measure_champion, measure_pooled
from tests.analysis.simulation.power import BETTER, BETTER_AT_TIMES, measure_power
from tests.analysis.simulation.process import Process
from tests.analysis.simulation.selecting import measure_levels, measure_selecting
from tests.analysis.simulation.walk_forward import DECIDING, EPOCHS, FOLDS, give_insight

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def allow(found: Share) -> float:
    """Two Monte Carlo errors."""
    return 2 * found.error


@pytest.mark.parametrize("n_folds", [4, 8])
@pytest.mark.parametrize("name", FOLDS)
def test_pooled_intervals_cover(name: str, n_folds: int) -> None:
    found = measure_pooled(replace(FOLDS[name], n_folds=n_folds), 1000)
    print(f"{found.coverage} / {found.false} ({found.width:.2f})")
    assert 0.94 - allow(found.coverage) < found.coverage.value < 0.985 + allow(found.coverage)
    assert found.false.value < 0.025 + allow(found.false)


@pytest.mark.parametrize("name", ["equal skill", "refits by .15"])
def test_no_champion_over_folds_where_all_are_equal(name: str) -> None:
    _, found, left_out = measure_champion(replace(FOLDS[name], n_folds=4), 600)
    print(f"family-wise error {found}, control out of the confidence set {left_out}")
    assert found.value < 0.05 + allow(found)
    assert left_out.value < 0.05 + allow(left_out)


@pytest.mark.parametrize("name", EPOCHS)
def test_cross_fitting_takes_out_what_selecting_the_epoch_adds(name: str) -> None:
    plain, cross = measure_selecting(EPOCHS[name], 1000)
    print(f"tabulated {plain}, cross-fitted {cross}")
    assert plain.false.value > 0.08
    assert cross.false.value < 0.025 + allow(cross.false)
    assert abs(cross.bias.value) < 0.004
    assert 0.945 - allow(cross.coverage) < cross.coverage.value < 0.985 + allow(cross.coverage)


@pytest.mark.parametrize("name", EPOCHS)
def test_the_corrected_level_is_that_of_the_epochs(name: str) -> None:
    plain, corrected = measure_levels(EPOCHS[name], 100)
    print(f"tabulated {plain.round(4)}, corrected {corrected.round(4)}")
    assert plain[0] > 0.008
    assert np.abs(corrected).max() < 0.003


@pytest.mark.parametrize(
    ("process", "most"), [(BETTER, 0.08), (BETTER_AT_TIMES, 0.11)], ids=["evenly", "at times"]
)
def test_predicted_power_is_found(process: Process, most: float) -> None:
    """Within 8 points where a trial is better on all rows alike, 11 where it is so at times."""
    difference, cells = measure_power(process, n_batches=500, n_earlier=200)
    assert difference == pytest.approx(0.021, abs=0.002)
    for cell in cells:
        for said, found in ((cell.confirms, cell.confirmed), (cell.refutes, cell.refuted)):
            assert abs(said - found.value) < most + allow(found), cell


@pytest.mark.parametrize("name", DECIDING)
def test_running_until_decided_confirms_and_costs_what_is_stated(name: str) -> None:
    process, insight, design, (confirmed, fits, _) = DECIDING[name]
    n_batches = 1000 if process.n_rows < 422 else 400
    found = measure_deciding(give_insight(process, insight), n_batches, design=design)
    print(f"{found.difference:+.4f}: {found.confirmed} / {found.fits} / {found.at_end}")
    assert found.fits.value == pytest.approx(fits, abs=0.05 + allow(found.fits))
    if insight == 0:
        assert found.confirmed.value < 0.02 + allow(found.confirmed)
    else:
        assert found.confirmed.value == pytest.approx(confirmed, abs=0.05 + allow(found.confirmed))
