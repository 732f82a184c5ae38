"""What the LSTM's study says of its data is so."""

import numpy as np

from runner.planning.preparation import load_folds_for
from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.records.request import DataRequest


def test_a_month_of_ranges_explains_what_three_do_and_the_rope_is_a_hundredth_of_the_mean() -> None:
    study = load_study(find_study("lstm"))
    (data,) = load_folds_for(study, DataRequest()).datasets
    ranges, rows = data.labels, data.train_rows
    shares = {}
    for n_lags in (20, 60):
        lags = np.column_stack([ranges[rows - 1 - lag] for lag in range(n_lags)])
        design = np.column_stack([lags, np.ones(len(rows))])
        weights = np.linalg.lstsq(design, ranges[rows], rcond=None)[0]
        shares[n_lags] = 1 - np.var(ranges[rows] - design @ weights) / np.var(ranges[rows])
    assert round(shares[20], 2) == 0.57
    assert round(shares[60], 2) == 0.58
    assert "57 %" in (find_study("lstm") / "study.json").read_text(encoding="utf-8")
    assert round(float(ranges[data.val_rows].mean()), 3) == 100 * study.rope
    assert data.context == 20
