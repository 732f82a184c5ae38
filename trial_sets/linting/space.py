"""What the space of a search leaves open, found by reading it, before anything runs.

A logarithmic range that begins at 0 is not found here: it is refused when a space is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, repeat

from trial_sets.configuration import OptionValue
from trial_sets.linting.capacity import lint_capacity
from trial_sets.linting.companion import lint_companions
from trial_sets.linting.remark import MOST_WORDS, Remark
from trial_sets.linting.role import LintedSearch, SearchFacts, tell_role
from trial_sets.linting.scale import lint_scales
from trial_sets.space import Dimension, SearchSpace, SpaceValues
from trial_sets.strict_json import bare, shorten
from trial_sets.study import Study
from trial_sets.wording import join_words

MOST_POINTS = 100  # of a grid
MOST_VARIED = 6  # dimensions that a usual number of trials can tell apart
FEWEST_A_DIMENSION = 20  # trials: a hundred for five, as Bayesian search is given


def lint_space(
    study: Study,
    space: SearchSpace,
    fixed: Mapping[str, OptionValue | None],
    default: SpaceValues | None,
    facts: SearchFacts | None = None,
) -> tuple[Remark, ...]:
    """Return what would mend the space of a search.

    Parameters
    ----------
    study, space, fixed, default
        As a loaded search has them: what varies, what does not, and the base as a point.
    facts
        What is known beside: of the data, the networks, and of how trials are chosen.
    """
    search = LintedSearch(study, space, fixed, default, facts or SearchFacts())
    return tuple(_lint(search))


def _lint(search: LintedSearch) -> Iterator[Remark]:
    yield from _lint_dimensions(search)
    yield from lint_scales(search)
    yield from lint_companions(search)
    yield from _lint_default(search)
    yield from _lint_size(search)
    yield from lint_capacity(search)


def _lint_dimensions(search: LintedSearch) -> Iterator[Remark]:
    """Yield dimensions that do not vary, or are there twice."""
    roles: dict[str, str] = {}
    for name, dimension in search.space.dimensions.items():
        where = f"dimension {bare(name)}"
        if dimension.count() == 1:
            only = (dimension.choices or (dimension.low,))[0]
            yield Remark(
                where, f"has one value, {shorten(only)}", "give it in the base of study.json"
            )
        elif _is_nowhere(name, dimension, search.space):
            yield Remark(
                where,
                "its condition never holds beside those of what it names: it varies nowhere",
                "mend `when`, or leave the dimension out",
            )
        other = roles.setdefault(tell_role(name), name)
        if other != name:
            yield Remark(
                f"dimensions {bare(other)} and {bare(name)}",
                f"both mean {tell_role(name)}, so that one may undo the other",
                "keep one of them",
            )


def _is_nowhere(name: str, dimension: Dimension, space: SearchSpace) -> bool:
    """Tell whether what a condition asks for excludes itself, by way of other conditions."""
    allowed: dict[str, set[OptionValue | None]] = {}
    waiting = [(name, dimension)]
    while waiting:
        _, asking = waiting.pop()
        for other, said in asking.when.items():
            wanted = {space.dimensions[other].convert(value) for value in said}
            waiting += [(other, space.dimensions[other])] if other not in allowed else []
            allowed[other] = allowed.get(other, wanted) & wanted
    return not all(allowed.values())


def _lint_default(search: LintedSearch) -> Iterator[Remark]:
    """Yield a base that the search cannot begin with."""
    if search.default is not None:
        return
    base = search.study.base
    outside = [] if base is None else list(_list_outside(search.space, base.settings))
    if outside:
        what = f"the base lies outside of it: {join_words(outside, most=MOST_WORDS)}"
        mend = "widen the space until it holds the base, or take a base within"
    else:
        what = "the base is not a full configuration within it"
        mend = "give `base` in study.json a value of everything that varies"
    yield Remark("space", f"{what}, so that no trial says whether searching helps at all", mend)


def _list_outside(space: SearchSpace, settings: Mapping[str, OptionValue | None]) -> Iterator[str]:
    """Yield how a base's values lie outside of their dimensions."""
    for name, dimension in space.dimensions.items():
        value = settings.get(name)
        converted = None if value is None else dimension.convert(value)
        if not dimension.is_active({k: v for k, v in settings.items() if v is not None}):
            continue
        fault = "is no value of it" if converted is None else dimension.find_fault(converted)
        if fault:
            yield f"{bare(name)}={shorten(value)} {fault}"


def _lint_size(search: LintedSearch) -> Iterator[Remark]:
    """Yield more than the trials can find their way in."""
    space, facts = search.space, search.facts
    if facts.sampler == "grid" and _has_more_points(space, MOST_POINTS):
        yield Remark(
            "space",
            f"a grid of it has more than {MOST_POINTS} points, of which most differ in what hardly "
            "matters",
            "draw at random (sampler random, or tpe), or give fewer values",
        )
    n_varied = sum(dimension.count() != 1 for dimension in space.dimensions.values())
    wanted = FEWEST_A_DIMENSION * n_varied
    if n_varied > MOST_VARIED and (facts.n_trials is None or facts.n_trials < wanted):
        planned = "" if facts.n_trials is None else f" and {facts.n_trials:,} trials are planned"
        yield Remark(
            "space",
            f"{n_varied} hyperparameters vary at once{planned}: too few trials tell them apart",
            f"plan {wanted:,} trials or more, or hold fixed what matters least: learning rate and "
            "schedule matter most, then batch size and optimizer",
        )


def _has_more_points(space: SearchSpace, most: int) -> bool:
    """Tell whether there are more than so many combinations of values, conditions observed."""
    points = _list_points(list(space.dimensions.items()), {})
    return sum(1 for _ in islice(points, most + 1)) > most


def _list_points(
    dimensions: Sequence[tuple[str, Dimension]], point: SpaceValues
) -> Iterator[SpaceValues]:
    """Yield every combination of values; the point itself often where one has too many."""
    if not dimensions:
        yield point
        return
    (name, dimension), *rest = dimensions
    n_values = dimension.count()
    if not dimension.is_active(point):
        yield from _list_points(rest, point)
    elif n_values is None or n_values > MOST_POINTS:
        yield from repeat(point, MOST_POINTS + 1)
    else:
        for value in dimension.values or ():
            yield from _list_points(rest, {**point, name: value})
