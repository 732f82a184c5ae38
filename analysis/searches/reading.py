"""A search put together from its storage and its records."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from analysis.runs.run import Run, read_fits
from analysis.runs.run_fit import RunFit
from analysis.searches.proposals import Proposal, read_proposals
from analysis.searches.search import Search, SearchedTrial, TrialState
from trial_sets.errors import InputError
from trial_sets.records.layout import BASELINE_PREFIX, RunLayout, is_run, read_record
from trial_sets.records.run_info import RunInfo, read_run_info
from trial_sets.records.search_info import SearchInfo, name_trial, read_search_info
from trial_sets.space import SpaceValues
from trial_sets.wording import join_words

_MOST_NAMED = 5


def find_search(folder: Path) -> RunLayout | None:
    """Return the search whose folder this is; None where it is no search's in a run."""
    place = folder if folder.name else Path.cwd()
    if not is_run(place.parent):
        return None
    found = RunLayout(place.parent).list_searches()
    return next((one for one in found if one.section == place.name), None)


def read_search(layout: RunLayout, advance: Callable[[], None] = lambda: None) -> Search:
    """Read one search, with the baselines of its run.

    Parameters
    ----------
    layout
        Of the search, as `RunLayout.of_search` returns it.
    advance
        Called after every record.

    Raises
    ------
    InputError
        If run.json or search.json cannot be used, lie behind a link or are another's, or the
        search has no trial. A record that cannot be used is left out and noted.
    """
    layout.refuse_links(layout.search_json)
    run_info = _drop_folds(read_run_info(layout.run_json))
    info = read_search_info(layout.search_json)
    _refuse_other(layout, info, run_info)
    notes: list[str] = []
    fits = tuple(read_fits(layout, run_info, "", notes, advance))
    baselines = tuple(_read_baselines(layout, run_info, notes, advance))
    proposals = read_proposals(layout.journal, info.name, info.space, notes)
    trials = tuple(_join(info, proposals, fits))
    if not trials:
        raise InputError(f"{layout.search_json.parent} holds no trial yet")
    run = Run(layout.path, run_info, (*fits, *baselines), (), (), (*notes, *_list_lost(trials)))
    return Search(info, run, trials)


def name_alike(search: Search, others: Iterable[RunLayout]) -> Search:
    """Return a search with the names of those whose best trial has the configuration of its own.

    Whether that is the base, which both may have begun with, says nothing.

    Parameters
    ----------
    others
        Other searches of the same run; one that cannot be read is passed over.
    """
    best = search.best
    if best is None or best.fit is None or best.is_default:
        return search
    key, run = best.fit.record.key, search.run
    alike = [one for one in others if _find_best_key(one, run.info, search.sign) == key]
    return replace(search, others=tuple(one.search_name or "" for one in alike))


def _find_best_key(layout: RunLayout, info: RunInfo, sign: int) -> str | None:
    """Return the configuration of a search's best record, without its predictions."""
    scored: list[tuple[float, str]] = []
    for fit in layout.list_fits():
        with suppress(InputError):
            record = read_record(layout, fit, info.run)
            if record is not None and record.status == "complete" and record.score is not None:
                scored.append((sign * record.score, record.key))
    return max(scored, default=(0.0, None))[1]


def _drop_folds(info: RunInfo) -> RunInfo:
    """Return a run as a search sees it, which is on the one validation period."""
    return info.model_copy(update={"data": info.data.model_copy(update={"folds": ()})})


def _refuse_other(layout: RunLayout, info: SearchInfo, run: RunInfo) -> None:
    if info.name != layout.search_name:
        raise InputError(f"{layout.search_json}: it is of the search {info.name}")
    if info.run != run.run:
        raise InputError(f"{layout.search_json}: it belongs to the run {info.run}")


def _read_baselines(
    layout: RunLayout, info: RunInfo, notes: list[str], advance: Callable[[], None]
) -> Iterator[RunFit]:
    run = RunLayout(layout.path)
    places = [
        fit
        for fit in run.list_fits()
        if len(fit.relative_to(run.path).parts) == 2 and fit.parent.name.startswith(BASELINE_PREFIX)
    ]
    yield from read_fits(run, info, "", notes, advance, among=places)


def _join(
    info: SearchInfo, proposals: tuple[Proposal, ...], fits: tuple[RunFit, ...]
) -> Iterator[SearchedTrial]:
    """Yield the trials by number; a record that no proposal speaks of is a trial too."""
    by_name = {fit.record.name: fit for fit in fits if fit.record.seed == info.fit_seed}
    told = {proposal.number: proposal for proposal in proposals}
    numbers = {number for name in by_name if (number := _read_number(name)) is not None}
    for number in sorted(numbers | set(told)):
        name = name_trial(number)
        fit = by_name.get(name)
        proposal = told.get(number) or _guess(number, info, fit)
        stands_for = str(proposal.said.get("fit", name))
        yield _make_trial(proposal, fit, by_name.get(stands_for), stands_for)


def _make_trial(
    proposal: Proposal, fit: RunFit | None, first: RunFit | None, stands_for: str
) -> SearchedTrial:
    state = _settle_state(proposal, fit, stands_for)
    source = first if state == "repeated" else fit
    score = None if source is None else source.record.score
    if state == "foreign" or (state == "repeated" and score is None):
        score = proposal.value
    failure = None if fit is None else fit.record.failure
    said = [proposal.said.get(name) for name in ("infeasible", "failure", "reason")]
    reasons = [str(one) for one in said if one is not None]
    return SearchedTrial(
        number=proposal.number,
        values=proposal.values,
        state=state,
        score=score,
        fit=fit,
        stands_for=stands_for,
        is_default=proposal.said.get("default") is True,
        reason=str(failure) if failure is not None else next(iter(reasons), ""),
    )


def _settle_state(proposal: Proposal, fit: RunFit | None, stands_for: str) -> TrialState:
    """Return the state: of a fit its record's, otherwise what the storage says."""
    if "foreign" in proposal.said or "fit" not in proposal.said:  # or another program's
        return "foreign"
    if "infeasible" in proposal.said:
        return "infeasible"
    if fit is not None:
        return fit.record.status
    if stands_for != name_trial(proposal.number):
        return "repeated"
    if proposal.state == "failed":
        return "failed"
    return "running" if proposal.state in {"running", "waiting"} else "lost"


def _guess(number: int, info: SearchInfo, fit: RunFit | None) -> Proposal:
    """Return what a record alone tells of its proposal."""
    configuration = None if fit is None else fit.record.configuration
    settings = {} if configuration is None else configuration.settings
    values: SpaceValues = {}
    for name, dimension in info.space.dimensions.items():
        value = settings.get(name)
        if value is not None and dimension.is_active(values):
            values[name] = value
    is_first = number == info.n_foreign
    is_default = info.default is not None and is_first and values == info.default
    said = {"fit": name_trial(number), **({"default": True} if is_default else {})}
    return Proposal(number, values, "complete", None, said)


def _read_number(name: str) -> int | None:
    """Return the number of the trial whose folder has this name; None of another's."""
    digits = name.rpartition("-")[2]
    number = int(digits) if digits.isdecimal() and len(digits) < 16 else -1
    return number if number >= 0 and name_trial(number) == name else None


def _list_lost(trials: tuple[SearchedTrial, ...]) -> Iterator[str]:
    lost = [trial.name for trial in trials if trial.state == "lost"]
    if lost:
        shown = join_words(lost, most=_MOST_NAMED)
        yield f"The storage says that {shown} ended, and no record that can be used is there."
