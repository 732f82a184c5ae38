"""What the results of another tool, without predictions, know about a study's claims."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.frames.frame import TrialFrame
from analysis.numbers import format_value
from analysis.verdicts.checklist import Case, Checklist, draw_up_checklist
from analysis.verdicts.claim_test import weigh_seeds
from analysis.verdicts.dating import FOREIGN, DatedClaims
from analysis.verdicts.margins import scale_value
from analysis.verdicts.observation import observe
from analysis.verdicts.verdict import ClaimTest, Missing
from trial_sets.claim import Claim
from trial_sets.claims.binding import BoundClaim, bind_claim
from trial_sets.errors import InputError, suggest
from trial_sets.loading.study_folder import BUILT_IN, find_study, is_study, list_studies, load_study
from trial_sets.records.request import DEFAULT_STUDY
from trial_sets.study import Study, Trial, TrialSet
from trial_sets.task import Metric
from trial_sets.wording import join_words

_FEWEST_SEEDS = 2
_FEWEST_NAMES = 2


def find_matching_study(
    names: Iterable[str], named: str | None, read: tuple[str, ...] = ()
) -> Study | None:
    """Return the study that results are held against.

    Parameters
    ----------
    names
        Of the trials that were read.
    named
        A built-in study's name or a folder. Without it, or where it is the name of the Optuna study
        that was read, a50 where the trials bear its names.
    read
        The Optuna studies of what was read.

    Raises
    ------
    InputError
        If the named study does not exist or is not valid.
    """
    if named is not None and named not in read:
        return load_study(_find_study(named, read))
    if DEFAULT_STUDY not in list_studies():
        return None
    study = load_study(BUILT_IN / DEFAULT_STUDY)
    known = {trial.name for trial in study.trials()}
    return study if len(known & set(names)) >= _FEWEST_NAMES else None


def _find_study(named: str, read: tuple[str, ...]) -> Path:
    """Return the folder of a study of ours; the error knows the Optuna studies too."""
    if read and not is_study(named):
        ending = suggest(named, {*read, *list_studies()})
        raise InputError(
            f"there is no study {named!r}: what was read is {join_words(list(read))}{ending}"
        )
    return find_study(named)


def show_claims(frame: TrialFrame, study: Study, rope: float | None = None) -> Checklist:
    """Set a study's claims beside the results.

    Without predictions nothing accounts for the rows: several seeds give an interval of the seeds
    alone, and no claim is more than inconclusive.
    """
    chosen = study.rope if rope is None else rope
    cases = [_open_case(frame, study, *declared, chosen) for declared in study.expectations()]
    dated = DatedClaims((FOREIGN,) * len(cases))
    return draw_up_checklist(cases, chosen, dated, [None] * len(cases))


def _open_case(
    frame: TrialFrame, study: Study, trial_set: TrialSet, claim: Claim, rope: float
) -> Case:
    bound = bind_claim(study, trial_set, claim)
    rows = {t.name: frame.finished[frame.finished["trial"] == t.name] for t in bound.trials}
    column = _find_column(frame, claim, study.metric)
    results = {
        trial.configuration.key: _list_results(bound, rows[trial.name], column)
        for trial in bound.trials
    }
    reasons = _list_reasons(frame, study, rows)
    if column is None:
        about = study.metric.title if claim.is_of_study_metric else claim.metric
        reasons = (*reasons, f"the results hold {frame.metric}, and the claim is about {about}")
    seeds = sorted(set[int].intersection(*(set(found) for found in results.values())))
    test: ClaimTest | Missing = Missing(reasons)
    if not reasons and len(seeds) < _FEWEST_SEEDS:
        test = Missing((_describe_seeds(frame, rows),))
    elif not reasons:
        test = weigh_seeds(bound, results, seeds, rope=rope)
    return Case(
        set_name=trial_set.name,
        claim=claim,
        bound=bound,
        test=test,
        observation=observe(bound, results),
        seeds=tuple(seeds),
        study_metric=study.metric,
    )


def _find_column(frame: TrialFrame, claim: Claim, study_metric: Metric) -> str | None:
    """Return the column that holds what a claim is about, if one does."""
    if claim.is_of_study_metric:
        return "metric" if frame.direction == study_metric.direction else None
    if claim.metric in {frame.metric, frame.metric_label}:
        return "metric"
    name = claim.metric or ""
    column = {"seconds": "duration_s"}.get(name, name)
    return column if column in frame.rows.columns else None


def _list_results(bound: BoundClaim, rows: pd.DataFrame, column: str | None) -> dict[int, float]:
    """Return a trial's results by seed, in units of the estimate; one without a seed has seed 0."""
    if column is None:
        return {}
    seeds = rows["seed"].fillna(0).astype("int64")
    values = pd.to_numeric(rows[column], errors="coerce").groupby(seeds).mean().dropna()
    scaled = {
        int(seed): scale_value(bound, float(value))
        for seed, value in zip(values.index.to_numpy(), values.to_numpy(), strict=True)
    }
    return {seed: value for seed, value in scaled.items() if np.isfinite(value)}


def _describe_seeds(frame: TrialFrame, rows: dict[str, pd.DataFrame]) -> str:
    """Say why there are too few seeds for an interval."""
    has_seeds = any(found["seed"].notna().any() for found in rows.values())
    seeds = "one seed that all its trials have" if has_seeds else "no seed is recorded"
    return f"the results hold no predictions, and {seeds}: nothing tells how large the noise is"


def _list_reasons(
    frame: TrialFrame, study: Study, rows: dict[str, pd.DataFrame]
) -> tuple[str, ...]:
    reasons = [f"{name} is not among the results" for name, found in rows.items() if found.empty]
    for name, found in rows.items():
        trial = _find(study, name)
        other = [d for _, row in found.iterrows() if (d := _list_differences(frame, row, trial))]
        if other:
            reasons.append(f"{name} is another configuration than the study's ({other[0]})")
    return tuple(reasons)


def _find(study: Study, name: str) -> Trial | None:
    try:
        return study.find_trial(name)
    except InputError:
        return None


def _list_differences(frame: TrialFrame, row: pd.Series, trial: Trial | None) -> str:
    """Name the hyperparameters of a row that are not those of the study's trial."""
    if trial is None:
        return ""
    expected = trial.configuration.settings
    shared = [name for name in frame.params if name in expected and pd.notna(row[name])]
    changed = [name for name in shared if not _is_equal(row[name], expected[name])]
    return join_words([f"{n} {_show(row[n])} instead of {_show(expected[n])}" for n in changed])


def _is_equal(found: object, expected: object) -> bool:
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return bool(np.isclose(found, expected, rtol=1e-9, atol=0))
    return str(found).lower() == str(expected).lower()


def _show(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_value(float(value), is_whole=float(value).is_integer() and value != 0)
    return str(value)
