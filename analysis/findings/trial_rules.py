"""Rules about trials: their health, and whether any stands out at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution
from scipy.stats import norm

from analysis.findings.evidence import Evidence, describe_trial
from analysis.findings.finding import Finding
from analysis.numbers import count_noun, format_p, format_share
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.effects.expected_lead import (
    CORRELATION,
    expect_difference_error,
    expect_lead,
)
from analysis.top import SMALLEST_TOP, choose_merged_top
from trial_sets.wording import join_words

COLLAPSED_RANGE = 0.2  # of predicted probabilities: one that spans less tells no rows apart
_SHORT_EPOCHS = 2
_LONG_EPOCHS = 5
_NARROW_RANGE = 0.005
_OVERFIT_GAP, _OVERFIT_ROPES = 0.1, 20
_MOST_NAMED = 5
SPIKE_RISE = 0.5  # of a training loss above its lowest so far
_Z = float(norm.isf(ALPHA / 2))
_UNLIKE = 0.9  # correlation of the AUCs of two trials that really differ


def report_states(evidence: Evidence) -> Iterator[Finding]:
    """Count the trials that did not finish."""
    counts = evidence.frame.count_states()
    n_finished = counts.pop("complete", 0)
    if counts:
        others = join_words([f"{n:,} {state}" for state, n in counts.items()])
        n = len(evidence.frame.rows)
        yield Finding(
            "unfinished trials",
            f"{n_finished:,} of {count_noun(n, 'trial')} finished ({others}); "
            "only these enter the tables.",
        )


def report_few(evidence: Evidence) -> Iterator[Finding]:
    """Say that there are too few distinct configurations to rank values."""
    n = evidence.n_configurations
    if n and choose_merged_top(n) < SMALLEST_TOP:
        yield Finding(
            "few trials",
            f"Only {count_noun(n, 'distinct configuration')} finished: shares of the top say next "
            "to nothing, and no value is said to lead.",
        )


def report_noise(evidence: Evidence) -> Iterator[Finding]:
    """Say that the best trial's lead is what the best of equal trials would have."""
    error, metric = evidence.auc_error, evidence.merged["metric"]
    if error is None or len(metric) < 3:
        return
    counts = evidence.frame.finished[["positives", "negatives"]].dropna().median()
    lead = float(metric.max()) - float(metric.median())
    chance = expect_lead(error, len(metric))
    if lead <= chance:
        yield Finding(
            "within noise",
            f"All within noise: the best of {len(metric)} configurations stands "
            f"{evidence.write_difference(lead)} AUC above their median, and the best of as many "
            f"equal ones would stand {evidence.write_difference(chance)} above it by chance "
            f"({counts['positives']:.0f} positives, {counts['negatives']:.0f} negatives, estimates "
            f"correlated at {CORRELATION:g}).",
        )


def report_seed_noise(evidence: Evidence) -> Iterator[Finding]:
    """Say that the configurations differ no more than the seeds of one configuration do."""
    finished = evidence.frame.configured
    if not evidence.has_seeds:
        return
    groups = finished.groupby("configuration")["metric"]
    between, within = groups.ngroups - 1, len(finished) - groups.ngroups
    rest = float(((finished["metric"] - groups.transform("mean")) ** 2).sum())
    total = float(((finished["metric"] - finished["metric"].mean()) ** 2).sum())
    if between < 1 or within < 1 or rest <= 1e-12 * total:
        return
    statistic = (total - rest) / between / (rest / within)
    p_value = float(f_distribution.sf(statistic, between, within))
    if p_value > ALPHA:
        yield Finding(
            "within noise",
            f"All within the noise of seeds: the {groups.ngroups} configurations differ no more "
            f"than the seeds of one do (F test {format_p(p_value)}; standard deviation between "
            f"seeds {evidence.write_difference((rest / within) ** 0.5)}).",
        )


def report_narrow_range(evidence: Evidence) -> Iterator[Finding]:
    """Say that all trials came out alike."""
    metric = evidence.frame.finished["metric"]
    spread = float(metric.max() - metric.min()) if len(metric) > 2 else np.inf
    is_auc = evidence.frame.metric_label == "AUC"
    bound = _NARROW_RANGE * abs(float(metric.median()))
    if spread <= (bound if is_auc or evidence.rope is None else evidence.rope):
        yield Finding(
            "narrow range",
            f"All {len(metric)} trials lie within {evidence.write_difference(spread)} "
            f"{evidence.frame.metric_label} of each other: the search space is too narrow, or its "
            "values do not reach the model.",
        )


def report_collapse(evidence: Evidence) -> Iterator[Finding]:
    """Name the trials whose predicted probabilities hardly vary."""
    finished = evidence.frame.finished
    finished = finished[finished["role"] != "baseline"]
    width = finished["prediction_high"] - finished["prediction_low"]
    collapsed = finished[width < COLLAPSED_RANGE]
    if len(collapsed):
        yield Finding(
            "probability collapse",
            f"The predictions of {count_noun(len(collapsed), 'trial')} span less than "
            f"{COLLAPSED_RANGE:g} (narrowest {width.min():.2f}): {_name(evidence, collapsed)}.",
        )


def report_short_trials(evidence: Evidence) -> Iterator[Finding]:
    """Name the trials that ended in their first epochs while the others trained on."""
    finished = evidence.frame.finished
    epochs = finished["epochs_run"]
    short = finished[epochs <= _SHORT_EPOCHS]
    if len(short) and epochs.median() >= _LONG_EPOCHS:
        yield Finding(
            "ended early",
            f"{count_noun(len(short), 'trial')} ended within {_SHORT_EPOCHS} epochs where the "
            f"median is {epochs.median():.0f}: {_name(evidence, short)}; the learning rate may be "
            "far too high.",
        )


def report_spikes(evidence: Evidence) -> Iterator[Finding]:
    """Name the trials whose training loss spiked."""
    finished = evidence.frame.finished
    spiky = finished[finished["loss_rise"] > SPIKE_RISE]
    if len(spiky):
        worst = format_share(float(spiky["loss_rise"].max()))
        yield Finding(
            "noisy training loss",
            f"The training loss of {count_noun(len(spiky), 'trial')} rose by more than "
            f"{format_share(SPIKE_RISE)} above its lowest value (at most by {worst}): "
            f"{_name(evidence, spiky)}; the learning rate may be too high.",
        )


def report_false_stops(evidence: Evidence) -> Iterator[Finding]:
    """Say that trials marked as stopped early ran to the last epoch."""
    finished = evidence.frame.finished
    last = finished["epochs_run"].max()
    marked = finished["stopped_early"].fillna(False).astype(bool)
    false = marked & (finished["epochs_run"] == last)
    if false.sum() > 1 and false.sum() == marked.sum():
        yield Finding(
            "contradictory record",
            f"{count_noun(int(false.sum()), 'trial')} are marked as stopped early, yet all of them "
            f"ran {last:.0f} epochs, the most of any.",
        )


def report_overfit(evidence: Evidence) -> Iterator[Finding]:
    """Say that training and validation are far apart."""
    finished = evidence.frame.finished
    gaps = evidence.frame.sign * (finished["train_metric"] - finished["metric"])
    least = _find_large_gap(evidence)
    if least is not None and len(gaps.dropna()) and gaps.median() > least:
        yield Finding(
            "overfitting",
            f"The median trial is {evidence.write_difference(float(gaps.median()))} "
            f"{evidence.frame.metric_label} better on its training rows than on validation.",
        )


def _find_large_gap(evidence: Evidence) -> float | None:
    """Return which gap between training and validation is large; None where nothing tells.

    Of shares, which most metrics are that are maximised, a tenth; of others as many ROPEs as that
    is of the AUC's.
    """
    if evidence.frame.metric_label != "AUC" and evidence.rope:
        return _OVERFIT_ROPES * evidence.rope
    return _OVERFIT_GAP if evidence.frame.sign > 0 else None


@dataclass(frozen=True, slots=True)
class ReferenceLead:
    """A baseline, a default, a control or a forced trial that is no worse than all that was tuned.

    Attributes
    ----------
    rule
        ``reference wins`` where the difference is more than its error, or there is none.
    """

    role: str
    rule: str
    sentence: str


def report_references(evidence: Evidence) -> Iterator[Finding]:
    """Say that a baseline, a default or a forced trial stands above everything that was tuned."""
    for lead in compare_references(evidence):
        yield Finding(lead.rule, lead.sentence)


def compare_references(evidence: Evidence) -> Iterator[ReferenceLead]:
    """Yield the baselines, defaults, controls and forced trials that stand above all tuned ones.

    Configurations are compared, each by the mean of its rows. It beats them where the difference is
    larger than its error.
    """
    finished = evidence.frame.finished
    means = finished.groupby(["role", "configuration"])["metric"].mean() * evidence.frame.sign
    tuned = means[means.index.get_level_values("role") == "trial"]
    for role in ("baseline", "default", "control", "forced"):
        those = means[means.index.get_level_values("role") == role]
        if those.empty or tuned.empty or those.max() < tuned.max():
            continue
        winner = those.index.get_level_values("configuration")[int(np.argmax(those))]
        first = finished[finished["configuration"] == winner].iloc[0]
        rule, verb, ending = _compare(evidence, float(those.max() - tuned.max()))
        yield ReferenceLead(
            role,
            rule,
            f"A {role} trial {verb} all {count_noun(len(tuned), 'tuned configuration')}: "
            f"{describe_trial(evidence.frame, first, with_seed=False)} has "
            f"{evidence.write(evidence.frame.sign * those.max())}, the best tuned one "
            f"{evidence.write(evidence.frame.sign * tuned.max())}{ending}.",
        )


def _compare(evidence: Evidence, difference: float) -> tuple[str, str, str]:
    """Return the rule, the verb and what is to be said of the error of a difference."""
    if difference == 0:
        return "reference wins", "equals", ""
    shown = evidence.write_difference(difference)
    if evidence.auc_error is None:
        ending = f"; whether this difference of {shown} is more than its error is not known"
        return "reference first", evidence.stands_first, ending
    error = _Z * expect_difference_error(evidence.auc_error, _UNLIKE)
    if difference > error:
        return "reference wins", "beats", ""
    ending = (
        f"; this difference of {shown} is within its error of {evidence.write_difference(error)} "
        f"(95 %, estimates correlated at {_UNLIKE:g})"
    )
    return "reference first", evidence.stands_first, ending


def _name(evidence: Evidence, rows: pd.DataFrame) -> str:
    names = [describe_trial(evidence.frame, row) for _, row in rows.head(_MOST_NAMED).iterrows()]
    rest = len(rows) - len(names)
    return join_words([*names, f"{rest} more"] if rest else names)
