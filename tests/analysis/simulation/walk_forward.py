"""Print what folds, epochs and looks come to: `python -m tests.analysis.simulation.walk_forward`.

Some twenty-five minutes on one core; `--share 0.1` takes a tenth of the replicates. The power
that is predicted and found is printed by `python -m benchmarks.power`.
"""

import argparse
from dataclasses import replace

from analysis.statistics.planning.looks import Stop
from tests.analysis.simulation.deciding import measure_deciding
from tests.analysis.simulation.epochs import EpochProcess
from tests.analysis.simulation.measure import measure_pooled
from tests.analysis.simulation.process import Process
from tests.analysis.simulation.selecting import measure_levels, measure_selecting

FOLD = Process(n_rows=211, n_seeds=2)
# Five claims over seven trials, none true; two seeds; by the number of folds.
FOLDS = {
    "equal skill": FOLD,
    "offsets drift by .2": replace(FOLD, offset=0.2),
    "seeds differ by .15": replace(FOLD, seed_spread=0.15),
    "refits by .05": replace(FOLD, refit_spread=0.05),
    "refits by .15": replace(FOLD, refit_spread=0.15),
    "skill drifts by .15": replace(FOLD, drift=0.15),
    "two trials": replace(FOLD, n_trials=2),
    "two trials, refits by .05": replace(FOLD, n_trials=2, refit_spread=0.05),
}
# Two equal trials, twenty epochs, those of the first noisier.
_TWO = Process(n_trials=2)
_TWO_FOLDED = replace(_TWO, n_rows=211, n_folds=4)
EPOCHS = {
    "one fold of 422 rows, S = 3": EpochProcess(_TWO),
    "one fold of 422 rows, S = 5": EpochProcess(replace(_TWO, n_seeds=5)),
    "noise of .15, S = 3": EpochProcess(_TWO, noise=0.15),
    "4 folds of 211 rows, S = 3": EpochProcess(_TWO_FOLDED),
}
# One trial against another of seven, by what its scores hold of the labels' shocks: folds and
# rows, the difference designed for, and what is stated of it: confirmed, share of fits, and
# confirmed by one look.
_SMALL = replace(FOLD, n_seeds=10, n_folds=4, common=0.92, seed_spread=0.15)
_LARGE = replace(_SMALL, n_rows=422, n_folds=8, common=0.955)
DECIDING = {
    "4 folds of 211 rows, null": (_SMALL, 0.0, 0.02, (0.008, 0.39, 0.012)),
    "4 folds of 211 rows, .01": (_SMALL, 0.03, 0.02, (0.170, 0.58, 0.206)),
    "4 folds of 211 rows, .02": (_SMALL, 0.06, 0.02, (0.550, 0.65, 0.624)),
    "8 folds of 422 rows, null": (_LARGE, 0.0, 0.01, (0.015, 0.50, 0.016)),
    "8 folds of 422 rows, .01": (_LARGE, 0.033, 0.01, (0.735, 0.69, 0.753)),
    "8 folds of 422 rows, .02": (_LARGE, 0.066, 0.01, (0.999, 0.38, 0.999)),
}


def give_insight(process: Process, insight: float) -> Process:
    """Return the process with a first trial that is better."""
    return replace(process, insights=(insight, *(0.0,) * (process.n_trials - 1)))


def print_folds(share: float) -> None:
    """Coverage / false confirmation, a line a process."""
    print("Claims over folds of 211 rows, none true: coverage / any false confirmation (width)")
    print(f"{'':28}   {'4 folds':20} {'8 folds':20}")
    for name, process in FOLDS.items():
        found = [
            measure_pooled(replace(process, n_folds=n_folds), round(share * 2000))
            for n_folds in (4, 8)
        ]
        texts = [f"{one.coverage} / {one.false} ({one.width:.2f})" for one in found]
        print(f"{name:28}   {texts[0]:20} {texts[1]:20}", flush=True)


def print_epochs(share: float) -> None:
    """Bias, coverage and false confirmation, and the level, a line a process."""
    print("Two equal trials, one with noisier epochs: bias, coverage, confirmed; level of that one")
    print(f"{'':28}   {'tabulated':22} {'cross-fitted':22} tabulated, corrected level")
    for name, process in EPOCHS.items():
        plain, cross = measure_selecting(process, round(share * 2000))
        levels = measure_levels(process, round(share * 200))
        said = ", ".join(f"{level[0]:+.4f}" for level in levels)
        print(f"{name:28}   {plain!s:22} {cross!s:22} {said}", flush=True)


def print_deciding(share: float) -> None:
    """Confirmed and share of fits, a line a difference."""
    print("Until decided: confirmed / share of the fits, one look's; as stated; refuted, futile")
    for name, (process, insight, design, stated) in DECIDING.items():
        n_batches = round(share * (1000 if process.n_rows < 422 else 500))
        found = measure_deciding(give_insight(process, insight), n_batches, design=design)
        said = " / ".join(f"{one:.3f}".removeprefix("0") for one in stated)
        ended = ", ".join(f"{found.stops[stop]:.3f}" for stop in (Stop.REFUTED, Stop.FUTILE))
        shares = f"{found.confirmed} / {found.fits} / {found.at_end}"
        print(f"{name:28}   {found.difference:+.4f} {shares:22} {said:22} {ended}", flush=True)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the replicates")
    options = parser.parse_args()
    for print_table in (print_folds, print_epochs, print_deciding):
        print_table(options.share)


if __name__ == "__main__":
    main()
