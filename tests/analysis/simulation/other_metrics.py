"""Print how intervals of every metric cover: `python -m tests.analysis.simulation.other_metrics`.

Some five minutes on one core; `--share 0.1` takes a tenth of the replicates.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.variances.seed_pool import pool_seeds
from tests.analysis.simulation.measure import Share
from tests.analysis.simulation.ridge_folds import RidgeFolds
from tests.analysis.simulation.scoring import SEED
from tests.analysis.simulation.tasks import Rows, Task, TaskProcess

METRICS: dict[Task, tuple[str, ...]] = {
    "numbers": ("mse", "mae", "rmse", "r2"),
    "two": ("auc", "average_precision", "log_loss", "brier", "accuracy"),
    "several": ("log_loss", "accuracy", "macro_f1", "macro_auc"),
}
FOLDS = {
    "ridge of 12 features": RidgeFolds(),
    "3 features chosen of 20": RidgeFolds(
        n_rows=150, n_features=30, n_useful=8, n_seen=20, n_kept=3, penalty=0.1
    ),
}
RARE = {  # biases of the classes, by about how many of 422 rows the rarest has
    18: (0.5, 0.3, 0.0, -1.0),
    6: (0.5, 0.3, 0.0, -1.6),
}
ROWS: tuple[Rows, ...] = ("time", "apart", "groups")
N_BATCHES = 1000
N_FOLDED = 400


@dataclass(frozen=True, slots=True)
class Covering:
    """How the intervals of one metric fared.

    Attributes
    ----------
    equal, unequal : Share
        Coverage of the difference of two equal trials, and of an equal one and the last.
    width : float
        Mean width of the former over that by the true standard deviation.
    limited : Share
        Batches in which a limit forbids more than inconclusive.
    """

    equal: Share
    unequal: Share
    width: float
    limited: Share

    def __str__(self) -> str:
        return f"{self.equal} / {self.unequal} ({self.width:.2f})"


def measure_rows(
    process: TaskProcess, n_batches: int, names: tuple[str, ...] = ()
) -> dict[str, Covering]:
    """Compare the first trial with the second and the last, by some metrics or all of the task."""
    found: dict[str, list[tuple[Contrast, Contrast]]] = {}
    for labels, scores, groups in process.draw(n_batches, np.random.default_rng(SEED)):
        for name in names or METRICS[process.task]:
            fits = estimate_metric(name, labels, scores)
            fits = fits if groups is None else fits.sum_by(groups)
            found.setdefault(name, []).append(_compare(fits, process.horizon_rows))
    return {name: _conclude(pairs) for name, pairs in found.items()}


def measure_folds(process: RidgeFolds, n_batches: int) -> dict[str, Covering]:
    """Compare ridge fits by cross-validation of rows without order."""
    found: dict[str, list[tuple[Contrast, Contrast]]] = {}
    for fits in process.draw(n_batches, np.random.default_rng(SEED)):
        for name, pooled in fits.items():
            found.setdefault(name, []).append(_compare(pooled, None))
    return {name: _conclude(pairs) for name, pairs in found.items()}


def _compare(fits: MetricEstimate, horizon_rows: int | None) -> tuple[Contrast, Contrast]:
    pool = pool_seeds(fits, horizon_rows=horizon_rows)
    first, second, last = (fits.select([k]) for k in (0, 1, -1))
    options = {"horizon_rows": horizon_rows}
    return (
        contrast_trials(first, second, pool=pool, **options),
        contrast_trials(first, last, pool=pool, **options),
    )


def _conclude(pairs: list[tuple[Contrast, Contrast]]) -> Covering:
    estimates = np.array([[one.estimate for one in pair] for pair in pairs])
    reaches = np.array([[(one.high - one.low) / 2 for one in pair] for pair in pairs])
    truth = np.array([0, estimates[:, 1].mean()])
    covered = np.abs(estimates - truth) <= reaches
    width = float(reaches[:, 0].mean() / (1.96 * estimates[:, 0].std()))
    limited = Share.of([bool(pair[0].limits) for pair in pairs])
    return Covering(Share.of(covered[:, 0]), Share.of(covered[:, 1]), width, limited)


def list_lines(share: float) -> Iterator[str]:
    """Yield the table of rows, a line a metric."""
    for task, names in METRICS.items():
        processes = [TaskProcess(task, rows) for rows in ROWS]
        cells = [measure_rows(one, round(share * N_BATCHES)) for one in processes]
        for name in names:
            yield f"{task:9} {name:18} " + " ".join(f"{cell[name]!s:20}" for cell in cells)


def measure_rare(biases: tuple[float, ...], n_batches: int) -> Covering:
    """Compare trials by macro F1 on rows without order, where one class is rare."""
    process = TaskProcess("several", "apart", biases=biases)
    return measure_rows(process, n_batches, ("macro_f1",))["macro_f1"]


def list_fold_lines(share: float) -> Iterator[str]:
    """Yield the table of folds, a line a metric, corrected and not."""
    for learner, process in FOLDS.items():
        plain = replace(process, is_corrected=False)
        cells = [measure_folds(one, round(share * N_FOLDED)) for one in (process, plain)]
        for name in cells[0]:
            yield f"{learner:24} {name:9} " + " ".join(f"{cell[name]!s:20}" for cell in cells)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the replicates")
    share = parser.parse_args().share
    print("Coverage, equal / unequal trials (width over the ideal): 422 rows, three seeds")
    heads = ("in time order", "without order", "in 90 groups")
    print(f"{'':28} " + " ".join(f"{head:20}" for head in heads).rstrip())
    for line in list_lines(share):
        print(line.rstrip(), flush=True)
    print("\nFive folds of rows without order, two seeds")
    print(f"{'':34} {'corrected':20} not corrected")
    for line in list_fold_lines(share):
        print(line.rstrip(), flush=True)
    print("\nMacro F1 of four classes on 422 rows without order, by rows of the rarest; limited")
    for n_rows, biases in RARE.items():
        rare = measure_rare(biases, round(share * N_FOLDED))
        print(f"{n_rows:2} rows {'':21} {rare!s:20} {rare.limited}", flush=True)


if __name__ == "__main__":
    main()
