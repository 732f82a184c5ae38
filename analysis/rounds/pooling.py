"""Several rounds as one table, so that the next one goes on from all that ran."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from analysis.frames.frame import TrialFrame, rename_reserved
from analysis.frames.pooling import pool_frames
from analysis.rounds.conditions import compare_grounds
from analysis.rounds.ordering import check_order, name_source
from analysis.rounds.round import Round
from trial_sets.errors import InputError
from trial_sets.wording import join_words


def pool_rounds(rounds: Sequence[Round]) -> TrialFrame:
    """Return the trials of several rounds of ours together, as the last one writes its metric.

    A fit that two rounds share, of one configuration and seed, counts once.

    Raises
    ------
    InputError
        If they are not in their order, were not scored by one metric on the same rows, or differ
        in more than hyperparameters.
    """
    check_order(rounds)
    for one, other in pairwise(rounds):
        ground = compare_grounds(one, other)
        if reasons := (*ground.obstacles, *ground.changes):
            raise InputError(
                f"rounds are proposed from together where one metric, the same rows and the same "
                f"settings are theirs: of {one.title} and {other.title} "
                f"{join_words(list(reasons))}; name one of them"
            )
    last = rounds[-1].frame
    pooled = pool_frames([_complete(one) for one in rounds])
    known = pooled.rows["seed"].notna()
    is_copy = known & pooled.rows.duplicated(["configuration", "seed", "state"])
    return replace(
        pooled,
        rows=pooled.rows[~is_copy].reset_index(drop=True),
        title=last.title,
        decimals=last.decimals,
        spaces={**pooled.spaces, **last.spaces},
        drawn=frozenset().union(*(one.frame.drawn for one in rounds)),
        assumptions=tuple(_list_assumptions(rounds)),
    )


def _complete(one: Round) -> TrialFrame:
    """Return a round's frame with a column for each setting of its search, and its own name."""
    frame = one.frame
    fixed = {name: value for name, value in one.fixed.items() if value is not None}
    columns = rename_reserved(fixed)
    missing = {c: fixed[n] for n, c in columns.items() if c not in frame.rows.columns}
    is_baseline = frame.rows["role"] == "baseline"
    filled = {
        column: pd.Series(value, index=frame.rows.index, dtype=object).where(~is_baseline)
        for column, value in missing.items()
    }
    name = ", ".join(map(name_source, one.sources))
    rows = frame.rows.assign(**filled, file=pd.Series(name, index=frame.rows.index, dtype="str"))
    return replace(frame, rows=rows, params=(*frame.params, *missing))


def _list_assumptions(rounds: Sequence[Round]) -> Iterator[str]:
    for one in rounds:
        yield from one.frame.assumptions
    grounds = (compare_grounds(*pair) for pair in pairwise(rounds))
    for said in dict.fromkeys(said for ground in grounds for said in ground.assumed):
        yield f"{said[:1].upper()}{said[1:]}."
