"""What ails the trials of a search, as Markdown."""

from collections import Counter
from collections.abc import Mapping

from analysis.numbers import count_noun
from analysis.report.formats.markdown import escape_text, join_blocks, pipe_table
from analysis.report.yardstick import Yardstick
from analysis.searches.diagnosis import REMEDIES, Ailment, Diagnosis
from analysis.searches.search import Search

_MOST_SHOWN = 10


def render_diagnoses(
    search: Search, found: Mapping[int, tuple[Diagnosis, ...]], yardstick: Yardstick
) -> str:
    """Return how many trials have which ailment, and the best trials with theirs.

    Parameters
    ----------
    found
        As `diagnose_search` returns it.
    """
    if not found:
        return "No trial has kept a curve."
    counts = Counter(one.ailment for ailments in found.values() for one in ailments)
    n_well = sum(not ailments for ailments in found.values())
    return join_blocks(
        f"Of {count_noun(len(found), 'trial')} with a curve, {n_well} show none of the ailments "
        "that are looked for; the thresholds stand under Methods.",
        _tabulate_counts(counts, len(found)),
        "The best trials:",
        _tabulate_best(search, found, yardstick),
    )


def _tabulate_counts(counts: Mapping[Ailment, int], n: int) -> str:
    if not counts:
        return ""
    rows = [
        [ailment, f"{counts[ailment]} of {n}", remedy]
        for ailment, remedy in REMEDIES.items()
        if counts.get(ailment)
    ]
    table = [[name, remedy, count] for name, count, remedy in rows]
    return pipe_table(["Ailment", "What usually helps", "Trials"], table, n_left=2)


def _tabulate_best(
    search: Search, found: Mapping[int, tuple[Diagnosis, ...]], yardstick: Yardstick
) -> str:
    ranked = sorted(
        (trial for trial in search.scored if trial.number in found),
        key=lambda trial: -search.sign * (trial.score or 0.0),
    )
    rows = []
    for trial in ranked[:_MOST_SHOWN]:
        said = [
            f"{one.ailment}: {escape_text(one.figure, longest=None)}" for one in found[trial.number]
        ]
        score = yardstick.write(trial.score or 0.0)
        rows.append([escape_text(trial.name), "; ".join(said) or "-", score])
    return pipe_table(["Trial", "Diagnosis", f"Validation {yardstick.title}"], rows, n_left=2)
