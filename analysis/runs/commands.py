"""The command lines that would complete or decide what a run left open.

They are the run's own: whatever identifies it is asked for again, as run.json keeps it.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.runs.run import Run
from trial_sets.files import TIERS
from trial_sets.loading.study_folder import BUILT_IN, list_studies, load_study
from trial_sets.opening import hash_file
from trial_sets.records.layout import Outputs, RunLayout
from trial_sets.records.request import DataRequest, RunRequest, StudyOverrides
from trial_sets.records.run_info import RunInfo
from trial_sets.redaction import hide_home, quote_word
from trial_sets.study import Study

COMMAND = "run_supplementary"
EMBEDDED = "sp500"
UNKNOWN = "AND-ITS-OTHER-OPTIONS"  # to be filled in: the run does not record them


def write_command(run: Run, names: Iterable[str], n_seeds: int) -> str:
    """Return the command that runs these trials of a run's study with its first seeds.

    What a run from before its request was kept does not record stands in capitals.
    """
    chosen = _select(run.info.study, tuple(names))
    return _join(run, [*chosen, "--seeds", str(n_seeds)])


def write_decision_command(run: Run, set_name: str, *, despite_futility: bool = False) -> str:
    """Return the command that goes on with a set's claims until they are decided.

    Parameters
    ----------
    despite_futility
        Also with those that were stopped since they would hardly be confirmed.
    """
    more = ["--no-futility"] if despite_futility else []
    return _join(run, ["--set", set_name, "--until-decided", *more])


def write_file_command(
    run: Run,
    file: Path,
    words: Sequence[str],
    epochs: int | None = None,
    *,
    folds: int | None = None,
) -> str | None:
    """Return the command that does something with a file's trials in a run's study.

    None where the run does not record what was asked for.

    Parameters
    ----------
    words
        What to do: how many seeds, or which trial's look at the test period.
    epochs
        Of every trial, where they are not the run's.
    folds
        That were asked for, whatever the run has: a search has none itself.
    """
    if run.info.request is None:
        return None
    run = _ask_folds(run, folds)
    here = Path(os.path.relpath(file)) if file.is_absolute() else file
    return _join(run, ["--trials", str(here), *words], epochs)


def write_test_command(run: Run, name: str, epochs: int | None = None) -> str:
    """Return the command that evaluates a trial on the test period.

    Parameters
    ----------
    epochs
        That it is retrained with, where they are not the run's.
    """
    return _join(run, ["--evaluate-test", name], epochs)


def write_retraining(run: Run, name: str, epochs: int) -> str | None:
    """Return the command that trains a trial and its control longer, with all seeds of the study.

    None where the run does not record what was asked for.
    """
    if run.info.request is None:
        return None
    study = run.info.study
    return _join(run, [*study.select_with_control(name), "--seeds", str(len(study.seeds))], epochs)


def write_study_command(run: Run | None, study: Path, words: Iterable[str]) -> str:
    """Return the command that does something with another study on a run's data, as the run did.

    The other study says its folds itself.

    Parameters
    ----------
    run
        None for what is not known of any run of ours.
    study
        The folder of the other study.
    """
    if run is None:
        return " ".join(map(quote_word, [COMMAND, "--study", str(study), *words]))
    return _join(_ask_folds(run, None), list(words), study=study)


def count_seeds_up_to(study: Study, seeds: Iterable[int]) -> int:
    """Return the N for which ``--seeds N`` holds all these seeds; at least one."""
    places = [study.seeds.index(seed) + 1 for seed in seeds if seed in study.seeds]
    return max(places, default=1)


def _ask_folds(run: Run, folds: int | None) -> Run:
    """Return a run whose request has other folds."""
    request = run.info.request
    if request is None or request.folds == folds:
        return run
    asked = request.model_copy(update={"folds": folds})
    return replace(run, info=run.info.model_copy(update={"request": asked}))


def _join(run: Run, words: list[str], epochs: int | None = None, study: Path | None = None) -> str:
    info, outputs = run.info, RunLayout(run.folder).outputs
    request = info.request
    if request is not None and epochs is not None:
        overrides = request.overrides.model_copy(update={"epochs": epochs})
        request = request.model_copy(update={"overrides": overrides})
    located = None if request is None else _locate(run.folder, request)
    if located is not None and study is not None:
        located = located.model_copy(update={"study": str(study), "sets_file": None})
    if located is not None:
        options = located.render()
    else:
        options = _guess_request(info) if study is None else ["--study", str(study), UNKNOWN]
    words = [COMMAND, *words, *options]
    words += [] if outputs == Outputs() else ["--output", str(outputs.path)]
    return " ".join(map(quote_word, words))


def doubt_data(run: Run) -> str | None:
    """Say that the commands would start another run, where the data's file is not as it was."""
    request = run.info.request
    if request is None or request.data.path is None or request.data_sha256 is None:
        return None
    path = _locate(run.folder, request).data.path
    assert path is not None
    if (found := hash_file(path)) is None:
        return f"The data file {hide_home(str(path))} is not there: the commands need it."
    changed = "has changed since the run was made: the commands would start another run"
    is_same = found == request.data_sha256
    return None if is_same else f"The data file {hide_home(str(path))} {changed}."


def _locate(folder: Path, request: RunRequest) -> RunRequest:
    return request.located(folder, study_is_folder=request.study not in list_studies())


def _select(study: Study, names: tuple[str, ...]) -> list[str]:
    """Choose sets where these hold all the trials, else the trials one by one."""
    trials = [study.find_trial(name) for name in names]
    sets = list(dict.fromkeys(t.set_name for t in trials if t.set_name is not None))
    brought = {study.find_set(name).control for name in sets}
    alone = [t.name for t in trials if t.is_control and t.name not in brought]
    if alone:
        return [word for name in names for word in ("--trial", name)]
    return ["--set", ",".join(sets)]


def _guess_request(info: RunInfo) -> list[str]:
    """Return the options of a run from before its request was kept, as far as it tells.

    Its label rule is known, but not its splits, nor how its data was read.
    """
    study, data = info.study, info.data
    built_in = study.name in list_studies()
    usual = load_study(BUILT_IN / study.name).label if built_in else None
    rule = study.label.model_dump()
    request = RunRequest(
        study=study.name if built_in else f"FOLDER/{study.name}",
        data=DataRequest(
            path=None if data.name == EMBEDDED else Path(f"FOLDER/{data.name}.csv"),
            tier=data.tier if data.tier != study.tier and data.tier in TIERS else None,
            **{
                name: value
                for name, value in rule.items()
                if name in DataRequest.model_fields
                and (usual is None or value != getattr(usual, name))
            },
        ),
        overrides=StudyOverrides.model_validate(info.overrides),
        trainer=info.trainer,
        precision=info.precision,
    )
    return [*request.render(), UNKNOWN]
