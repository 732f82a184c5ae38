"""The command lines that would complete or decide what a run left open."""

import shlex
from collections.abc import Iterable
from pathlib import Path

from analysis.runs.run import Run
from trial_sets.loading.study_folder import list_studies
from trial_sets.study import Study

EMBEDDED = "sp500"
_DEFAULT_STUDY = "a50"
_DEFAULT_OUTPUT = "outputs"


def write_command(run: Run, names: Iterable[str], n_seeds: int) -> str:
    """Return the command that runs these trials of a run's study with its first seeds.

    What a run does not record stands in capitals: the path of its data.
    """
    study = run.info.study
    words = ["run_supplementary", *_select(study, tuple(names)), "--seeds", str(n_seeds)]
    return " ".join([*map(shlex.quote, words), *_list_circumstances(run)])


def write_test_command(run: Run, name: str) -> str:
    """Return the command that evaluates a trial on the test period."""
    words = ["run_supplementary", "--evaluate-test", name]
    return " ".join([*map(shlex.quote, words), *_list_circumstances(run)])


def count_seeds_up_to(study: Study, seeds: Iterable[int]) -> int:
    """Return the N for which ``--seeds N`` holds all these seeds; at least one."""
    places = [study.seeds.index(seed) + 1 for seed in seeds if seed in study.seeds]
    return max(places, default=1)


def _select(study: Study, names: tuple[str, ...]) -> list[str]:
    """Choose sets where these hold all the trials, else the trials one by one."""
    trials = [study.find_trial(name) for name in names]
    sets = list(dict.fromkeys(t.set_name for t in trials if t.set_name is not None))
    brought = {study.find_set(name).control for name in sets}
    alone = [t.name for t in trials if t.is_control and t.name not in brought]
    if alone:
        return [word for name in names for word in ("--trial", name)]
    return ["--set", ",".join(sets)]


def _list_circumstances(run: Run) -> list[str]:
    """Return the options without which the command would start another run."""
    info, words = run.info, []
    if info.study.name != _DEFAULT_STUDY:
        is_built_in = info.study.name in list_studies()
        words += ["--study", info.study.name if is_built_in else f"FOLDER/{info.study.name}"]
    if info.data.name != EMBEDDED:
        words += ["--data", f"FOLDER/{info.data.name}.csv"]
    if info.data.tier != info.study.tier:
        words += ["--tier", info.data.tier]
    for name, value in info.overrides.items():
        words += [f"--{name}", str(value)]
    if info.trainer is not None:
        words += ["--trainer", info.trainer]
    output = run.folder.parent.parent
    if output != Path(_DEFAULT_OUTPUT):
        words += ["--output", str(output)]
    return [shlex.quote(word) for word in words]
