"""Whether a dimension's scale, and how far it reaches, suits what it is."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from trial_sets.aliases import squeeze
from trial_sets.linting.remark import Remark
from trial_sets.linting.role import DECAY, DROPOUT, RATE, LintedSearch, list_numbers, tell_role
from trial_sets.space import Dimension
from trial_sets.strict_json import bare

DECADE = 10.0
MOST_DROPOUT = 0.8
SMALL_LOW = 1e-6  # where a logarithmic scale begins in place of 0
FEWEST_EVEN = 3  # choices that can be said to be evenly spaced
# A factor, and no difference, is what changes the outcome by as much anywhere in the range.
_EXPONENTIAL = frozenset({RATE, DECAY})
_ALSO_EXPONENTIAL = frozenset(  # of trainers of one's own
    squeeze(name)
    for name in ("l1", "l2", "reg_alpha", "reg_lambda", "lambda_l1", "lambda_l2", "l2_reg", "eps")
)
# Shares, of which a difference is what counts however small they are.
_LINEAR = ("dropout", "warmup", "momentum", "smoothing", "beta", "finalfactor")


def lint_scales(search: LintedSearch) -> Iterator[Remark]:
    """Yield the dimensions whose scale or reach does not suit them."""
    for name, dimension in search.space.dimensions.items():
        numbers = list_numbers(dimension)
        if len(numbers) < 2 or numbers[0] == numbers[-1]:
            continue
        where = f"dimension {bare(name)}"
        if dimension.is_range and not dimension.log:
            yield from _lint_linear(where, name, dimension, numbers)
        elif _is_exponential(name) and _is_even(numbers):
            yield Remark(
                where,
                "its choices are evenly spaced, and its effect goes by factors",
                "let each choice be a multiple of the one before, or give a range with log",
            )
        yield from _lint_reach(where, name, numbers)


def _lint_linear(
    where: str, name: str, dimension: Dimension, numbers: Sequence[float]
) -> Iterator[Remark]:
    """Yield what a linear scale passes over."""
    low, high = numbers[0], numbers[-1]
    is_wide = low > 0 and high / low > DECADE
    if _is_linear(name) or not (is_wide or _is_exponential(name)):
        return
    what = f"a linear scale from {low:g} to {high:g} "
    if is_wide or low <= 0 < high:
        top = high / DECADE
        what += f"draws {(high - top) / (high - low):.0%} of its values from {top:g} upwards"
    else:
        what += "draws evenly by differences, and what counts are factors"
    mend = 'give "log": true'
    if low <= 0:
        mend += f" and begin at a small value such as {SMALL_LOW:g}, as a logarithm cannot at 0"
    elif dimension.step is not None:
        mend += " without step, or choices of which each is a multiple of the one before"
    yield Remark(where, what, mend)


def _is_linear(name: str) -> bool:
    """Tell whether a difference counts as much wherever it is made."""
    said = (squeeze(name), squeeze(tell_role(name)))
    return any(word in text for word in _LINEAR for text in said)


def _lint_reach(where: str, name: str, numbers: Sequence[float]) -> Iterator[Remark]:
    """Yield a learning rate that hardly varies, and a dropout that leaves nothing."""
    low, high = numbers[0], numbers[-1]
    if tell_role(name) == RATE and low > 0 and high / low < DECADE:
        yield Remark(
            where,
            f"the learning rate varies by a factor {high / low:.3g}, less than a decade, so that "
            "the best may lie outside",
            "begin with several decades, such as 1e-5 to 1e-1, and narrow them afterwards",
        )
    if tell_role(name) == DROPOUT and high > MOST_DROPOUT:
        yield Remark(
            where,
            f"a dropout of up to {high:g} leaves little to learn with",
            f"end at {MOST_DROPOUT:g} or below",
        )


def _is_exponential(name: str) -> bool:
    return tell_role(name) in _EXPONENTIAL or squeeze(name) in _ALSO_EXPONENTIAL


def _is_even(numbers: Sequence[float]) -> bool:
    """Tell whether the steps between choices are equal, and more than one."""
    steps = [high - low for low, high in pairwise(numbers)]
    return len(numbers) >= FEWEST_EVEN and max(steps) - min(steps) <= 1e-6 * max(steps)
