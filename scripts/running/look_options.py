"""The options by which a batch is run until its claims are decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from scripts.ranges import FiniteRange
from trial_sets.files import FEWEST_LOOKED_AT, MOST_LOOKS, MOST_SEEDS


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a person says of when claims are to be stopped.

    Attributes
    ----------
    design : float or None
        Difference of the metric that the looks are meant to find; None for the usual one.
    minds_futility : bool
        Whether a claim that would hardly be confirmed is stopped.
    """

    design: float | None = None
    minds_futility: bool = True


def split_looks(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Read a plan of looks, ``3,6,10``."""
    if value is None:
        return None
    try:
        looks = [int(word) for word in value.split(",")]
    except ValueError:
        looks = []
    is_plan = looks and looks == sorted(set(looks)) and len(looks) <= MOST_LOOKS
    if not is_plan or not FEWEST_LOOKED_AT <= looks[0] <= looks[-1] <= MOST_SEEDS:
        raise click.BadParameter(
            f"found {value!r}, expected at most {MOST_LOOKS} numbers of seeds that grow from "
            f"{FEWEST_LOOKED_AT} or more, such as 3,6,10"
        )
    return tuple(looks)


DECIDING = (
    click.option("--until-decided", is_flag=True,
                 help="Run a plan of looks: judge the sets' claims with the first 2, 4, 7 and 10 "
                      "seeds, and after each look go on with the trials of open ones alone."),
    click.option("--looks", callback=split_looks, metavar="N,N,...",
                 help="Another plan of looks for --until-decided, such as 3,6,10."),
    click.option("--design", type=FiniteRange(min=0, min_open=True), metavar="DIFFERENCE",
                 help="Of the metric, that the looks are meant to find: a claim that would hardly "
                      "be confirmed even then is stopped. By default two ROPEs; of AUC at least "
                      "0.02, from 3,000 validation rows on 0.01."),
    click.option("--no-futility", "futility", flag_value=False, default=True,
                 help="Go on with claims that will hardly be confirmed, since they may be refuted; "
                      "also with those that were stopped for it."),
)  # fmt: skip


def read_stopping(options: Mapping[str, Any]) -> Stopping | None:
    """Return when claims are to be stopped; None where a batch is not run until they are decided.

    Raises
    ------
    UsageError
        If the options do not go together.
    """
    if options["until_decided"]:
        for name, (flag, why) in _APART.items():
            if options[name]:
                raise click.UsageError(f"--until-decided: leave out {flag}; {why}")
        return Stopping(options["design"], minds_futility=options["futility"])
    given = {
        "--looks": options["looks"] is not None,
        "--design": options["design"] is not None,
        "--no-futility": not options["futility"],
    }
    for flag, is_given in given.items():
        if is_given:
            raise click.UsageError(f"{flag} goes with --until-decided")
    return None


_APART = {
    "trials": ("--trial", "the claims of the sets that --set names say which trials are run"),
    "seeds": ("--seeds", "the plan of looks says how many are run, and --looks another plan"),
    "evaluate_test": ("--evaluate-test", "the test period is for the champion, once it is known"),
    "force": ("--force", "a look at results that take the place of others would be another look"),
}
