"""What a few random trials say of a search: whether they differ, fail or collapse."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.findings.trial_rules import COLLAPSED_RANGE
from analysis.numbers import choose_decimals, count_noun, format_metric, format_share
from scripts.text import show_value
from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.records.record import Record
from trial_sets.space import Dimension, SearchSpace
from trial_sets.task import Metric, Task
from trial_sets.wording import join_words

ALIKE = 0.005  # of the scores: trials closer together than this share look the same
NEAR_CHANCE = 0.01  # of AUC
_CONSTANT = 1e-9  # of the largest prediction
_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True, eq=False)
class CheckedTrial:
    """One trial of the check, and what it left."""

    name: str
    values: Mapping[str, OptionValue]
    record: Record | None  # None of a trial that ran under another's name, or not at all
    scores: NDArray[np.float64] | None  # predicted for the validation rows, where they are known

    @property
    def score(self) -> float | None:
        """What it came to."""
        complete = self.record is not None and self.record.status != "failed"
        return self.record.score if self.record is not None and complete else None


class CheckLine(StrictModel):
    """The answer to one question."""

    question: str
    state: Literal["right", "note", "wrong"]
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the trials were asked."""

    space: SearchSpace
    task: Task
    metric: Metric
    rope: float


def judge_trials(trials: Sequence[CheckedTrial], asked: Asked) -> tuple[CheckLine, ...]:
    """Return what some trials say of a search.

    Wrong is what no search gets over: trials that are all the same, that all have one score, that
    fail, or that predict one number for every row. The rest is said, since after so few epochs it
    need mean nothing: scores within half a percent of each other, an AUC of chance, predicted
    probabilities that span less than 0.2, a best trial at an end of the space.
    """
    return tuple(
        CheckLine(question=question, state=state, answer=answer)
        for question, (state, answer) in {
            "Do the trials differ?": _compare_values(trials, asked),
            "Do they end?": _count_failures(trials),
            "Do their scores differ?": _compare_scores(trials, asked),
            "Do their predictions differ from row to row?": _find_collapse(trials, asked),
            "Is the best inside the space?": _find_ends(trials, asked),
        }.items()
    )


_Answer = tuple[Literal["right", "note", "wrong"], str]


def _compare_values(trials: Sequence[CheckedTrial], asked: Asked) -> _Answer:
    points = Counter(tuple(sorted(trial.values.items())) for trial in trials)
    same = list(_list_constant(trials, asked.space))
    if len(points) < len(trials):
        n_points = count_noun(len(points), "configuration")
        state: Literal["note", "wrong"] = "wrong" if len(points) == 1 else "note"
        return state, f"{count_noun(len(trials), 'trial')} are {n_points}: the space is small"
    if same:
        return "wrong", f"{join_words(same, most=_MOST_SHOWN)} had one value in every trial"
    return "right", f"{count_noun(len(points), 'configuration')}, no two alike"


def _list_constant(trials: Sequence[CheckedTrial], space: SearchSpace) -> Iterator[str]:
    """Yield the continuous dimensions that never moved."""
    for name, dimension in space.dimensions.items():
        found = [trial.values[name] for trial in trials if name in trial.values]
        if dimension.count() is None and len(found) > 1 and len(set(found)) == 1:
            yield name


def _count_failures(trials: Sequence[CheckedTrial]) -> _Answer:
    reasons = Counter(
        str(trial.record.failure)
        for trial in trials
        if trial.record is not None and trial.record.failure is not None
    )
    if not reasons:
        return "right", "none failed"
    told = "; ".join(f"{n} x {reason}" for reason, n in reasons.most_common(_MOST_SHOWN))
    return "wrong", f"{reasons.total()} of {len(trials)} failed: {told}"


def _compare_scores(trials: Sequence[CheckedTrial], asked: Asked) -> _Answer:
    scores = [trial.score for trial in trials if trial.score is not None]
    if len(scores) < 2:
        return "note", f"{count_noun(len(scores), 'score')}: too few to tell"
    low, high, title = min(scores), max(scores), asked.metric.title
    decimals = choose_decimals(asked.rope)
    span = f"{title} {' to '.join(format_metric(one, decimals=decimals) for one in (low, high))}"
    if low == high:
        return "wrong", (
            f"{title} {format_metric(low, decimals=decimals)} in every trial: what varies does not "
            "reach the training, or the score does not tell"
        )
    share = (high - low) / max(abs(low), abs(high))
    if share < ALIKE:
        return "note", f"{span}, {format_share(share)} apart: look alike, the space may be narrow"
    return "right", span


def _find_collapse(trials: Sequence[CheckedTrial], asked: Asked) -> _Answer:
    known = [(trial, trial.scores) for trial in trials if trial.scores is not None]
    if not known:
        return "note", "not known: the trials have kept no predictions"
    constant = [trial.name for trial, scores in known if _is_constant(scores)]
    if constant:
        names = join_words(constant, most=_MOST_SHOWN)
        return "wrong", f"{names} predict the same for every row (collapse)"
    said = []
    if asked.task == "binary":
        spans = [float(np.ptp(1 / (1 + np.exp(-scores)))) for _, scores in known]
        narrow = sum(span < COLLAPSED_RANGE for span in spans)
        if narrow:
            said.append(
                f"the probabilities of {count_noun(narrow, 'trial')} span less than "
                f"{COLLAPSED_RANGE:g} (narrowest {min(spans):.2f})"
            )
    found = [trial.score for trial in trials if trial.score is not None]
    if asked.metric.name == "auc":
        near = sum(abs(score - 0.5) < NEAR_CHANCE for score in found)
        said += [f"{near} of {len(found)} have an AUC of chance, 0.5"] if near else []
    return ("note", "; ".join(said)) if said else ("right", "all do")


def _is_constant(scores: NDArray[np.float64]) -> bool:
    return bool(np.all(np.ptp(scores, axis=0) <= _CONSTANT * max(float(np.abs(scores).max()), 1.0)))


def _find_ends(trials: Sequence[CheckedTrial], asked: Asked) -> _Answer:
    sign = asked.metric.sign
    scored = [(sign * trial.score, trial) for trial in trials if trial.score is not None]
    if not scored:
        return "note", "no trial has a score"
    best = max(scored, key=lambda pair: pair[0])[1]
    ends = [
        f"{name}={show_value(value)}"
        for name, value in best.values.items()
        if is_at_end(asked.space.dimensions[name], value)
    ]
    if not ends:
        return "right", f"{best.name}, at no end of it"
    return "note", f"{best.name} lies at an end: {join_words(ends, most=_MOST_SHOWN)}"


def is_at_end(dimension: Dimension, value: OptionValue) -> bool:
    """Return whether a value lies within 2 % of an end of a range of numbers, on its scale."""
    return not isinstance(value, bool | str) and dimension.find_end(value) is not None
