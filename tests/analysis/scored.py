"""The comparisons of trials, straight from their scores."""

from typing import Any

from numpy.typing import ArrayLike

from analysis.statistics.comparisons.challenge import Challenge, challenge_control
from analysis.statistics.comparisons.confidence_set import ConfidenceSet, find_confidence_set
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.comparisons.maximum import AdjustedMaximum, adjust_maximum
from analysis.statistics.comparisons.trial_pairs import TrialPairs, pair_trials
from analysis.statistics.metrics.auc import estimate_auc


def contrast_scores(
    labels: ArrayLike, candidates: ArrayLike, references: ArrayLike, **options: Any
) -> Contrast:
    sides = (estimate_auc(labels, side) for side in (candidates, references))
    return contrast_trials(*sides, **options)


def challenge_scores(
    labels: ArrayLike, candidates: ArrayLike, control: ArrayLike, **options: Any
) -> Challenge:
    sides = (estimate_auc(labels, side) for side in (candidates, control))
    return challenge_control(*sides, **options)


def pair_scores(labels: ArrayLike, scores: ArrayLike, **options: Any) -> TrialPairs:
    return pair_trials(estimate_auc(labels, scores), **options)


def adjust_scores(labels: ArrayLike, scores: ArrayLike, **options: Any) -> AdjustedMaximum:
    return adjust_maximum(estimate_auc(labels, scores), **options)


def find_set_of_scores(labels: ArrayLike, scores: ArrayLike, **options: Any) -> ConfidenceSet:
    return find_confidence_set(estimate_auc(labels, scores), **options)
