"""Print what the method comes to in the simulated cases: `python -m tests.analysis.simulation.coverage`.

About twenty minutes on one core; `--share 0.1` takes a tenth of the replicates, and words choose
cases by their names.
"""  # noqa: E501

import argparse

from tests.analysis.simulation.cases import CASES, CHAMPION, EVERY, LOOKS
from tests.analysis.simulation.measure import (
    Edition,
    measure_champion,
    measure_claims,
    measure_every,
    measure_looks,
)

N_BATCHES = 4000
_HEAD = f"{'':28}   first edition   second edition      stated"


def print_claims(share: float, words: list[str]) -> None:
    """Coverage / any false confirmation of five claims, a line a case."""
    print("Five claims, none true: coverage / any false confirmation (width over the ideal)")
    print(_HEAD)
    for case in CASES:
        if all(word in case.name for word in words):
            first, second = measure_claims(case.process, round(share * case.n_batches))
            stated = "" if case.stated is None else _join(*case.stated)
            print(f"{case.name:28}   {_say(first):13}   {_say(second):15}   {stated}", flush=True)


def print_others(share: float, words: list[str]) -> None:
    """Conjunctions, champions and looks, a line a case."""
    n_batches = round(share * N_BATCHES)
    for title, cases, measure in (
        ('"A beats X and Y", A = X: confirmed by the mean / by every one', EVERY, measure_every),
        ("Six candidates: family-wise error, first / second edition / of the confidence set",
         CHAMPION, measure_champion),
        ("One claim, looked at with 2 to 10 seeds: false, uncharged / charged / by the usual plan",
         LOOKS, measure_looks),
    ):  # fmt: skip
        print(title)
        for name, process in cases.items():
            if all(word in name for word in words):
                found = " / ".join(str(one) for one in measure(process, n_batches))
                print(f"{name:28}   {found}", flush=True)


def _say(edition: Edition) -> str:
    return f"{edition.coverage} / {edition.false} ({edition.width:.2f})"


def _join(*figures: float) -> str:
    first, second = (
        " / ".join(f"{one:.3f}".removeprefix("0") for one in pair)
        for pair in (figures[:2], figures[2:])
    )
    return f"{first} -> {second}"


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="of the names of the cases to take")
    parser.add_argument("--share", type=float, default=1.0, help="of the replicates")
    options = parser.parse_args()
    print_claims(options.share, options.words)
    print_others(options.share, options.words)


if __name__ == "__main__":
    main()
