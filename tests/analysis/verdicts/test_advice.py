"""What a report says of a claim that stays open."""

import re
from pathlib import Path

import numpy as np

from analysis.runs.run import read_run
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import Verdict
from tests.analysis.synthetic import claim, make_labels, make_study, write_run


def test_a_claim_that_no_plan_decides_is_told_what_the_largest_falls_short_in(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    labels = make_labels(rng)
    common = labels + rng.normal(size=labels.size)
    scores = {
        (name, seed): common + 3 * rng.normal(size=labels.size)
        for name in ("A1", "A2")
        for seed in range(6)
    }
    study = make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])], folds=2)
    run = read_run(write_run(tmp_path / "outputs", study, labels, scores, n_folds=2))
    (row,) = judge_run(run).rows
    assert row.judgement.verdict is Verdict.INCONCLUSIVE
    said = (
        r".*; no plan would decide it on these rows: the largest, 2 folds x 30 seeds, confirms a "
        r"true 0\.0100 with \d+ % and refutes a true zero with \d+ %"
    )
    assert re.fullmatch(said, row.advice.text)
