"""Where the results come from."""

from dataclasses import replace

import pytest

from analysis.report.sections.provenance import render_run_provenance, render_trials_provenance
from analysis.runs.run import Run, read_run
from tests.analysis.conftest import MakeTrials
from tests.analysis.synthetic import prune_fit
from trial_sets.records.request import RunRequest
from trial_sets.records.run_info import FoldSummary


def read_table(text: str) -> dict[str, str]:
    rows = [line.split("|")[1:-1] for line in text.splitlines()[2:]]
    return {name.strip(): value.strip() for name, value in rows}


def test_everything_that_makes_fits_comparable_has_a_row(run: Run) -> None:
    positives = run.info.data.splits["train"].positives
    assert read_table(render_run_provenance(run)) == {
        "Study": "tiny: Tiny",
        "Run": "data-00000000",
        "Data": "sp500, tier a50, 3 features",
        "Fingerprint": "SHA-256 ffffffffffffffff…",
        "Label": "rises",
        **{
            f"{name} rows": f"600, {positives} positive, 2015-01-02 to 2016-12-30"
            for name in ("Train", "Validation", "Test")
        },
        "Context": "80 rows",
        "Overrides": "none",
        "Trainer": "built in, version 1",
        "Precision": "fp32",
        "Records": "8, 1 failed",
        "Trained": "2026-01-28T12:00:00+00:00 to 2026-01-28T12:01:00+00:00",
        "Versions": "python 3.11; test",
    }


def test_a_command_stands_for_the_trainer_and_tells_of_no_data(run: Run) -> None:
    request = RunRequest(study="tiny", command="python train.py --rate {rate} --seed {seed}")
    folds = (FoldSummary(number=1, train=None, validation=None),)
    data = run.info.data.model_copy(update={"splits": {}, "folds": folds})
    info = run.info.model_copy(update={"request": request, "data": data})
    table = read_table(render_run_provenance(replace(run, info=info)))
    assert table["Command"] == "python train.py --rate {rate} --seed {seed}"
    assert not {
        "Data",
        "Fingerprint",
        "Label",
        "Trainer",
        "Precision",
        "Train rows",
        "Fold 1",
    } & set(table)


def test_files_that_were_left_out_are_counted(run: Run) -> None:
    text = render_run_provenance(replace(run, notes=("Left out: a.", "Left out: b.")))
    assert read_table(text)["Records"] == "8, 1 failed, 2 files left out or doubtful"


def test_pruned_fits_are_counted_apart_from_failed_ones(run: Run) -> None:
    prune_fit(run.folder / "A1" / "seed-0")
    found = read_run(run.folder)
    assert read_table(render_run_provenance(found))["Records"] == "8, 1 failed, 1 pruned"


@pytest.mark.parametrize(("is_known", "ending"), [(True, ""), (False, " (assumed)")])
def test_other_tools_files_are_listed_with_their_rows(
    make_trials: MakeTrials, is_known: bool, ending: str
) -> None:
    frame = make_trials(metric=[0.5, 0.6, 0.7], params={"a": [1, 2, 3]}, file=["x", "y", "x"])
    table = read_table(render_trials_provenance(replace(frame, is_direction_known=is_known)))
    assert (table["x"], table["y"]) == ("2 rows", "1 rows")
    assert table["Metric"] == f"val_auc, maximized{ending}"
    assert table["Report by"].startswith("supplementary-trials ")
