"""The interactions that are known from other searches, tested in this one.

Learning rate by batch size: a larger batch has less noise in its gradient and takes a larger rate.
Learning rate by warm-up: a high rate needs more of it. Capacity by regularisation: a large network
needs more, a small one less.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.frames.covariates import build_covariates, choose_limit
from analysis.frames.frame import TrialFrame
from analysis.frames.scale import is_log_scale
from analysis.frames.values import is_number_column
from analysis.searches.search_frame import N_PARAMETERS
from analysis.statistics.comparisons.multiplicity import ALPHA, adjust_holm
from analysis.statistics.effects.interaction import Interaction, fit_interaction

_RATE = re.compile(r"(^|_)(lr|learning_rate)($|_)")
_BATCH = re.compile(r"batch")
_WARM_UP = re.compile(r"warm_?up")
_CAPACITY = re.compile(
    r"(^|_)(d_model|d_ff|hidden|hidden_size|hidden_dim|units|width|depth|n_layers|num_layers"
    r"|layers|n_hidden)($|_)"
)
_REGULARISATION = re.compile(r"dropout|weight_decay|(^|_)(wd|l2)($|_)")
_LEAST_LEFT = 10  # residual degrees of freedom


@dataclass(frozen=True, slots=True)
class KnownPair:
    """Two hyperparameters that are known to depend on each other, and what the test says.

    Attributes
    ----------
    kind
        Which known interaction it is an instance of.
    found : Interaction
    adjusted
        The p value after Holm over the pairs that were tested.
    """

    kind: str
    first: str
    second: str
    found: Interaction
    adjusted: float

    @property
    def is_told(self) -> bool:
        """Whether the product is more than chance."""
        return self.adjusted < ALPHA


def fit_known_pairs(frame: TrialFrame) -> tuple[KnownPair, ...]:
    """Test every pair of a frame's numeric hyperparameters that is known to interact.

    Over the complete trials that set all of the pair; the other hyperparameters stand in the model
    by their levels. Pairs that leave fewer than ten degrees of freedom are not tested.
    """
    pairs = list(_list_pairs(frame))
    fits = [_fit(frame, first, second) for _, first, second in pairs]
    tested = [
        (pair, fit)
        for pair, fit in zip(pairs, fits, strict=True)
        if fit is not None and np.isfinite(fit.p_value)
    ]
    adjusted = adjust_holm([fit.p_value for _, fit in tested])
    return tuple(
        KnownPair(*pair, found=fit, adjusted=float(p))
        for (pair, fit), p in zip(tested, adjusted, strict=True)
    )


def _list_pairs(frame: TrialFrame) -> Iterator[tuple[str, str, str]]:
    names = [name for name in frame.varying if is_number_column(frame.rows[name])]
    for kind, first, second in (
        ("learning rate by batch size", _RATE, _BATCH),
        ("learning rate by warm-up", _RATE, _WARM_UP),
    ):
        for one, other in product(_match(names, first), _match(names, second)):
            yield kind, one, other
    sizes = frame.rows.get(N_PARAMETERS)
    is_known = sizes is not None and frame.configured[N_PARAMETERS].nunique() > 1
    capacity = [N_PARAMETERS] if is_known else _match(names, _CAPACITY)
    for one, other in product(capacity, _match(names, _REGULARISATION)):
        yield "capacity by regularisation", one, other


def _match(names: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    return [name for name in names if pattern.search(name.lower())]


def _fit(frame: TrialFrame, first: str, second: str) -> Interaction | None:
    rows = frame.configured.dropna(subset=[first, second])
    if rows[first].nunique() < 2 or rows[second].nunique() < 2:
        return None
    rest = [name for name in frame.varying if name not in (first, second)]
    if first == N_PARAMETERS:  # which some of the others make
        rest = [name for name in rest if not _CAPACITY.search(name.lower())]
    keyed = rows.assign(_trial=np.arange(len(rows)))
    limit = choose_limit(keyed, rest, len(rows))
    others = build_covariates(keyed, rest, ("_trial",), limit=limit).columns
    if len(rows) - others.shape[1] - 6 < _LEAST_LEFT:
        return None
    gains = frame.sign * rows["metric"].to_numpy(dtype="float64")
    return fit_interaction(_scale(frame, rows, first), _scale(frame, rows, second), others, gains)


def _scale(frame: TrialFrame, rows: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return values on their own scale: logarithms of rates, of such with a zero their ranks."""
    values = rows[name].to_numpy(dtype="float64")
    if not (name == N_PARAMETERS or is_log_scale(frame, name, np.unique(values))):
        return values
    return np.asarray(np.log(values) if (values > 0).all() else rankdata(values))
