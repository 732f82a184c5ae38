"""What strategies of search are compared on: functions, a real fit, and a table of trials."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension, SearchSpace

Values = Mapping[str, OptionValue]
N_TRAINED, N_VALIDATED = 400, 600  # images of digits
LEVELS = 25  # of each hyperparameter of the real fit, where its best is looked for


@dataclass(frozen=True)
class Problem:
    """Something to be minimised.

    Attributes
    ----------
    best
        The least value that there is: of a function its minimum, of a fit the least on a grid of
        625 points, of a table that of its best row. What is above it is the regret.
    """

    name: str
    space: SearchSpace
    evaluate: Callable[[Values], float]
    best: float


def make_parabola() -> Problem:
    """Return x^2 - x + 1 over [-5, 5], which is least at 0.5."""
    space = _span(x=(-5.0, 5.0))
    return Problem("x^2 - x + 1", space, lambda v: v["x"] ** 2 - v["x"] + 1, 0.75)  # type: ignore[operator]


def make_branin() -> Problem:
    """Return Branin's function (Dixon & Szego, 1978), which has three equal minima."""
    return Problem(
        "Branin", _span(x=(-5.0, 10.0), y=(0.0, 15.0)), _measure_branin, 0.397887357729739
    )


def _measure_branin(values: Values) -> float:
    x, y = float(values["x"]), float(values["y"])
    valley = y - 5.1 * x**2 / (4 * math.pi**2) + 5 * x / math.pi - 6
    return float(valley**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10)


def make_digits() -> Problem:
    """Return the log loss of a logistic regression on images of digits.

    The strength of its L2 penalty and its learning rate are searched, both on logarithmic scales.
    """
    space = SearchSpace(
        dimensions={
            "alpha": Dimension(type="float", low=1e-6, high=1.0, log=True),
            "eta": Dimension(type="float", low=1e-4, high=1.0, log=True),
        }
    )
    rates = np.geomspace(1e-4, 1.0, LEVELS)
    strengths = np.geomspace(1e-6, 1.0, LEVELS)
    found = [_fit_digits(float(a), float(e)) for a in strengths for e in rates]
    return Problem(
        "a linear classifier of digits, log loss",
        space,
        lambda v: _fit_digits(float(v["alpha"]), float(v["eta"])),
        min(found),
    )


@lru_cache(maxsize=1)
def _load_digits() -> tuple[Any, Any, Any, Any]:
    from sklearn.datasets import load_digits  # noqa: PLC0415 - takes a second

    data = load_digits()
    order = np.random.default_rng(0).permutation(len(data.target))
    train, val = order[:N_TRAINED], order[N_TRAINED : N_TRAINED + N_VALIDATED]
    pixels = data.data / 16
    return pixels[train], data.target[train], pixels[val], data.target[val]


@lru_cache(maxsize=100_000)
def _fit_digits(alpha: float, eta: float) -> float:
    """Return the validation log loss of one fit by stochastic gradient descent, in nats."""
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415
    from sklearn.metrics import log_loss  # noqa: PLC0415

    pixels, labels, val_pixels, val_labels = _load_digits()
    model = SGDClassifier(
        loss="log_loss", alpha=alpha, learning_rate="constant", eta0=eta, max_iter=10, tol=None,
        random_state=0,
    ).fit(pixels, labels)  # fmt: skip
    return float(log_loss(val_labels, model.predict_proba(val_pixels), labels=model.classes_))


def make_table(files: Sequence[str]) -> Problem:
    """Return a table of trials: a point has the score of the row that is nearest to it.

    The distance is Gower's: that of numbers as a share of their range, on a logarithmic scale
    where that is what the table's values suggest, and 1 between different words.
    """
    from analysis.frames.frame import COMPLETE  # noqa: PLC0415 - pandas takes its time
    from analysis.frames.scale import is_log_scale  # noqa: PLC0415
    from analysis.readers.sources import read_trials  # noqa: PLC0415

    frame = read_trials(files)
    rows = frame.rows[frame.rows["state"] == COMPLETE]
    columns = [p for p in frame.params if rows[p].notna().all() and rows[p].nunique() > 1]
    dimensions = {}
    for name in columns:
        values = rows[name]
        if values.dtype.kind not in "if":
            dimensions[name] = Dimension(choices=tuple(sorted(set(map(str, values)))))
            continue
        known = np.unique(values.to_numpy(dtype=float))
        dimensions[name] = _describe_numbers(known, log=bool(is_log_scale(frame, name, known)))
    sign = -1.0 if frame.direction == "maximize" else 1.0
    scores = sign * rows["metric"].to_numpy(dtype=float)

    def evaluate(point: Values) -> float:
        far = np.zeros(len(rows))
        for name, dimension in dimensions.items():
            far += _measure_distance(dimension, point[name], rows[name])
        return float(scores[int(np.argmin(far))])

    return Problem(
        f"the nearest of {len(rows)} trials of a table", SearchSpace(dimensions=dimensions),
        evaluate, float(scores.min()),
    )  # fmt: skip


def _describe_numbers(known: Any, *, log: bool) -> Dimension:  # noqa: ANN401 - an array
    """Return the range of a column; its values alone where a logarithmic scale has a 0 on it."""
    if log and known[0] <= 0:
        return Dimension(choices=tuple(known.tolist()))
    return Dimension(type="float", low=float(known[0]), high=float(known[-1]), log=log)


def _measure_distance(dimension: Dimension, value: OptionValue, column: Any) -> Any:  # noqa: ANN401
    if not dimension.is_range:
        kind = str if isinstance(value, str) else float
        return (column.astype(kind) != value).to_numpy(dtype=float)
    assert dimension.low is not None
    assert dimension.high is not None
    scale = np.log if dimension.log else np.asarray
    width = scale(dimension.high) - scale(dimension.low)
    return np.abs(scale(column.to_numpy(dtype=float)) - scale(float(value))) / width


def _span(**ends: tuple[float, float]) -> SearchSpace:
    return SearchSpace(
        dimensions={n: Dimension(type="float", low=a, high=b) for n, (a, b) in ends.items()}
    )
