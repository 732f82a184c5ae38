"""What is wrong with a search as a whole, beyond what the findings of its trials say."""

from collections.abc import Iterator
from statistics import median

from analysis.findings.finding import Finding
from analysis.numbers import count_noun, format_value
from analysis.searches.search import Search
from trial_sets.space import Dimension
from trial_sets.task import SHARES
from trial_sets.wording import join_words

FEW_TRIALS = 20
MOST_FAILED = 0.5
MOST_PRUNED = 0.9
NARROW_RANGE = 0.005
MOST_ALIKE = 0.5
_FEWEST_CHOICES = 3
_FEWEST_VARIED = 10  # trials in which every dimension should have had two values


def flag_search(search: Search) -> Iterator[Finding]:
    """Yield what a person should see to before the next search, each with its figure.

    That the default is ahead of all, losses spike and trials end in their first epochs is found by
    `analysis.findings` among the trials.
    """
    yield from _flag_failures(search)
    yield from _flag_pruning(search)
    yield from _flag_range(search)
    yield from _flag_copies(search)
    yield from _flag_constants(search)
    yield from _flag_few(search)
    yield from _flag_edges(search)
    yield from _flag_default(search)
    yield from _flag_agreement(search)


def list_edges(search: Search) -> Iterator[tuple[str, str]]:
    """Yield each dimension at whose end the best trial lies, and which end: `lower` or `upper`."""
    best = search.best
    for name, value in () if best is None else best.values.items():
        dimension = search.info.space.dimensions.get(name)
        if dimension is not None and isinstance(value, int | float) and not isinstance(value, bool):
            end = _find_end(dimension, value)
            if end:
                yield name, end


def _flag_failures(search: Search) -> Iterator[Finding]:
    counts, n = search.count_states(), _count_own(search)
    n_failed = counts.get("failed", 0) + counts.get("infeasible", 0)
    if n_failed and n_failed >= MOST_FAILED * n:
        yield Finding(
            "most failed",
            f"{n_failed} of {count_noun(n, 'trial')} failed or were infeasible: mend the space or "
            "the trainer first.",
        )


def _flag_pruning(search: Search) -> Iterator[Finding]:
    counts = search.count_states()
    n_pruned = counts.get("pruned", 0)
    n = n_pruned + counts.get("complete", 0) + counts.get("failed", 0)
    if n_pruned and n_pruned >= MOST_PRUNED * n:
        yield Finding(
            "too much pruning",
            f"{n_pruned} of {count_noun(n, 'trained trial')} were pruned: the pruner is too strict "
            "or the space poor, and what finished is too little to compare values.",
        )


def _flag_range(search: Search) -> Iterator[Finding]:
    """Say that all results are alike: of shares within 0.005, of others within 0.5 %."""
    scores = [trial.score for trial in search.scored if trial.score is not None]
    metric = search.run.metric
    scale = 1.0 if metric.name in SHARES else abs(median(scores)) if scores else 0.0
    if len(scores) > 2 and max(scores) - min(scores) <= NARROW_RANGE * scale:
        yield Finding(
            "narrow range",
            f"All {len(scores)} complete trials lie within {max(scores) - min(scores):.2g} "
            f"{metric.title} of each other: the space is too narrow, or its values do not reach "
            "the model.",
        )


def _flag_copies(search: Search) -> Iterator[Finding]:
    n_alike, n = search.count_states().get("repeated", 0), _count_own(search)
    if n_alike and n_alike >= MOST_ALIKE * n:
        yield Finding(
            "trials alike",
            f"{n_alike} of {count_noun(n, 'trial')} repeat a configuration: the space holds little "
            "more than the sampler has seen.",
        )


def _flag_constants(search: Search) -> Iterator[Finding]:
    """Name dimensions that could vary and never did, which a mistake in the trainer looks like."""
    if len(search.scored) < _FEWEST_VARIED:
        return
    for name, dimension in search.info.space.dimensions.items():
        seen = {trial.values[name] for trial in search.scored if name in trial.values}
        if len(seen) == 1 and dimension.count() != 1:
            yield Finding(
                "never varied",
                f"{name}: all {count_noun(len(search.scored), 'complete trial')} that set it have "
                "one value, though the space holds more.",
                name,
            )


def _flag_few(search: Search) -> Iterator[Finding]:
    n = len(search.tries)
    if 0 < n < FEW_TRIALS:
        yield Finding(
            "few tries",
            f"Only {count_noun(n, 'complete trial')}: of fewer than {FEW_TRIALS} the best is "
            "mostly luck, and a sampler that learns has hardly begun.",
        )


def _flag_edges(search: Search) -> Iterator[Finding]:
    best = search.best
    for name, end in list_edges(search):
        assert best is not None
        dimension, value = search.info.space.dimensions[name], best.values[name]
        is_whole = dimension.kind == "int"
        assert isinstance(value, int | float)
        where = "of its choices" if dimension.choices is not None else "of its range"
        yield Finding(
            "best at the edge",
            f"{name}: the best trial has {format_value(float(value), is_whole=is_whole)}, the "
            f"{end} end {where}; the optimum may lie beyond it, so extend it there.",
            name,
        )


def _flag_default(search: Search) -> Iterator[Finding]:
    if search.default is None:
        yield Finding(
            "no default",
            "No default was among the trials, so that nothing says whether the search helped.",
        )


def _flag_agreement(search: Search) -> Iterator[Finding]:
    if search.others:
        yield Finding(
            "searches agree",
            f"The search {join_words(list(search.others))} of this run found the same best "
            "configuration: a robust result, if both chose among others too.",
        )


def _count_own(search: Search) -> int:
    """Return how many trials the search itself has proposed."""
    return len(search.trials) - search.count_states().get("foreign", 0)


def _find_end(dimension: Dimension, value: float) -> str:
    """Return at which end of its range a value lies, or neither."""
    if dimension.choices is not None:
        known = [v for v in dimension.choices if isinstance(v, int | float)]
        if len(known) < max(_FEWEST_CHOICES, len(dimension.choices)):
            return ""
        return {min(known): "lower", max(known): "upper"}.get(value, "")
    return dimension.find_end(value) or ""
