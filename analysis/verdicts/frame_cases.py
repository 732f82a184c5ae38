"""What the results of another tool know about a study's expectations: shown, never judged."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.frames.frame import TrialFrame
from analysis.numbers import format_value
from analysis.verdicts.checklist import Case, Checklist, Observation, draw_up_checklist
from analysis.verdicts.verdict import Missing
from trial_sets.claim import Claim
from trial_sets.errors import InputError, suggest
from trial_sets.loading.study_folder import BUILT_IN, find_study, is_study, list_studies, load_study
from trial_sets.records.request import DEFAULT_STUDY
from trial_sets.study import Study, Trial
from trial_sets.wording import join_words


def find_matching_study(frame: TrialFrame, named: str | None) -> Study | None:
    """Return the study that results are held against.

    Parameters
    ----------
    named
        A built-in study's name or a folder. Without it, or where it is the name of the Optuna study
        that was read, a50 where the trials bear its names.

    Raises
    ------
    InputError
        If the named study does not exist or is not valid.
    """
    if named is not None and named not in frame.studies:
        return load_study(_find_study(named, frame.studies))
    if DEFAULT_STUDY not in list_studies():
        return None
    study = load_study(BUILT_IN / DEFAULT_STUDY)
    names = {trial.name for trial in study.trials()}
    found = set(frame.rows["trial"].dropna()) & names
    return study if len(found) >= 2 else None


def _find_study(named: str, read: tuple[str, ...]) -> Path:
    """Return the folder of a study of ours; the error knows the Optuna studies too."""
    if read and not is_study(named):
        ending = suggest(named, {*read, *list_studies()})
        raise InputError(
            f"there is no study {named!r}: what was read is {join_words(list(read))}{ending}"
        )
    return find_study(named)


def show_expectations(frame: TrialFrame, study: Study, rope: float | None = None) -> Checklist:
    """Set a study's expectations beside the results; without predictions none can be judged."""
    cases = [
        _open_case(frame, study, trial_set.name, expectation)
        for trial_set, expectation in study.expectations()
    ]
    return draw_up_checklist(cases, study.rope if rope is None else rope)


def _open_case(frame: TrialFrame, study: Study, set_name: str, expectation: Claim) -> Case:
    names = (*expectation.better, *expectation.than)
    rows = {name: frame.finished[frame.finished["trial"] == name] for name in names}
    seeds = {int(seed) for found in rows.values() for seed in found["seed"].dropna()}
    return Case(
        set_name=set_name,
        expectation=expectation,
        evidence=Missing(_list_reasons(frame, study, rows, len(seeds))),
        last_epoch=None,
        observation=_observe(frame, rows, expectation),
        seeds=tuple(sorted(seeds)),
    )


def _list_reasons(
    frame: TrialFrame, study: Study, rows: dict[str, pd.DataFrame], n_seeds: int
) -> tuple[str, ...]:
    reasons = [f"{name} is not among the results" for name, found in rows.items() if found.empty]
    for name, found in rows.items():
        trial = _find(study, name)
        other = [d for _, row in found.iterrows() if (d := _list_differences(frame, row, trial))]
        if other:
            reasons.append(f"{name} is another configuration than the study's ({other[0]})")
    if any(len(found) for found in rows.values()):
        reasons.append("the results hold no predictions")
        if n_seeds < 2:
            reasons.append("one seed" if n_seeds else "no seed is recorded, so one is assumed")
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
    expected = trial.configuration.model_dump()
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


def _observe(
    frame: TrialFrame, rows: dict[str, pd.DataFrame], expectation: Claim
) -> Observation | None:
    """Return the difference of the means, in the metric's own direction turned to a gain."""
    sides = [
        [float(rows[name]["metric"].mean()) * frame.sign for name in side if len(rows[name])]
        for side in (expectation.better, expectation.than)
    ]
    if not all(sides):
        return None
    better, than = sides
    return Observation(float(np.mean(better)), float(np.mean(than)), len(better), len(than))
