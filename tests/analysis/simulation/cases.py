"""The simulated cases, and what the method is known to come to in them."""

from dataclasses import dataclass, replace

from tests.analysis.simulation.process import Process

BASE = Process()
LONG = replace(BASE, n_rows=1688)


@dataclass(frozen=True, slots=True)
class Case:
    """Five claims of which none is true, over seven trials.

    Attributes
    ----------
    stated : tuple of four floats, or None
        Coverage and share with a false confirmation, of the first edition and of this one.
    """

    name: str
    process: Process
    stated: tuple[float, float, float, float] | None
    n_batches: int = 4000


CASES = (
    Case("base, S = 2", replace(BASE, n_seeds=2), None),
    Case("base, S = 3", BASE, (0.961, 0.011, 0.974, 0.007)),
    Case("base, S = 5", replace(BASE, n_seeds=5), None),
    Case(
        "seeds differ by .15, S = 2",
        replace(BASE, n_seeds=2, seed_spread=0.15),
        (0.921, 0.053, 0.970, 0.008),
    ),
    Case("seeds differ by .15, S = 3", replace(BASE, seed_spread=0.15), None),
    Case("seeds differ by .15, S = 5", replace(BASE, n_seeds=5, seed_spread=0.15), None),
    Case(
        "one trial by .3, S = 2",
        replace(BASE, n_seeds=2, first_spread=0.3),
        (0.919, 0.053, 0.931, 0.036),
    ),
    Case("one trial by .3, S = 3", replace(BASE, first_spread=0.3), (0.949, 0.023, 0.956, 0.015)),
    Case("skill drifts by .15", replace(BASE, drift=0.15), (0.918, 0.032, 0.947, 0.017)),
    Case("skill drifts by .3", replace(BASE, drift=0.3), (0.861, 0.074, 0.916, 0.036)),
    Case("horizon of 5 rows", replace(BASE, horizon_rows=5), (0.956, 0.017, 0.966, 0.007)),
    Case("5 % positives", replace(BASE, share_positive=0.05), (0.966, 0.011, 0.979, 0.007)),
    Case("150 rows", replace(BASE, n_rows=150), (0.980, 0.003, 0.983, 0.003)),
    Case("1688 rows", LONG, (0.937, 0.060, 0.967, 0.026), 1000),
    Case(
        "1688 rows, clustered",
        replace(LONG, share_explained=0.7, regimes=0.98, persistence=0.98),
        (0.895, 0.088, 0.964, 0.008),
        1000,
    ),
)

# "A beats X and Y" with A = X and Y worse; b of the third trial against that of the others.
EVERY = {
    "Y worse by .009": replace(BASE, factors=(1, 1, 0.9, 1, 1, 1, 1)),
    "Y worse by .025": replace(BASE, factors=(1, 1, 0.75, 1, 1, 1, 1)),
    "Y worse by .085": replace(BASE, factors=(1, 1, 0.4, 1, 1, 1, 1)),
}

CHAMPION = {
    "base, S = 2": replace(BASE, n_seeds=2),
    "base, S = 3": BASE,
    "base, S = 5": replace(BASE, n_seeds=5),
    "seeds differ by .15, S = 2": replace(BASE, n_seeds=2, seed_spread=0.15),
    "skill drifts by .3": replace(BASE, drift=0.3),
}

LOOKS = {
    "base": replace(BASE, n_seeds=10),
    "seeds differ by .15": replace(BASE, n_seeds=10, seed_spread=0.15),
    "skill drifts by .3": replace(BASE, n_seeds=10, drift=0.3),
}
