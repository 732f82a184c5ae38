"""Runs that hold range tests of the learning rate alone."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from scripts.analyze import main
from tests.analysis.synthetic import make_labels, make_study, write_run
from tests.trial_sets.records.test_range_test import record
from trial_sets.records.layout import RunLayout


@pytest.fixture
def tested(tmp_path: Path, rng: np.random.Generator) -> RunLayout:
    study = make_study(tmp_path / "tiny", [])
    run = RunLayout(write_run(tmp_path / "outputs", study, make_labels(rng), {}))
    path = run.range_test("abc", 3)
    path.parent.mkdir(parents=True)
    path.write_text(record().model_dump_json())
    return run


def test_what_the_test_has_shown_is_said(tested: RunLayout) -> None:
    told = CliRunner().invoke(main, [str(tested.path)])
    assert told.exit_code == 2
    first, last = told.stderr.splitlines()
    assert first.startswith(
        f"{tested.path} holds no fit yet, but a range test: learning rates from"
    )
    assert last == (
        "Error: there is no fit to report on; run_search and run_supplementary make some"
    )


def test_a_test_that_cannot_be_read_says_so(tested: RunLayout) -> None:
    tested.range_test("abc", 3).write_text("{")
    told = CliRunner().invoke(main, [str(tested.path)])
    assert told.exit_code == 2
    assert "range test: it cannot be read: " in told.stderr
