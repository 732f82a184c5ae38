"""Power as it is predicted beside power as it is found, by folds and seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.comparisons.inference import Inference, infer_difference
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.planning.claim_power import ClaimTarget, predict_power
from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind
from analysis.statistics.planning.design import Design
from analysis.statistics.planning.variance_parts import (
    VarianceParts,
    average_parts,
    estimate_parts,
)
from analysis.statistics.variances.seed_pool import pool_seeds
from tests.analysis.simulation.measure import ROPE, Share, is_confirmed
from tests.analysis.simulation.process import Process
from tests.analysis.simulation.scoring import SEED, score_batches, take_seeds

FOLDS = (1, 2, 4, 8)
SEEDS = (1, 3, 5, 10)
FOLD_ROWS = 211
_LARGEST = Process(n_rows=FOLD_ROWS, n_folds=max(FOLDS), n_seeds=max(SEEDS))
# The first of seven trials is better by about .02 of AUC: on all rows alike, or by a skill that
# shows where the market moves, so that what it gains in a batch and its error grow together.
BETTER = replace(_LARGEST, insights=(0.065, *(0.0,) * 6))
BETTER_AT_TIMES = replace(_LARGEST, factors=(1.35, *(1.0,) * 6))


@dataclass(frozen=True, slots=True)
class PowerCell:
    """One design: shares of batches that confirm what is true, and refute what is not."""

    n_folds: int
    n_seeds: int
    confirms: float
    confirmed: Share
    refutes: float
    refuted: Share

    @property
    def largest_error(self) -> float:
        """How far prediction and simulation lie apart."""
        pairs = ((self.confirms, self.confirmed), (self.refutes, self.refuted))
        return max(abs(said - found.value) for said, found in pairs)


def measure_power(
    process: Process = BETTER, *, n_batches: int, n_earlier: int, rope: float = ROPE
) -> tuple[float, list[PowerCell]]:
    """Return the true difference, and what each design predicts and finds.

    The parts of the variance come from earlier batches of the process with four folds and three
    seeds, as they are of the trials of each claim: those that differ are less alike than equal
    ones. The true difference is the mean of all estimates.
    """
    of_true, of_false = learn_parts(process, n_earlier)
    found: dict[tuple[int, int], list[tuple[bool, bool]]] = {}
    estimates = []
    for folds in _draw_folds(process, n_batches):
        for n_folds in FOLDS:
            pooled = pool_folds(folds[:n_folds])
            for n_seeds in SEEDS:
                true, false = _infer(take_seeds(pooled, n_seeds), process.horizon_rows)
                is_refuted = false.refutes(rope, rope=rope) and not false.limits
                found.setdefault((n_folds, n_seeds), []).append((is_confirmed(true), is_refuted))
        estimates.append(true.estimate)
    difference = float(np.mean(estimates))
    cells = []
    for (n_folds, n_seeds), outcomes in found.items():
        design = Design(n_folds, process.n_rows, n_seeds, process.n_trials, process.horizon_rows)
        target = ClaimTarget(ClaimShape(ShapeKind.MEAN, 1, 1), rope, difference=difference)
        confirms = predict_power(target, of_true, design).confirms
        refutes = predict_power(target, of_false, design).refutes or 0.0
        confirmed, refuted = (Share.of(column) for column in np.array(outcomes).T)
        cells.append(PowerCell(n_folds, n_seeds, confirms, confirmed, refutes, refuted))
    return difference, cells


def learn_parts(process: Process, n_batches: int) -> tuple[VarianceParts, VarianceParts]:
    """Return what earlier batches say of the first and second trial, and of the next two."""
    earlier = replace(process, n_folds=4, n_seeds=3)
    found: tuple[list[VarianceParts], list[VarianceParts]] = ([], [])
    for fits in score_batches(earlier, n_batches, seed=SEED + 1):
        for pair, parts in zip(([0, 1], [1, 2]), found, strict=True):
            one = estimate_parts(fits.select(pair), horizon_rows=process.horizon_rows)
            if one is not None:
                parts.append(one)
    return average_parts(found[0]), average_parts(found[1])


def format_cells(difference: float, cells: Sequence[PowerCell]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"True difference {difference:.4f}: confirmed, predicted/found, and zero refuted"
    yield f"{'folds':>5} " + "".join(f"{f'{n} seeds':>24}" for n in SEEDS)
    for n_folds in FOLDS:
        row = [cell for cell in cells if cell.n_folds == n_folds]
        texts = [f"  {_say(c.confirms)}/{c.confirmed} {_say(c.refutes)}/{c.refuted}" for c in row]
        yield f"{n_folds:5} " + "".join(f"{text:>24}" for text in texts)


def _draw_folds(process: Process, n_batches: int) -> Iterator[list[MetricEstimate]]:
    """Yield the estimates of each fold that has rows of both classes."""
    for labels, scores in process.draw(n_batches, np.random.default_rng(SEED)):
        parts = zip(
            np.split(labels, process.n_folds),
            np.split(scores, process.n_folds, axis=-1),
            strict=True,
        )
        usable = [pair for pair in parts if 2 <= pair[0].sum() <= pair[0].size - 2]
        yield [estimate_auc(*pair) for pair in usable]


def _infer(fits: MetricEstimate, horizon_rows: int) -> tuple[Inference, Inference]:
    """Return the tests that the first beats the second, and that the third does."""
    pool = pool_seeds(fits, horizon_rows=horizon_rows)
    first, third = (
        contrast_trials(fits.select([k]), fits.select([1]), horizon_rows=horizon_rows, pool=pool)
        for k in (0, 2)
    )
    return infer_difference(first), infer_difference(third)


def _say(share: float) -> str:
    return f"{share:.3f}".removeprefix("0")
