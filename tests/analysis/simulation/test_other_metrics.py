"""Intervals of every metric cover; `other_metrics` prints what is asserted here as tables."""

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.simulation.measure import Share
from tests.analysis.simulation.other_metrics import (
    FOLDS,
    METRICS,
    RARE,
    ROWS,
    list_fold_lines,
    list_lines,
    measure_folds,
    measure_rare,
    measure_rows,
)
from tests.analysis.simulation.tasks import Rows, Task, TaskProcess

N_BATCHES = 300


def covers(found: Share, least: float, most: float) -> bool:
    """Whether a coverage lies between two bounds, within two Monte Carlo errors."""
    return least - 2 * found.error < found.value < most + 2 * found.error


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("task", METRICS)
def test_intervals_of_every_metric_cover(task: Task, rows: Rows) -> None:
    for name, found in measure_rows(TaskProcess(task, rows), N_BATCHES).items():
        print(f"{name:20} {found}")
        assert covers(found.equal, 0.93, 0.985), name
        assert covers(found.unequal, 0.93, 0.985), name
        assert found.width < 1.2
        assert found.limited.value < 0.05


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("learner", FOLDS)
def test_intervals_over_overlapping_training_sets_cover(learner: str) -> None:
    """The correction may cover more than 98 % where fits are stable."""
    for name, found in measure_folds(FOLDS[learner], 250).items():
        print(f"{name:20} {found}")
        assert covers(found.equal, 0.94, 1), name
        assert covers(found.unequal, 0.94, 1), name
        assert found.width < 1.7


@pytest.mark.slow
def test_without_the_correction_unstable_fits_are_not_covered() -> None:
    plain = replace(FOLDS["3 features chosen of 20"], is_corrected=False)
    assert measure_folds(plain, 250)["rmse"].unequal.value < 0.92


@pytest.mark.slow
def test_a_class_too_rare_to_cover_limits_macro_f1() -> None:
    """Eighteen rows cover about .92 of unequal trials; six do not, and are limited."""
    enough, few = (measure_rare(RARE[n_rows], 300) for n_rows in (18, 6))
    assert covers(enough.equal, 0.93, 0.985)
    assert covers(enough.unequal, 0.91, 0.985)
    assert enough.limited.value < 0.05
    assert few.limited.value > 0.9


def test_the_tables_have_a_line_for_every_metric() -> None:
    lines = list(list_lines(0.003))
    assert [line.split()[:2] for line in lines] == [
        [task, name] for task, names in METRICS.items() for name in names
    ]
    assert len(list(list_fold_lines(0.01))) == 12


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("task", METRICS)
def test_batches_of_a_task_are_what_is_said(task: Task, rows: Rows) -> None:
    process = TaskProcess(task, rows, n_rows=200)
    batches = list(process.draw(30, np.random.default_rng(2)))
    labels, scores, groups = batches[0]
    classes = (4,) if task == "several" else ()
    assert labels.shape == (200,)
    assert scores.shape == (4, 3, 200, *classes)
    assert (groups is not None) == (rows == "groups")
    values = np.stack([one[1] for one in batches])
    noise = values[:, 0, 0] - values[:, 0, 1]
    along = np.moveaxis(noise, 1, -1)
    lagged = np.mean(along[..., 1:] * along[..., :-1]) / np.mean(along**2)
    assert lagged > 0.5 if rows == "time" else abs(lagged) < 0.1
    if task == "two":
        shares = [one[0].mean() for one in batches]
        assert np.mean(shares) == pytest.approx(0.25, abs=0.05)
