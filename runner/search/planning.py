"""From what a person asks of a search to what it is, checked before anything is proposed."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from runner.errors import RunError
from runner.launching.prefix import parse_prefixes
from runner.planning.device_choice import parse_device
from runner.planning.estimate import measure_speed
from runner.planning.own_trainer import find_trainer, refuse_untrainable
from runner.planning.plan import BatchPolicy, Plan, settle_setting
from runner.planning.request import Request
from runner.planning.run_identity import relabel_study
from runner.search.request import SearchRequest
from runner.search.sampling.evolution import refuse_no_numbers
from runner.search.sampling.grid import refuse_continuous
from runner.search.sampling.manual import MOST_FITS
from runner.search.sampling.point import make_generator
from runner.search.sampling.protocol import find_rate
from runner.search.sampling.qmc import place_point
from runner.storage.outputs import RunFolder
from runner.translation import Question, find_fault
from trial_sets.configuration import AnyConfiguration, FreeConfiguration
from trial_sets.loading.search_study import SearchStudy, load_search_study
from trial_sets.loading.study_folder import find_study
from trial_sets.records.record import Record
from trial_sets.records.search_info import SearchInfo, read_search_info
from trial_sets.redaction import hide_home
from trial_sets.space import SearchSpace, SpaceValues
from trial_sets.study import Study
from trial_sets.wording import join_words

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOLD_APART = {
    "sampler": "--sampler",
    "seed": "--seed",
    "pruner": "--pruner",
    "space": "the space",
    "fixed": "what does not vary",
    "default": "the trial that is proposed first",
    "fit_seed": "the study's first seed",
}
_PROBES = 200  # points that are tried until some are found that are configurations


@dataclass(frozen=True)
class SearchPlan:
    """Everything that is settled before the first trial is proposed.

    Attributes
    ----------
    asked : SearchRequest
        What was asked for.
    searched : SearchStudy
        The study, its space, and what completes a point.
    info : SearchInfo
        Of search.json, as it stands or will be written.
    is_new : bool
        Whether there is no such search yet.
    run : Plan
        Of the run in which it lies, without fits: for its baselines, claims and data.
    trials : Plan
        Likewise, in the folder of the search's fits.
    notes : tuple of str
        Sentences that a person should know.
    """

    asked: SearchRequest
    searched: SearchStudy
    info: SearchInfo
    is_new: bool
    run: Plan
    trials: Plan
    notes: tuple[str, ...] = ()

    @property
    def folder(self) -> RunFolder:
        """Where the search lies."""
        return self.trials.folder

    @property
    def n_trials(self) -> int | None:
        """How many trials the search may have; None where only time or a grid ends it."""
        if self.info.sampler == "manual":
            return min(self.asked.trials or MOST_FITS, MOST_FITS)
        return self.asked.trials

    @property
    def sign(self) -> int:
        """1 where a larger score is better, -1 where a smaller one is."""
        return self.run.info.study.metric.sign

    def find_fault(self, configuration: AnyConfiguration) -> str | None:
        """Say why a configuration cannot be trained on the data; None where it can."""
        if self.run.is_custom or isinstance(configuration, FreeConfiguration):
            return None
        study, data = self.run.info.study, self.run.info.data
        assert study.task != "none"
        n_classes = len(data.splits["train"].classes)
        question = Question(data.features, study.task, study.metric.name, n_classes)
        return find_fault(configuration, question, is_ordered=study.is_ordered) or None


def plan_search(
    asked: SearchRequest, *, is_look: bool = False, otherwise: SearchSpace | None = None
) -> SearchPlan:
    """Settle what is searched, on which data, and whether it goes on.

    Parameters
    ----------
    asked
        The search.
    is_look
        Whether nothing is to be proposed: then a search of this name is taken as it is, whatever
        sampler, seed or space is asked for.
    otherwise
        The space of a network's study that has none; where it is None such a study is refused.

    Raises
    ------
    InputError, DataError, RunError
        If anything that was asked for cannot be done, or there is another search of this name.
    """
    if not _NAME.fullmatch(asked.name):
        raise RunError(
            f"--name {asked.name}: expected letters, digits, dots, dashes and underscores, "
            "64 at most"
        )
    device = parse_device(asked.request.device)
    parse_prefixes(asked.request.launch)
    searched, declared, request, n_folds, notes = _load(asked, otherwise)
    if not is_look:
        _refuse_sampler(asked, searched)
    study = searched.study
    trainer = find_trainer(request, study, _list_points(searched, asked.seed))
    setting = settle_setting(request, study, trainer)
    run = Plan(
        info=setting.info,
        declared=declared,
        folder=setting.folder,
        data=setting.data,
        device=device,
        jobs=request.jobs or len(request.launch) or None,
        trainer=trainer,
        watch=setting.watch,
        with_test=False,
        policy=BatchPolicy.of_request(request),
        baselines=request.baselines,
        fits=(),
        speed=measure_speed(_list_speeds(setting.folder, asked.name), setting.info.data),
    )
    refuse_untrainable(study, request)
    folder = setting.folder.of_search(asked.name)
    folder.refuse_links(folder.search_json)
    info = _describe(asked, searched, run, n_folds)
    is_new = not folder.search_json.exists()
    if is_new and os.path.lexists(folder.journal):
        raise RunError(
            f"{folder.search_json} is gone, which says what the trials in {folder.journal.name} "
            "are; put it back, or take another --name"
        )
    if not is_new:
        known = read_search_info(folder.search_json)
        if not is_look:
            refuse_another(known, info)
        info = known
    plan = SearchPlan(asked, searched, info, is_new, run, replace(run, folder=folder), tuple(notes))
    _refuse_unlearnable(plan)
    return plan


class _Loaded(NamedTuple):
    """What a search is of, without the folds that were asked for."""

    searched: SearchStudy
    declared: Study  # without what the request overrides
    request: Request
    n_folds: int
    notes: list[str]


def _load(asked: SearchRequest, otherwise: SearchSpace | None) -> _Loaded:
    """Read the study and its space, and leave folds out."""
    request = asked.request
    path = None if asked.space_file is None else Path(asked.space_file)
    folder, overrides = find_study(request.study), request.overrides.given()
    searched = load_search_study(folder, path, overrides, otherwise=otherwise)
    declared = (
        load_search_study(folder, path, otherwise=otherwise).study if overrides else searched.study
    )
    notes = []
    n_folds = searched.study.folds if request.folds is None else request.folds
    if searched.study.folds > 1 or n_folds > 1:
        notes.append(
            "A search fits each trial once: on the study's one validation period, not on folds."
        )
        request = replace(request, folds=1)
    if asked.with_default and searched.default is None and asked.sampler != "manual":
        notes.append("The base is no point of the space, so it is not proposed first.")
    return _Loaded(
        replace(searched, study=_adapt(searched.study, request)),
        _adapt(declared, request),
        request,
        n_folds,
        notes,
    )


def _adapt(study: Study, request: Request) -> Study:
    """Return a study with the request's label rule, and without folds."""
    return relabel_study(study, request.data).model_copy(update={"folds": 1})


def _refuse_sampler(asked: SearchRequest, searched: SearchStudy) -> None:
    """Refuse a sampler that cannot search a space."""
    space = searched.space
    match asked.sampler:
        case "grid":
            refuse_continuous(space)
        case "cmaes":
            refuse_no_numbers(space)
        case "manual":
            find_rate(space)
            if asked.pruner != "none":
                raise RunError(
                    f"--pruner {asked.pruner}: the manual protocol looks at whole fits, and has "
                    "no pruner"
                )


def refuse_endless(asked: SearchRequest) -> None:
    """Refuse to run a search of which nothing says when it ends.

    Raises
    ------
    RunError
        If there are neither trials nor hours, and the sampler has no end of its own.
    """
    ends = asked.sampler in {"grid", "manual"} or asked.trials or asked.hours
    if not ends:
        raise RunError(
            f"--sampler {asked.sampler}: say how long it searches, with --trials or --hours"
        )


def _list_points(searched: SearchStudy, seed: int) -> list[AnyConfiguration]:
    """Return configurations that differ in all that varies, as far as some are found."""
    return list(islice(_probe(searched, seed), 8))


def _probe(searched: SearchStudy, seed: int) -> Iterator[AnyConfiguration]:
    """Yield configurations of points at random."""
    for number in range(_PROBES):
        shares = make_generator(seed, number).random(len(searched.space.dimensions))
        values: SpaceValues = place_point(searched.space, shares.tolist())
        if searched.find_fault(values) is None:
            yield searched.complete(values)


def _refuse_unlearnable(plan: SearchPlan) -> None:
    """Refuse a space of which the network can learn no point that was tried."""
    faults = []
    for configuration in _probe(plan.searched, plan.info.seed):
        fault = plan.find_fault(configuration)
        if fault is None:
            return
        faults.append(fault)
    if faults:
        raise RunError(f"study {plan.searched.study.name}: {faults[0]}")


def _list_speeds(run: RunFolder, name: str) -> list[Record]:
    """Return records that tell how long a fit takes: the search's own, else the run's."""
    return list(run.of_search(name).records()) or list(run.records())


def _describe(asked: SearchRequest, searched: SearchStudy, run: Plan, n_folds: int) -> SearchInfo:
    """Return what a search that begins now is; its request has the folds that were asked for."""
    request = run.info.request
    assert request is not None
    return SearchInfo(
        name=asked.name,
        run=run.info.run,
        sampler=asked.sampler,
        seed=asked.seed,
        fit_seed=searched.study.seeds[0],
        pruner=asked.pruner,
        jobs=1 if asked.sampler == "manual" else run.count_slots(),
        space=searched.space,
        fixed=dict(searched.fixed),
        default=searched.default if asked.with_default else None,
        study_from=None if asked.study_from is None else hide_home(asked.study_from),
        request=request.model_copy(update={"folds": asked.request.folds}),
        folds=n_folds,
    )


def refuse_another(known: SearchInfo, asked: SearchInfo) -> None:
    """Check that a search that is there already is the one that is asked for.

    Raises
    ------
    RunError
        If it is another one.
    """
    differ = [
        f"{word} ({getattr(known, name)}, and now {getattr(asked, name)})"
        if name in {"sampler", "seed", "pruner", "fit_seed"}
        else word
        for name, word in _TOLD_APART.items()
        if getattr(known, name) != getattr(asked, name)
    ]
    if asked.study_from is not None and known.study_from != asked.study_from:
        differ.append("--study-from")
    if differ:
        raise RunError(
            f"--name {known.name}: there is a search of this name, which differs in "
            f"{join_words(differ)}; take another --name"
        )
