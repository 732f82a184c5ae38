"""The box at the top of a search's report: the best trial, what it is worth, and what it is not."""

from analysis.numbers import count_noun, count_up, format_share, format_value
from analysis.report.formats.markdown import bold, escape_text
from analysis.report.sections.headline import make_box
from analysis.report.yardstick import Yardstick
from analysis.searches.lead import ComparedWith, SearchLead
from analysis.searches.order import SearchOrder
from analysis.searches.search import Search
from trial_sets.configuration import OptionValue
from trial_sets.space import SpaceValues
from trial_sets.wording import join_words

_MOST_VALUES = 30


def render_search_headline(
    search: Search, lead: SearchLead | None, order: SearchOrder | None, yardstick: Yardstick
) -> str:
    """Return the box."""
    lines = [_say_exploratory(lead), _count_trials(search)]
    if lead is None:
        return make_box([*lines, "No trial is complete, so that there is no best one."])
    return make_box(
        [
            *lines,
            _describe_best(search, lead, yardstick),
            _describe_adjusted(search, lead, yardstick),
            _describe_reference("default", lead.default, lead, yardstick)
            if lead.default
            else "No default was tried, so that nothing says whether the search helped.",
            _describe_reference("best baseline", lead.baselines[0], lead, yardstick)
            if lead.baselines
            else "No baseline was run on these rows.",
            _describe_place(order),
        ]
    )


def write_point(values: SpaceValues) -> str:
    """Write the values of a trial as a sentence has them, as Markdown."""
    shown = [f"{escape_text(name)} {_write(value)}" for name, value in values.items()]
    return join_words(shown, most=_MOST_VALUES)


def _write(value: OptionValue) -> str:
    if isinstance(value, bool | str):
        return escape_text(str(value))
    return format_value(float(value), is_whole=isinstance(value, int), digits=4)


def _say_exploratory(lead: SearchLead | None) -> str:
    n = 0 if lead is None else lead.n_tried
    best = f"the best of {count_noun(n, 'configuration')}" if n > 1 else "a search's best"
    return (
        f"{bold('Exploratory.')} What a search finds is a proposal: {best} looks better than it is "
        "on other rows and seeds. Nothing here is confirmed; write claims and run sets of the top "
        "trials for that."
    )


def _count_trials(search: Search) -> str:
    counts, more = (
        join_words([f"{n:,} {state}" for state, n in search.count_states(counts=which).items()])
        for which in (True, False)
    )
    info = search.info
    pruner = "" if info.pruner == "none" else f", pruner {info.pruner}"
    return (
        f"{count_noun(sum(t.counts for t in search.trials), 'trial')} by sampler "
        f"{info.sampler}{pruner}, one fit each: {counts or 'none'}"
        f"{f'; beside them {more}' if more else ''}."
    )


def _describe_best(search: Search, lead: SearchLead, yardstick: Yardstick) -> str:
    assert lead.best.score is not None
    error = (
        ""
        if lead.error is None
        else f" (standard error by the rows {yardstick.write_gain(lead.error, is_signed=False)})"
    )
    validation = search.run.info.data.splits.get("validation")
    rows = "" if validation is None else f" on {count_noun(validation.rows, 'validation row')}"
    return (
        f"Best trial: {escape_text(lead.best.name)}, validation {yardstick.title} "
        f"{yardstick.write(lead.best.score)}{error}{rows}: {write_point(lead.best.values)}."
    )


def _describe_adjusted(search: Search, lead: SearchLead, yardstick: Yardstick) -> str:
    """Say what the best is worth without the choice; a sampler that learns has used all rows."""
    if lead.adjusted is None:
        return ""
    seen = ", though the sampler went by these too" if search.is_adaptive else ""
    return (
        f"Less what the choice of the best of {count_noun(lead.n_trials, 'configuration')} has "
        f"added, by rows that did not choose{seen}: {yardstick.write(lead.adjusted)}."
    )


def _describe_reference(
    what: str, reference: ComparedWith, lead: SearchLead, yardstick: Yardstick
) -> str:
    assert lead.best.score is not None
    shown = f"The {what}, {escape_text(reference.name)}, has {yardstick.write(reference.score)}"
    if reference.name == lead.best.name:
        return f"The {what} is the best trial itself: the search has found nothing better."
    gain = yardstick.metric.sign * (lead.best.score - reference.score)
    if reference.contrast is None:
        said = f"{shown}, from which the best trial differs by {yardstick.write_gain(gain)}; "
        return f"{said}the error of that is not known."
    found = reference.contrast
    interval = f"{yardstick.write_gain(found.low)} to {yardstick.write_gain(found.high)}"
    crossed = "" if gain == found.estimate else "with epochs chosen on other rows than score them, "
    return (
        f"{shown}; {crossed}the best trial gains {yardstick.write_gain(found.estimate)} on it "
        f"(95 % by the rows {interval}), which the choice of the best makes look larger than it is."
    )


def _describe_place(order: SearchOrder | None) -> str:
    """Say where in the search the best came."""
    if order is None:
        return ""
    curve = order.curve
    n = count_noun(curve.n, "trial" if order.n_pruned else "complete trial")
    pruned = f", {order.n_pruned} of them pruned" if order.n_pruned else ""
    return (
        f"The sampler's best came as its {count_up(curve.place)} of {n}{pruned}; in a random order "
        f"it comes that early in {format_share(curve.place / curve.n)} of searches."
    )
