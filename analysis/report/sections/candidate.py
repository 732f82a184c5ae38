"""The candidate as Markdown: all trials, the last set against its control, baselines, test."""

from collections.abc import Sequence

import numpy as np

from analysis.numbers import count_noun, format_p
from analysis.report.formats.markdown import bold, code_span, escape_text, join_blocks, pipe_table
from analysis.report.sections.checklist import write_interval
from analysis.report.yardstick import Yardstick
from analysis.verdicts.candidate import Against, Candidate, HoldoutResult, Rival
from trial_sets.tuning.final import WHY_TWO_STEPS
from trial_sets.wording import join_words

_CROSS_FITTED = (
    "Differences from here on are cross-fitted for the choice of the epoch, as those of the "
    "checklist are, and so need not be those of the {}s that stand beside them."
)
_LEVEL_OF_PAIRS = (
    "With the epoch chosen on other rows: every pair of rows is scored at the epoch that "
    "rows far from both of them select, so that nothing is left of what the choice adds."
)
_LEVEL = (
    "With the epoch chosen on other rows: every row is scored at the epoch that rows far from it "
    "select, so that nothing is left of what the choice adds."
)
_NO_PREDICTIONS = "No trial has predictions, so that none can be compared with another."
_SEEDS_ALONE = (
    "No trial has predictions: the means, and what seeds differ by, are all that is known, so that "
    "nobody is a candidate."
)
_MOST_FOLDS = 8  # that have a column each
_AUC = Yardstick()


def render_candidate(
    candidate: Candidate,
    test_command: str | None,
    images: str = "",
    *,
    yardstick: Yardstick = _AUC,
    means: str = "",
    retraining: str | None = None,
) -> str:
    """Return the section.

    Parameters
    ----------
    test_command
        What evaluates the candidate on the test period, for the case that there is one.
    means
        A table of all trials, for the case that no predictions tell them apart.
    retraining
        What trains the candidate longer before that, where it was still improving.
    """
    if means and not candidate.names:
        rivals = _render_rivals(candidate, yardstick) if candidate.rivals else ""
        return join_blocks(means, _SEEDS_ALONE, rivals)
    return join_blocks(
        _render_standing(candidate, yardstick),
        images,
        _describe_maximum(candidate, yardstick),
        _note_cross_fit(yardstick) if candidate.is_cross_fitted else "",
        _render_challenge(candidate.against, yardstick),
        _render_rivals(candidate, yardstick),
        _render_holdouts(candidate, test_command, yardstick, retraining),
    )


def render_scored(candidate: Candidate, yardstick: Yardstick = _AUC) -> str:
    """Return the section for predictions alone, which know of no baseline and no test period."""
    return join_blocks(
        _render_standing(candidate, yardstick),
        _describe_maximum(candidate, yardstick),
        "" if candidate.against is None else _render_challenge(candidate.against, yardstick),
    )


def describe_best_baseline(candidate: Candidate, yardstick: Yardstick = _AUC) -> str:
    """Say plainly how the best baseline compares with the best trial."""
    if candidate.maximum is None or not candidate.rivals:
        return ""
    rival, best = candidate.rivals[0], candidate.best_name or ""
    ahead = yardstick.metric.sign * rival.score - candidate.maximum.maximum
    if ahead < 0:
        other = "less" if yardstick.metric.sign > 0 else "more"
        return (
            f"The best baseline, {escape_text(_name(rival))}, has {yardstick.write(rival.score)}, "
            f"{yardstick.write_gain(-ahead, is_signed=False)} {other} than {escape_text(best)}."
        )
    others = count_noun(candidate.maximum.n_trials, "trained configuration")
    verb, ending = ("equals the best of", "") if ahead == 0 else _judge_lead(rival, yardstick)
    return bold(
        f"{_capitalize(_name(rival))} on the same rows {verb} all {others}: "
        f"{yardstick.write(rival.score)} against "
        f"{yardstick.write_oriented(candidate.maximum.maximum)} of "
        f"{escape_text(best)}{ending}."
    )


def _judge_lead(rival: Rival, yardstick: Yardstick) -> tuple[str, str]:
    """Say whether a baseline beats the best trial, or stands above it within the error."""
    above = "stands above" if yardstick.metric.sign > 0 else "stands ahead of"
    if rival.contrast is None:
        return above, ", by an error that is not known"
    if rival.contrast.high < 0:  # the best trial less the baseline
        return "beats", ""
    return above, ", which is within the error"


def _note_cross_fit(yardstick: Yardstick) -> str:
    return _CROSS_FITTED.format(
        yardstick.title if yardstick.metric.is_auc else f"{yardstick.title} value"
    )


def _render_standing(candidate: Candidate, yardstick: Yardstick) -> str:
    """Return all trials, best first, and which cannot be told from the best."""
    if not candidate.names:
        return _NO_PREDICTIONS
    found = candidate.confidence_set
    order = _rank(candidate.scores, yardstick)
    has_levels = any(level is not None for level in candidate.levels)
    n_folds = len(candidate.folds)
    rows = [
        [
            escape_text(candidate.names[i]),
            yardstick.write(candidate.scores[i]),
            *([_write_level(candidate.levels[i], yardstick)] if has_levels else []),
            *_write_folds(candidate.fold_scores[i] if candidate.fold_scores else (), yardstick),
            ("yes" if int(i) in found.members else "no") if found else "-",
        ]
        for i in order
    ]
    head = ["Trial", f"Mean validation {yardstick.title}"]
    head += ["Epoch chosen on other rows"] if has_levels else []
    head += [f"Fold {n}" for n in candidate.folds] if n_folds <= _MOST_FOLDS else ["Folds"]
    table = pipe_table([*head, "In the 95 % confidence set"], rows)
    folds = f" and {count_noun(n_folds, 'fold')}" if n_folds else ""
    said = [f"Means over {count_noun(candidate.n_seeds, 'seed')}{folds}."]
    if has_levels:
        said.append(_LEVEL_OF_PAIRS if yardstick.metric.is_auc else _LEVEL)
    if found is not None:
        said.append(
            f"{len(found.members)} of {count_noun(len(candidate.names), 'configuration')} cannot "
            "be told from the best one."
        )
        if found.is_provisional:
            said.append("With one seed the set is provisional, and rather too small.")
    if candidate.left_out:
        names = join_words([escape_text(name) for name in candidate.left_out])
        said.append(f"Left out for want of a seed, a fold or predictions: {names}.")
    return join_blocks(table, " ".join(said))


def _rank(values: Sequence[float], yardstick: Yardstick) -> list[int]:
    """Return the places of some values, the best first."""
    gains = [yardstick.metric.sign * value for value in values]
    return [int(place) for place in np.argsort([-gain for gain in gains], kind="stable")]


def _write_level(level: float | None, yardstick: Yardstick) -> str:
    return "-" if level is None else yardstick.write(level)


def _write_folds(scores: Sequence[float], yardstick: Yardstick) -> list[str]:
    """Write the metric of each fold, or of many the lowest and the highest."""
    if len(scores) <= _MOST_FOLDS:
        return [yardstick.write(score) for score in scores]
    return [f"{yardstick.write(min(scores))} to {yardstick.write(max(scores))}"]


def _describe_maximum(candidate: Candidate, yardstick: Yardstick) -> str:
    best = candidate.maximum
    if best is None or candidate.best_name is None:
        return ""
    said = (
        f"The best of {count_noun(best.n_trials, 'configuration')} is "
        f"{escape_text(candidate.best_name)} with {yardstick.write_oriented(best.maximum)}"
    )
    if best.adjusted is None:
        return f"{said}; there are too few rows to correct for the choice."
    return (
        f"{said}; less what the choice among configurations has added, by rows and seeds that did "
        f"not choose, {yardstick.write_oriented(best.adjusted)}."
    )


def _render_challenge(against: Against | None, yardstick: Yardstick) -> str:
    if against is None:
        return "No set has been run together with its control, so that there is no candidate."
    found = against.challenge
    order = _rank(against.scores, yardstick)
    rows = [
        [
            bold(escape_text(against.names[i]))
            if i == found.best
            else escape_text(against.names[i]),
            yardstick.write(against.scores[i]),
            _write_gains(found.estimates[i], found.lows[i], found.highs[i], yardstick),
            format_p(found.p_values[i]).removeprefix("p = ").removeprefix("p "),
        ]
        for i in order
    ]
    control = f"control {escape_text(against.control)} ({yardstick.write(against.control_score)})"
    mean = f"Mean {yardstick.title}"
    ahead = "Against" if yardstick.metric.sign > 0 else "Gain against"
    head = [f"Set {escape_text(against.set_name)}", mean, f"{ahead} the {control}", "p"]
    note = (
        f"Simultaneous 95 % intervals and p values by max-|T| over the "
        f"{count_noun(len(against.names), 'trial')} of the last set that was run with its "
        f"control, {count_noun(len(against.seeds), 'seed')}. {_conclude(against, yardstick)}"
    )
    return join_blocks(pipe_table(head, rows), note)


def _write_gains(estimate: float, low: float, high: float, yardstick: Yardstick) -> str:
    """Write a gain with its interval, all three with the same decimals, as one would compare."""
    shown, *ends = (f"{gain:+.{yardstick.decimals}f}" for gain in (estimate, low, high))
    return f"{shown} [{', '.join(ends)}]"


def _conclude(against: Against, yardstick: Yardstick) -> str:
    best = escape_text(against.best)
    if against.challenge.is_candidate:
        last = f"only the {yardstick.test_part} can make it a champion"
        return bold(f"{best} is a candidate; {last}.")
    if against.challenge.is_provisional:
        return "With one seed nobody is a candidate yet."
    return f"None is a candidate: {best} cannot be told from the control by enough."


def _render_rivals(candidate: Candidate, yardstick: Yardstick) -> str:
    if not candidate.rivals:
        return "No baseline was run on these rows."
    best = escape_text(candidate.best_name or "-")
    rows = [
        [
            escape_text(_name(rival)),
            yardstick.write(rival.score),
            "-" if rival.contrast is None else write_interval(rival.contrast, yardstick=yardstick),
        ]
        for rival in candidate.rivals
    ]
    less = f"{best} less baseline" if yardstick.metric.sign > 0 else f"Gain of {best} on it"
    table = pipe_table(["Baseline", f"Validation {yardstick.title}", f"{less} [95 %]"], rows)
    return join_blocks(describe_best_baseline(candidate, yardstick), table)


def _render_holdouts(
    candidate: Candidate,
    test_command: str | None,
    yardstick: Yardstick,
    retraining: str | None = None,
) -> str:
    """Say how often the test period was looked at, and what was seen."""
    looks = len(candidate.looks)
    if not looks:
        said = f"The {yardstick.test_part} has not been looked at."
        is_due = candidate.against is not None and candidate.against.challenge.is_candidate
        if not is_due or not test_command:
            return said
        if retraining is None:
            return f"{said} The one look: {code_span(test_command)}."
        return (
            f"{said} Its fits were still improving when their epochs ended: (1) train it and the "
            f"control longer: {code_span(retraining)}; (2) if it still leads, the one look: "
            f"{code_span(test_command)}. {WHY_TWO_STEPS}"
        )
    times = "once" if looks == 1 else f"{looks} times"
    trials = join_words([escape_text(name) for name in dict.fromkeys(_list_looked(candidate))])
    said = f"The {yardstick.test_part} was looked at {times} (for {trials})."
    if looks > 1:
        said += " Each look after the first is no longer a test."
    if any(look.finished is None for look in candidate.looks):
        said += " One look was interrupted, and counts."
    rivals = (_tabulate_test_rivals(test, yardstick) for test in candidate.tests)
    return join_blocks(said, _tabulate_holdouts(candidate.tests, yardstick), *rivals)


def _list_looked(candidate: Candidate) -> list[str]:
    return [look.trial for look in candidate.looks]


def _tabulate_holdouts(tests: tuple[HoldoutResult, ...], yardstick: Yardstick) -> str:
    if not tests:
        return ""
    rows = [
        [
            escape_text(test.trial),
            str(test.n_seeds),
            yardstick.write(test.score),
            "-" if test.control_score is None else yardstick.write(test.control_score),
            "-" if test.contrast is None else write_interval(test.contrast, yardstick=yardstick),
        ]
        for test in tests
    ]
    title, difference = yardstick.title, f"{yardstick.difference} [95 %]"
    head = ["Tested", "Seeds", f"Test {title}", f"Control's test {title}", difference]
    return pipe_table(head, rows)


def _tabulate_test_rivals(test: HoldoutResult, yardstick: Yardstick) -> str:
    """Return the baselines on the test rows, beside one tested trial."""
    if not test.rivals:
        return ""
    trial = escape_text(test.trial)
    rows = [
        [
            escape_text(_name(rival)),
            yardstick.write(rival.score),
            "-" if rival.contrast is None else write_interval(rival.contrast, yardstick=yardstick),
        ]
        for rival in test.rivals
    ]
    less = f"{trial} less baseline" if yardstick.metric.sign > 0 else f"Gain of {trial} on it"
    return pipe_table(["Baseline", f"Test {yardstick.title}", f"{less} [95 %]"], rows)


def _name(rival: Rival) -> str:
    known = {
        "logistic": "logistic regression",
        "boosting": "gradient boosting",
        "prevalence": "prevalence (a constant)",
        "majority": "class shares (a constant)",
        "mean": "mean (a constant)",
        "last_value": "last known value",
        "moving_average": "mean of the last 20 known values",
        "ridge": "ridge regression",
    }
    return known.get(rival.name, rival.name)


def _capitalize(text: str) -> str:
    return escape_text(text[:1].upper() + text[1:])
