from pathlib import Path

import numpy as np

from analysis.report.options import ReportOptions
from analysis.report.search import report_search
from analysis.searches.reading import read_search
from tests.analysis.searched import Told, write_search
from tests.analysis.synthetic import make_labels, make_study, write_run
from trial_sets.records.layout import RunLayout

VALUES = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}


def test_each_step_of_a_manual_search_has_its_reason(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    study = make_study(tmp_path / "tiny", [])
    run = write_run(tmp_path / "outputs", study, make_labels(rng), {})
    told = [
        Told(VALUES, 0.6, said={"reason": "start of the range"}),
        Told({**VALUES, "learning_rate": 5e-4}, 0.62, said={"reason": "halved: it oscillates"}),
    ]
    write_search(run, told, sampler="manual")
    search = read_search(RunLayout(run).of_search("tuned"))
    text = report_search(search, ReportOptions()).render_section("regret")
    assert "| trial-00001 | learning_rate 5e-4, batch_size 64 and dropout 0.1 | halved: it " in text
