"""Whether there are rows enough for a search, and for the networks that it tries."""

from collections.abc import Iterator

from trial_sets.linting.remark import Remark
from trial_sets.linting.role import DECAY, DROPOUT, LintedSearch

FEWEST_ROWS = 1_000  # below, more rows are worth more than any tuning
MOST_A_ROW = 10  # parameters: 100 thousand on 10 thousand rows, a million on 100 thousand


def lint_capacity(search: LintedSearch) -> Iterator[Remark]:
    """Yield too few rows, and networks that are too large for them.

    The rule is at most `MOST_A_ROW` parameters a training row, at any number of rows.
    """
    facts = search.facts
    rows = facts.n_train_rows
    if rows is None:
        return
    if rows < FEWEST_ROWS:
        yield Remark(
            "space",
            f"{rows:,} training rows are fewer than {FEWEST_ROWS:,}: which trial is best is mostly "
            "chance",
            "collect rows before anything is tuned",
        )
    most = MOST_A_ROW * rows
    if facts.largest is None or facts.largest <= most:
        return
    is_all = facts.smallest is not None and facts.smallest > most
    size = facts.smallest if is_all and facts.smallest is not None else facts.largest
    which = "even the smallest network has" if is_all else "the largest network has"
    mend = f"leave out what goes beyond {most:,} parameters"
    if search.find(DROPOUT) is None and search.find(DECAY) is None:
        mend += ", or let dropout or weight decay vary"
    yield Remark(
        "space",
        f"{which} {size:,} parameters for {rows:,} training rows, {size / rows:.0f} a row, and "
        f"overfits easily beyond {MOST_A_ROW}",
        mend,
    )
