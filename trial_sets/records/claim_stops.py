"""Where the ledger says that no further look at a claim is needed, and in which words."""

from collections.abc import Sequence

from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import LookLine, StopLine
from trial_sets.records.looks import HoldoutPeriod

WORDS: dict[str, str] = {"futile": "stopped for futility"}  # where it is not the verdict itself


def find_stop(
    ledger: ClaimLedger,
    study: str,
    digest: str,
    rows: HoldoutPeriod | None = None,
    run: str | None = None,
) -> StopLine | None:
    """Return the stop of a claim that is in effect: that behind which it was not judged again.

    A stop is none unless the last look before it is its own.

    Parameters
    ----------
    ledger
        A whole one; see `ClaimLedger.find_break`.
    study, digest
        The claim.
    rows
        That it is judged on; None for any.
    run
        In which it was stopped; None for any.
    """
    found: StopLine | None = None
    judged: str | None = None
    for line in ledger.lines:
        if not isinstance(line, LookLine | StopLine) or (line.study, line.digest) != (
            study,
            digest,
        ):
            continue
        if (rows is None or line.rows.overlaps(rows)) and (run is None or line.run == run):
            if isinstance(line, LookLine):
                judged = line.evidence
                found = found if found is not None and found.evidence == line.evidence else None
            elif line.evidence == judged:
                found = line
    return found


def describe_stop(stop: StopLine) -> str:
    """Say what a claim came to, and when: ``stopped for futility at look 2 of 4 (4 seeds)``."""
    return f"{WORDS.get(stop.verdict, stop.verdict)} at {name_look(stop.plan, len(stop.seeds))}"


def name_look(plan: Sequence[int], n_seeds: int) -> str:
    """Say which look of a plan it is: ``look 2 of 4 (4 seeds)``.

    Parameters
    ----------
    plan
        Numbers of seeds at each look.
    n_seeds
        One of them.
    """
    return f"look {plan.index(n_seeds) + 1} of {len(plan)} ({n_seeds} seeds)"


def list_plan(plan: Sequence[int]) -> str:
    """Write a plan of looks as an option takes it: ``2,4,7,10``."""
    return ",".join(map(str, plan))
