"""The command lines that would complete or decide what a run left open.

They are the run's own: whatever identifies it is asked for again, as run.json keeps it.
"""

from collections.abc import Iterable

from analysis.runs.run import Run
from trial_sets.files import TIERS
from trial_sets.loading.study_folder import list_studies
from trial_sets.records.layout import Outputs, RunLayout
from trial_sets.records.request import DataRequest, RunRequest, StudyOverrides, flag_of
from trial_sets.records.run_info import RunInfo
from trial_sets.redaction import find_home, quote_word
from trial_sets.study import Study

COMMAND = "run_supplementary"
EMBEDDED = "sp500"
UNKNOWN = "AND-THE-OPTIONS-OF-ITS-DATA"  # to be filled in: the run does not record them


def write_command(run: Run, names: Iterable[str], n_seeds: int) -> str:
    """Return the command that runs these trials of a run's study with its first seeds.

    What a run from before its request was kept does not record stands in capitals.
    """
    chosen = _select(run.info.study, tuple(names))
    return _join(run, [*chosen, "--seeds", str(n_seeds)])


def write_test_command(run: Run, name: str) -> str:
    """Return the command that evaluates a trial on the test period."""
    return _join(run, ["--evaluate-test", name])


def count_seeds_up_to(study: Study, seeds: Iterable[int]) -> int:
    """Return the N for which ``--seeds N`` holds all these seeds; at least one."""
    places = [study.seeds.index(seed) + 1 for seed in seeds if seed in study.seeds]
    return max(places, default=1)


def _join(run: Run, words: list[str]) -> str:
    info, outputs = run.info, RunLayout(run.folder).outputs
    words = [COMMAND, *words]
    words += _guess_request(info) if info.request is None else _at_home(info.request)
    words += [] if outputs == Outputs() else ["--output", str(outputs.path)]
    return " ".join(map(quote_word, words))


def _at_home(request: RunRequest) -> list[str]:
    """Return the options with home folders where they are on this machine."""
    return [find_home(word) for word in request.render()]


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
    """Return the options of a run from before its request was kept, as far as it tells."""
    study, data = info.study, info.data
    is_embedded = data.name == EMBEDDED
    tier = data.tier if data.tier != study.tier and data.tier in TIERS else None
    request = RunRequest(
        study=study.name if study.name in list_studies() else f"FOLDER/{study.name}",
        data=DataRequest(tier=tier),
        overrides=StudyOverrides.model_validate(info.overrides),
        trainer=info.trainer,
        precision=info.precision,
    )
    path = [] if is_embedded else [flag_of(DataRequest, "path"), f"FOLDER/{data.name}.csv"]
    return [*request.render(), *path, *([] if is_embedded else [UNKNOWN])]
