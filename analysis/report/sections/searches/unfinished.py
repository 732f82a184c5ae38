"""Trials of a search without a result of their own, apart from the others, as Markdown."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from analysis.numbers import count_noun, format_duration, format_share
from analysis.report.formats.markdown import escape_text, join_blocks, list_items
from analysis.report.yardstick import Yardstick
from analysis.searches.search import Search, SearchedTrial
from trial_sets.wording import join_words

_MOST_LISTED = 10
_MESSAGE = 160


def render_unfinished(search: Search, yardstick: Yardstick) -> str:
    """Return what became of the trials that are not complete; empty where all are."""
    by_state: dict[str, list[SearchedTrial]] = {}
    for trial in search.trials:
        by_state.setdefault(trial.state, []).append(trial)
    facts = [
        _describe_pruned(by_state.get("pruned", []), yardstick),
        _describe_repeated(by_state.get("repeated", [])),
        _describe_foreign(by_state.get("foreign", []), search, yardstick),
        _describe_running([*by_state.get("running", []), *by_state.get("lost", [])]),
    ]
    failed = [*by_state.get("failed", []), *by_state.get("infeasible", [])]
    reasons = list(_list_reasons(failed))
    return join_blocks(
        list_items(fact for fact in facts if fact),
        "Failed or infeasible:" if reasons else "",
        list_items(reasons),
    )


def _describe_pruned(trials: list[SearchedTrial], yardstick: Yardstick) -> str:
    """Say when trials were pruned, and how good the best of them was by then."""
    if not trials:
        return ""
    epochs = [len(trial.curve) for trial in trials if trial.curve]
    when = ""
    if epochs:
        when = f", after {np.median(epochs):.0f} epochs in the median, {min(epochs)} at least"
    scores = [trial.score for trial in trials if trial.score is not None]
    best = max(scores, key=lambda score: yardstick.metric.sign * score, default=None)
    reached = (
        "" if best is None else f" The best of them had {yardstick.write(best)} when it was ended."
    )
    seconds = format_duration(sum(trial.seconds for trial in trials))
    return (
        f"{count_noun(len(trials), 'trial')} pruned{when}, {seconds} of training in all; they are "
        f"no results, so that no table holds them.{reached}"
    )


def _describe_repeated(trials: list[SearchedTrial]) -> str:
    if not trials:
        return ""
    counts = Counter(trial.stands_for for trial in trials)
    shown = [f"{escape_text(name)} ({n})" for name, n in counts.most_common(5)]
    return (
        f"{count_noun(len(trials), 'trial')} repeated a configuration that had been trained, whose "
        f"result was told again: {join_words(shown)}."
    )


def _describe_foreign(trials: list[SearchedTrial], search: Search, yardstick: Yardstick) -> str:
    if not trials:
        return ""
    scores = [trial.score for trial in trials if trial.score is not None]
    best = max(scores, key=lambda score: yardstick.metric.sign * score, default=None)
    source = f" from {escape_text(search.info.study_from)}" if search.info.study_from else ""
    reached = "" if best is None else f", the best with {yardstick.write(best)}"
    return (
        f"{count_noun(len(trials), 'trial')} copied{source}{reached}: the sampler has seen them, "
        "and no table here holds them, since nothing says that they were made alike."
    )


def _describe_running(trials: list[SearchedTrial]) -> str:
    if not trials:
        return ""
    listed = join_words([escape_text(trial.name) for trial in trials], most=_MOST_LISTED)
    return f"Without a record, running or interrupted: {listed}."


def _list_reasons(trials: list[SearchedTrial]) -> Iterator[str]:
    """Yield the reasons, alike ones together, the most frequent first."""
    by_reason: dict[str, list[SearchedTrial]] = {}
    for trial in trials:
        by_reason.setdefault(trial.reason or "no reason is recorded", []).append(trial)
    ranked = sorted(by_reason.items(), key=lambda pair: -len(pair[1]))
    for reason, members in ranked[:_MOST_LISTED]:
        share = format_share(len(members) / len(trials))
        first = f", first {escape_text(members[0].name)}" if len(members) > 1 else ""
        name = count_noun(len(members), "trial") if first else escape_text(members[0].name)
        yield f"{name} ({share}{first}): {escape_text(reason, longest=_MESSAGE)}"
    if len(ranked) > _MOST_LISTED:
        yield f"and {len(ranked) - _MOST_LISTED} more reasons"
