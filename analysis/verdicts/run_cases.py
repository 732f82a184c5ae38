"""What a run knows about each expectation of its study."""

import numpy as np

from analysis.runs.commands import count_seeds_up_to, write_command
from analysis.runs.predictions import Predictions
from analysis.runs.run import Run, RunFit
from analysis.runs.score_table import ScoreTable, gather_scores, stack_aucs
from analysis.statistics.contrast import Contrast, contrast_trials
from analysis.statistics.metric import stack_estimates
from analysis.statistics.power import count_deciding_seeds
from analysis.verdicts.checklist import Advice, Case, Checklist, Observation, draw_up_checklist
from analysis.verdicts.gaps import list_gaps
from analysis.verdicts.verdict import Judgement, Missing, Verdict
from trial_sets.configuration import Configuration
from trial_sets.files import Expectation
from trial_sets.study import TrialSet
from trial_sets.wording import join_words

_SEEDS_TO_DECIDE = 5


def judge_run(run: Run, rope: float | None = None) -> Checklist:
    """Judge every expectation that the run's study declares.

    Parameters
    ----------
    rope
        Instead of the study's, in AUC.
    """
    study = run.info.study
    chosen = study.rope if rope is None else rope
    table = gather_scores(run.trained)
    cases = [_open_case(run, table, *declared) for declared in study.expectations()]

    def advise(case: Case, judgement: Judgement) -> Advice:
        return _advise(run, case, chosen, judgement.verdict)

    return draw_up_checklist(cases, chosen, advise)


def _open_case(
    run: Run, table: ScoreTable | None, trial_set: TrialSet, expectation: Expectation
) -> Case:
    names = (*expectation.better, *expectation.than)
    unknown = _list_unknown(run, names)
    if unknown:
        missing = Missing((f"{join_words(unknown)}: no trial of the study has this name",))
        return Case(trial_set.name, expectation, missing, None, None, ())
    fits = {name: run.list_fits(_find(run, name).key) for name in names}
    seeds = tuple(sorted({seed for found in fits.values() for seed in found}))
    reasons = list_gaps(run, {name: (_find(run, name), fits[name]) for name in names}, seeds)
    evidence: Contrast | Missing = Missing(reasons)
    last_epoch = None
    if not reasons:
        evidence, last_epoch = _contrast(run, table, expectation, fits, seeds)
    return Case(
        set_name=trial_set.name,
        expectation=expectation,
        evidence=evidence,
        last_epoch=last_epoch,
        observation=_observe(fits, expectation),
        seeds=seeds,
    )


def _contrast(
    run: Run,
    table: ScoreTable | None,
    expectation: Expectation,
    fits: dict[str, dict[int, RunFit]],
    seeds: tuple[int, ...],
) -> tuple[Contrast | Missing, Contrast | None]:
    """Compute a claim whose every fit is there, at the selected and at the last epoch."""
    predictions = [
        [[fits[name][seed].predictions for seed in seeds] for name in side]
        for side in (expectation.better, expectation.than)
    ]
    every = [one for side in predictions for trial in side for one in trial if one is not None]
    if any(not every[0].covers_same_rows(one) for one in every):
        return Missing(("the fits were scored on different rows",)), None
    if not every[0].is_scorable:
        n, m = every[0].labels.size, int(every[0].labels.sum())
        reason = f"{m} positive and {n - m} negative rows: an AUC's error needs two of each"
        return Missing((reason,)), None
    horizon = run.info.study.label.horizon
    aucs = [stack_aucs([[p for p in trial if p] for trial in side]) for side in predictions]
    pool = None if table is None else table.pool_seeds(horizon)
    contrast = contrast_trials(*aucs, horizon_rows=horizon, pool=pool)
    return contrast, _contrast_last(table, predictions, horizon)


def _contrast_last(
    table: ScoreTable | None,
    predictions: list[list[list[Predictions | None]]],
    horizon_rows: int,
) -> Contrast | None:
    """Return the contrast of the last epochs' scores, where every fit has them."""
    sides = [
        [[p.last_auc for p in trial if p and p.last_auc is not None] for trial in side]
        for side in predictions
    ]
    if any(len(trial) != len(sides[0][0]) or not trial for side in sides for trial in side):
        return None
    aucs = [stack_estimates([stack_estimates(trial) for trial in side]) for side in sides]
    pool = None if table is None else table.pool_seeds(horizon_rows, is_last=True)
    return contrast_trials(*aucs, horizon_rows=horizon_rows, pool=pool)


def _list_unknown(run: Run, names: tuple[str, ...]) -> list[str]:
    known = {trial.name.casefold() for trial in run.info.study.trials()}
    return [name for name in names if name.casefold() not in known]


def _find(run: Run, name: str) -> Configuration:
    return run.info.study.find_trial(name).configuration


def _observe(fits: dict[str, dict[int, RunFit]], expectation: Expectation) -> Observation | None:
    """Return the difference of the means over whatever is complete."""
    sides = []
    for names in (expectation.better, expectation.than):
        done = [[fit.val_auc for fit in fits[n].values() if fit.is_complete] for n in names]
        sides.append([float(np.mean(aucs)) for aucs in done if aucs])
    if not all(sides):
        return None
    better, than = sides
    return Observation(float(np.mean(better)), float(np.mean(than)), len(better), len(than))


def _advise(run: Run, case: Case, rope: float, verdict: Verdict) -> Advice:
    """Name the command that would complete a pending claim or decide an open one."""
    study = run.info.study
    names = (*case.expectation.better, *case.expectation.than)
    if _list_unknown(run, names):
        return Advice()
    if isinstance(case.evidence, Missing):
        n_seeds = count_seeds_up_to(study, case.seeds)
        return Advice(write_command(run, names, n_seeds), "completes it")
    if verdict is not Verdict.INCONCLUSIVE:
        return Advice()
    wanted = _count_seeds(case.evidence, rope)
    if wanted is None:
        return Advice(text="no number of seeds up to 30 would decide it; more rows might")
    if wanted > len(study.seeds):
        seeds = f"{wanted} seeds may decide it; the study declares {len(study.seeds)}"
        return Advice(text=seeds)
    return Advice(write_command(run, names, wanted), f"{wanted} seeds may decide it")


def _count_seeds(contrast: Contrast, rope: float) -> int | None:
    if contrast.is_provisional:
        return _SEEDS_TO_DECIDE
    return count_deciding_seeds(contrast, rope=rope)
