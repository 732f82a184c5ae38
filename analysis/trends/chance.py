"""Whether chance could have made it, where trials differ in how noisy they are or ran again.

Beside the F tests of the importances, which take all trials for equally noisy and each
configuration for one number.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frames.covariates import build_covariates, choose_limit
from analysis.frames.frame import TrialFrame
from analysis.statistics.effects.regression import compare_nested, fit_least_squares
from analysis.statistics.effects.sign_flips import flip_signs

_MOST_REPEATED = 400  # configurations; with more, hyperparameters tell more than seeds do


def flip_importances(frame: TrialFrame) -> float:
    """Test the hyperparameters, together and each alone, whatever the width of each trial's error.

    Returns
    -------
    float
        The p value of `flip_signs` over distinct configurations; NaN where nothing is left to the
        error.
    """
    merged = frame.merge_copies()
    metric = merged["metric"].to_numpy(dtype="float64")
    names, origins = frame.varying, frame.varying_origins
    if not len(metric) or not names:
        return np.nan
    limit = choose_limit(frame.configured, (*names, *origins), len(merged))

    def encode(*chosen: str) -> NDArray[np.float64]:
        return build_covariates(frame.configured, chosen, limit=limit).columns

    null = np.column_stack([np.ones(len(metric)), encode(*origins)])
    centred = metric - metric.mean()
    return flip_signs(null, [encode(name) for name in names], centred, np.random.default_rng(0))


def compare_repeats(frame: TrialFrame) -> float:
    """Test that configurations differ by no more than their seeds do.

    The F test of configurations beside seeds, over those with two seeds at least, which has to hold
    by `flip_signs` too.

    Returns
    -------
    float
        The larger of both p values; NaN where less than two configurations ran with two seeds, or
        more than 400 did.
    """
    fits = _list_repeats(frame)
    n_configurations = fits["configuration"].nunique()
    if not 2 <= n_configurations <= _MOST_REPEATED:
        return np.nan
    metric = (fits["metric"] - fits["metric"].mean()).to_numpy(dtype="float64")
    null = np.column_stack([np.ones(len(fits)), _mark_levels(fits["seed"])])
    block = _mark_levels(fits["configuration"])
    models = [fit_least_squares(X, metric) for X in (null, np.column_stack([null, block]))]
    plain = compare_nested(models[0], models[1], float((metric**2).sum())).p_value
    return float(np.maximum(plain, flip_signs(null, [block], metric, np.random.default_rng(0))))


def _list_repeats(frame: TrialFrame) -> pd.DataFrame:
    """Return a row a configuration and seed, of configurations with several seeds."""
    rows = frame.configured
    means = rows.groupby(["configuration", "seed"], as_index=False)["metric"].mean()
    is_repeated = means["configuration"].duplicated(keep=False)
    repeated: pd.DataFrame = means[is_repeated]
    return repeated


def _mark_levels(column: pd.Series) -> NDArray[np.float64]:
    """Return one indicator a level, but for the first."""
    return pd.get_dummies(column, drop_first=True).to_numpy(dtype="float64")
