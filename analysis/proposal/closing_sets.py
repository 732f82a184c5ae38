"""The sets that close a round: the winners together (F), and the best again (V)."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from analysis.findings.evidence import Evidence
from analysis.numbers import count_noun, count_up
from analysis.proposal.constraints import is_told_apart, was_run
from analysis.proposal.round_set import (
    COMBINED,
    CONTROL,
    PHASES,
    VALIDATED,
    RoundSet,
    claim_any,
)
from analysis.proposal.round_trial import RoundBase, RoundTrial
from analysis.proposal.rules.move import Move
from trial_sets.wording import join_words

_MOST_COMBINED = 4
N_VALIDATED = 5  # with the base, which runs beside them as the control


def combine_winners(
    base: RoundBase, sets: Sequence[RoundSet], moves: Sequence[Move], margin: float | None
) -> RoundSet | None:
    """Return the set of what is most promising of several hyperparameters at once.

    The values that stand out; the first to try of all of them; those that are established; and
    pairs of the first. None where less than two hyperparameters have anything to try. The claim
    asks for the margin: a change of several at once ought to be worth it.
    """
    first, leads = _list_firsts(base, sets, moves), _list_leads(base, moves)
    if len(first) < 2:
        return None
    known = {move.param for move in moves if move.is_established}
    groups = [tuple(first), tuple(name for name in first if name in known)]
    groups += list(combinations(list(first)[:3], 2))
    winners = base.depart(
        leads, f"The values that stand out, of {join_words(list(leads))} together"
    )
    trials: list[RoundTrial] = [] if winners is None or len(leads) < 2 else [winners]
    for group in dict.fromkeys(groups):
        if len(group) < 2 or len(trials) == _MOST_COMBINED:
            continue
        trial = base.depart(
            {name: first[name] for name in group},
            f"What is most promising of {join_words(list(group))} together",
        )
        if trial is not None and all(trial.values != one.values for one in trials):
            trials.append(trial)
    if not trials:
        return None
    named = {f"{COMBINED}{number}": trial for number, trial in enumerate(trials, 1)}
    by = {} if not margin else {"by": margin}
    return RoundSet(
        name=COMBINED,
        title="The most promising values together",
        phase=PHASES[3],
        trials=named,
        claims=(
            claim_any(
                list(named),
                "The gains add up: what is better alone is better together",
                "The best of them is the next champion: validate it with more seeds",
                **by,
            ),
        ),
        evidence=(
            "Written before the sets above have run: edit these trials to what came of them, "
            "before their claims are fixed.",
        ),
    )


def validate_best(base: RoundBase, n_seeds: int) -> RoundSet | None:
    """Return the set of the best configurations again, each with as many new seeds.

    The base is the first of five and runs as their control. One that differs from a better one in
    a single number alone, and hardly in that, is passed over. None where there is no other.
    """
    evidence = base.evidence
    trials: list[RoundTrial] = []
    gains = evidence.frame.sign * evidence.merged["metric"]
    ranked = evidence.merged.loc[gains.sort_values(ascending=False, kind="stable").index]
    for place, (_, row) in enumerate(ranked.iterrows(), 1):
        values = {n: row[n] for n in evidence.frame.params if row[n] == row[n]}
        others = [dict(base.values), *(dict(trial.values) for trial in trials)]
        is_fit = all(is_told_apart(evidence, values, one) for one in others)
        is_fit = is_fit and base.terms.find_fault(values) is None
        if is_fit and len(trials) < N_VALIDATED - 1:
            trials.append(RoundTrial(values, _describe_place(evidence, row, place)))
    if not trials:
        return None
    named = {f"{VALIDATED}{number}": trial for number, trial in enumerate(trials, 1)}
    return RoundSet(
        name=VALIDATED,
        title=f"The best {len(trials) + 1} again, with {count_noun(n_seeds, 'new seed')} each",
        phase=PHASES[4],
        trials=named,
        claims=_claim_place(list(named)),
        evidence=(
            "The best of many is partly luck: with new seeds its mean falls back to what it is. "
            "The report gives each one's mean and deviation, and the ensemble of its predictions.",
        ),
    )


def _claim_place(names: list[str]) -> tuple[Mapping[str, Any], ...]:
    kept = {
        "if": f"{CONTROL} beats the mean of {join_words(names)}",
        "better": [CONTROL],
        "than": names,
        "sides": "mean",
        "shows": "The lead of the best so far was no mere luck",
        "then": "Keep it as the base",
    }
    fallen = claim_any(
        names,
        "The lead of the best so far was luck",
        "Take the best of them as the base",
    )
    return (kept, fallen)


def _describe_place(evidence: Evidence, row: pd.Series, place: int) -> str:
    finished = evidence.frame.finished
    n_fits = int((finished["configuration"] == row["configuration"]).sum())
    return (
        f"{count_up(place)} of {count_noun(evidence.n_configurations, 'configuration')}: "
        f"{evidence.write(float(row['metric']))}, of {count_noun(n_fits, 'fit')}"
    )


def _list_firsts(
    base: RoundBase, sets: Sequence[RoundSet], moves: Sequence[Move]
) -> dict[str, float | str]:
    """Return the first value of each hyperparameter that a set tries, by the sets' order."""
    found: dict[str, float | str] = {}
    for move in moves:
        for value in move.values:
            if move.param in found or base.values.get(move.param) == value:
                continue
            trial = base.depart({move.param: value}, "")
            if trial is not None and not was_run(base.evidence, trial.values):
                found[move.param] = value
    tried = [name for one in sets for trial in one.trials.values() for name in trial.values]
    order = list(dict.fromkeys(tried))
    is_tried = {name for one in sets for t in one.trials.values() for name in base.list_changes(t)}
    return {n: found[n] for n in sorted(found, key=order.index) if n in is_tried} if order else {}


def _list_leads(base: RoundBase, moves: Sequence[Move]) -> dict[str, float | str]:
    """Return the value that stands out of each hyperparameter that moves, where it is another."""
    params = dict.fromkeys(move.param for move in moves if move.action != "leave")
    leads = {
        table.param: table.merged_leader
        for table in base.evidence.ranked_tables
        if table.param in params and not table.is_binned and table.merged_leader.lift > 1
    }
    found = {n: row.label if math.isnan(row.value) else row.value for n, row in leads.items()}
    return {name: value for name, value in found.items() if base.values.get(name) != value}
