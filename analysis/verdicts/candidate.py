"""The candidate: the best trial of the last set against the control, the baselines, the test."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.runs.other_metric import score_by, settle_rope
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.runs.score_table import ScoreTable, gather_scores
from analysis.runs.scoring import AnyPredictions, Scoring, stack_fits
from analysis.runs.whole import take_whole
from analysis.statistics.comparisons.challenge import Challenge, challenge_control
from analysis.statistics.comparisons.confidence_set import ConfidenceSet, find_confidence_set
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.comparisons.maximum import AdjustedMaximum, adjust_maximum
from analysis.statistics.metrics.metric import MetricEstimate
from trial_sets.records.looks import HoldoutLook
from trial_sets.study import Trial, TrialSet
from trial_sets.task import Metric

_SEED = 20_260_128  # of the draws: the same report every time
_SMALLEST_SET = 2


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """The candidates of one set against their control, with the scores that records hold."""

    set_name: str
    control: str
    names: tuple[str, ...]
    scores: tuple[float, ...]
    control_score: float
    seeds: tuple[int, ...]
    challenge: Challenge
    left_out: tuple[str, ...]

    @property
    def best(self) -> str:
        """The best candidate."""
        return self.names[self.challenge.best]


@dataclass(frozen=True, slots=True)
class Rival:
    """A baseline beside the best trial of the run: how much better the trial is."""

    name: str
    score: float
    contrast: Contrast | None


@dataclass(frozen=True, slots=True)
class HoldoutResult:
    """One trial's evaluation on the test period, against its control and the baselines."""

    trial: str
    score: float
    control: str | None
    control_score: float | None
    contrast: Contrast | None
    n_seeds: int
    rivals: tuple[Rival, ...] = ()  # with their scores of the test rows, the best first


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Everything that speaks for or against a new champion.

    Scores are as records hold them, of a loss the less the better. In what compares them, the
    challenge, `maximum`, `confidence_set` and contrasts, more is better.

    Attributes
    ----------
    metric : Metric
        That they are of.
    against : Against or None
        None where no set has been run together with its control.
    maximum : AdjustedMaximum or None
        Over all trials of the run.
    names : tuple of str
        The trials that `maximum` and `confidence_set` count, in their order.
    scores : tuple of float
        Their mean scores.
    levels : tuple of float or None
        The same without what the choice of the epoch has added; None where it is not known.
    folds : tuple of int
        The folds that have fits; none in a run without folds.
    fold_scores : tuple of tuple of float
        The same by fold; empty tuples in a run without folds.
    is_cross_fitted : bool
        Whether differences are of epochs chosen on other rows than they are scored on.
    rivals : tuple of Rival
        The baselines, the best first.
    looks : tuple of HoldoutLook
        Every look at this test period.
    """

    metric: Metric
    against: Against | None
    maximum: AdjustedMaximum | None
    confidence_set: ConfidenceSet | None
    names: tuple[str, ...]
    scores: tuple[float, ...]
    levels: tuple[float | None, ...]
    folds: tuple[int, ...]
    fold_scores: tuple[tuple[float, ...], ...]
    is_cross_fitted: bool
    n_seeds: int
    left_out: tuple[str, ...]
    rivals: tuple[Rival, ...]
    tests: tuple[HoldoutResult, ...]
    looks: tuple[HoldoutLook, ...]

    @property
    def best_name(self) -> str | None:
        """The best trial of the run."""
        return None if self.maximum is None else self.names[self.maximum.best]

    @property
    def best_score(self) -> float | None:
        """The best trial's mean score on all rows."""
        return None if self.maximum is None else self.metric.sign * self.maximum.maximum

    @property
    def adjusted_score(self) -> float | None:
        """What remains of it on rows and seeds that did not choose the trial."""
        found = None if self.maximum is None else self.maximum.adjusted
        return None if found is None else self.metric.sign * found


def weigh_candidate(
    run: Run,
    rope: float | None = None,
    *,
    is_staged: bool = False,
    metric: Metric | None = None,
) -> Candidate:
    """Weigh the run's best trials.

    The candidates are the trials of the last set, in study order, that was run together with its
    control: the set in which a study combines what its other sets found.

    Parameters
    ----------
    rope
        Instead of the study's, in units of the metric.
    is_staged
        Whether claims were stopped at looks, so that trials have different numbers of seeds.
    metric
        Instead of the study's; see `analysis.runs.other_metric`. It needs a `rope`.

    Raises
    ------
    InputError
        If another metric comes without a ROPE.
    """
    chosen = settle_rope(run, rope, metric)
    run = score_by(run, metric)
    horizon = run.horizon_rows
    table = gather_scores(run.trained, is_staged=is_staged)
    maximum = found = None
    selected = None if table is None else table.estimate(horizon, Scoring.SELECTED)
    crossed = None if table is None else table.estimate(horizon, Scoring.CROSS_FITTED)
    judged = crossed or selected
    if selected is not None and judged is not None:
        maximum = adjust_maximum(selected, horizon_rows=horizon)
        rng = np.random.default_rng(_SEED)
        if len(judged.values) >= _SMALLEST_SET:
            found = find_confidence_set(judged, horizon_rows=horizon, rng=rng)
    return Candidate(
        metric=run.metric,
        against=_challenge(run, chosen, is_staged),
        maximum=maximum,
        confidence_set=found,
        names=() if table is None else table.names,
        scores=() if table is None else _mean_scores(run.trained, table.keys, table.seeds),
        levels=() if table is None else _measure_levels(table, horizon, run.metric.sign),
        folds=tuple(fold for fold in run.info.data.fold_numbers if fold is not None),
        fold_scores=() if selected is None else _average_folds(selected, run.metric.sign),
        is_cross_fitted=crossed is not None,
        n_seeds=0 if table is None else len(table.seeds),
        left_out=() if table is None else table.left_out,
        rivals=_list_rivals(run, table, maximum),
        tests=tuple(_list_holdouts(run)),
        looks=run.looks,
    )


def _mean_scores(
    fits: Iterable[RunFit], keys: tuple[str, ...], seeds: tuple[int, ...]
) -> tuple[float, ...]:
    found = {(fit.record.key, fit.record.seed): fit.score for fit in fits}
    return tuple(float(np.mean([found[key, seed] for seed in seeds])) for key in keys)


def _measure_levels(
    table: ScoreTable, horizon_rows: int | None, sign: int
) -> tuple[float | None, ...]:
    """Return each trial's mean score with every row left out of the choice of its epoch."""
    by_trial = [
        take_whole(fit.measure_level(horizon_rows) if fit.is_scorable else None for fit in trial)
        for trial in table.predictions
    ]
    return tuple(None if levels is None else sign * float(np.mean(levels)) for levels in by_trial)


def _average_folds(selected: MetricEstimate, sign: int) -> tuple[tuple[float, ...], ...]:
    """Return each trial's mean over seeds on each fold."""
    if selected.fold_values is None:
        return ((),) * len(selected.values)
    means = sign * selected.fold_values.mean(axis=1)
    return tuple(tuple(trial) for trial in means.tolist())


def _challenge(run: Run, rope: float, is_staged: bool) -> Against | None:
    for trial_set in reversed(run.info.study.sets):
        if trial_set.control is None:
            continue
        control = run.info.study.find_trial(trial_set.control)
        against = _challenge_set(run, trial_set, control, rope, is_staged=is_staged)
        if against is not None:
            return against
    return None


def _challenge_set(
    run: Run, trial_set: TrialSet, control: Trial, rope: float, *, is_staged: bool
) -> Against | None:
    """Compare a set's trials with their control, where both have predictions of one list."""
    key = control.configuration.key
    wanted = {trial.configuration.key: trial.name for trial in trial_set.trials}
    fits = [f for f in run.trained if f.record.key in wanted or f.record.key == key]
    table, horizon = gather_scores(fits, always=key, is_staged=is_staged), run.horizon_rows
    judged = None if table is None else table.estimate_judged(horizon)
    if table is None or judged is None or len(table.keys) < _SMALLEST_SET:
        return None
    rivals = tuple(one for one in table.keys if one != key)
    challenge = challenge_control(
        judged.select([table.keys.index(one) for one in rivals]),
        judged.select(table.keys.index(key)),
        horizon_rows=horizon,
        rope=rope,
        rng=np.random.default_rng(_SEED),
    )
    return Against(
        set_name=trial_set.name,
        control=control.name,
        names=tuple(wanted[one] for one in rivals),
        scores=_mean_scores(fits, rivals, table.seeds),
        control_score=_mean_scores(fits, (key,), table.seeds)[0],
        seeds=table.seeds,
        challenge=challenge,
        left_out=table.left_out,
    )


def _list_rivals(
    run: Run, table: ScoreTable | None, maximum: AdjustedMaximum | None
) -> tuple[Rival, ...]:
    """Return the baselines, each with the contrast of the best trial against it."""
    rivals = []
    for fit in run.baselines:
        contrast = None
        if table is not None and maximum is not None and fit.predictions is not None:
            contrast = _contrast_baseline(run, table, maximum.best, fit.predictions)
        rivals.append(Rival(fit.record.key, fit.score, contrast))
    return tuple(rivals)


def _contrast_baseline(
    run: Run, table: ScoreTable, best: int, baseline: AnyPredictions
) -> Contrast | None:
    """Compare the best trial with a baseline, which has no seeds, on the same rows."""
    if not baseline.covers_same_rows(table.predictions[0][0]):
        return None
    horizon, sides = run.horizon_rows, [table.predictions[best]]
    sides.append((baseline,) * len(table.seeds))
    judged = stack_fits(sides, Scoring.CROSS_FITTED, horizon)
    judged = judged or stack_fits(sides, Scoring.SELECTED, horizon)
    if judged is None:
        return None
    return contrast_trials(judged.select([0]), judged.select([1]), horizon_rows=horizon)


def _list_holdouts(run: Run) -> Iterable[HoldoutResult]:
    """Yield what each evaluation on the test period came to."""
    for look in run.looks:
        if look.run != run.info.run or look.finished is None:
            continue
        fits = {f.record.seed: f for f in run.tests if f.record.key == look.key and f.predictions}
        seeds = [seed for seed in look.seeds if seed in fits]
        if not seeds:
            continue
        trial = run.info.study.find_trial(look.trial)
        control = run.info.study.control_of(trial)
        name = run.metric.key("test")
        scores = [fits[seed].record.metrics.get(name) for seed in seeds]
        held = _list_control_fits(run, control, look, seeds)
        held_scores = [fit.record.metrics.get(name) for fit in held]
        yield HoldoutResult(
            trial=look.trial,
            score=_mean_known(scores),
            control=control.name if control and held else None,
            control_score=_mean_known(held_scores) if held else None,
            contrast=_contrast_holdout(run, [fits[seed] for seed in seeds], held),
            n_seeds=len(seeds),
            rivals=_list_test_rivals(run, [fits[seed] for seed in seeds]),
        )


def _list_test_rivals(run: Run, fits: list[RunFit]) -> tuple[Rival, ...]:
    """Return the baselines on the test rows, each with the contrast of a trial against it."""
    name, sign = run.metric.key("test"), run.metric.sign
    found = [
        Rival(fit.record.key, score, _contrast_holdout(run, fits, [fit] * len(fits)))
        for fit in run.tests
        if fit.record.kind == "baseline" and (score := fit.record.metrics.get(name)) is not None
    ]
    return tuple(sorted(found, key=lambda rival: -sign * rival.score))


def _mean_known(scores: Iterable[float | None]) -> float:
    return float(np.mean([score for score in scores if score is not None]))


def _list_control_fits(
    run: Run, control: Trial | None, look: HoldoutLook, seeds: list[int]
) -> list[RunFit]:
    """Return the control's test fits with the same seeds, or none if one is missing."""
    if control is None or control.configuration.key == look.key:
        return []
    key = control.configuration.key
    found = {f.record.seed: f for f in run.tests if f.record.key == key and f.predictions}
    return [found[seed] for seed in seeds] if set(seeds) <= set(found) else []


def _contrast_holdout(run: Run, fits: list[RunFit], held: list[RunFit]) -> Contrast | None:
    horizon, sides = run.horizon_rows, [[f.predictions for f in s] for s in (fits, held)]
    known = [one for side in sides for one in side if one is not None]
    if len(known) < 2 * len(fits) or any(not known[0].covers_same_rows(one) for one in known):
        return None
    scored = stack_fits(sides, Scoring.SELECTED, horizon)
    if scored is None:
        return None
    return contrast_trials(scored.select([0]), scored.select([1]), horizon_rows=horizon)
