"""A run's records become one row a fit."""

from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import Run, read_run
from analysis.runs.run_frame import frame_run
from tests.analysis.synthetic import make_labels, make_study, prune_fit, write_run
from trial_sets.errors import InputError
from trial_sets.records.record import Failure


@pytest.fixture
def run(tmp_path: Path, rng: np.random.Generator) -> Run:
    study = make_study(tmp_path / "tiny", [])
    labels = make_labels(rng)
    failure = Failure(kind="error", message="no")
    scores = {("A1", 0): labels + 0.0, ("A2", 0): failure, ("K", 0): 0.7, ("logistic", 0): 0.8}
    return read_run(write_run(tmp_path / "outputs", study, labels, scores))


def test_roles_and_states_are_kept(run: Run) -> None:
    rows = frame_run(run).rows
    assert rows["trial"].tolist() == ["A1", "A2", "K", "baseline-logistic"]
    assert rows["role"].tolist() == ["trial", "trial", "control", "baseline"]
    assert rows["state"].tolist() == ["complete", "failed", "complete", "complete"]
    assert rows["metric"].tolist()[0] == 1.0


def test_a_pruned_fit_is_neither_complete_nor_failed(run: Run) -> None:
    """Though it has a score and predictions, as a complete one has."""
    prune_fit(run.folder / "A1" / "seed-0")
    found = read_run(run.folder)
    assert found.notes == run.notes
    fit = next(fit for fit in found.fits if fit.record.name == "A1")
    assert (fit.state, fit.is_complete, fit.predictions) == ("pruned", False, None)
    assert np.isnan(fit.score)
    assert fit.record.score == 1.0
    frame = frame_run(found)
    assert frame.count_states() == {"complete": 2, "pruned": 1, "failed": 1}
    assert frame.rows["metric"].isna().tolist() == [True, True, False, False]
    assert frame.finished["trial"].tolist() == ["K", "baseline-logistic"]
    assert frame.configured["trial"].tolist() == ["K"]


def test_only_trained_fits_have_hyperparameters(run: Run) -> None:
    frame = frame_run(run)
    assert frame.configured["dropout"].tolist() == [0.2, 0.6]
    assert frame.varying == ("dropout",)


def test_the_direction_is_that_of_the_metrics_name_unless_said_otherwise(run: Run) -> None:
    assert frame_run(run, "val_auc").direction == "maximize"
    assert frame_run(run, "val_min_probability").direction == "maximize"
    assert frame_run(run, "val_min_probability", "minimize").direction == "minimize"


def test_a_metric_that_no_record_has_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match=r"--metric val_acu: .* did you mean val_auc\?"):
        frame_run(run, "val_acu")
