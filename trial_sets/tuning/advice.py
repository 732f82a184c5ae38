"""Tips that apply: to a space before a search, and to what its best trial says.

Where the guides contradict themselves, this holds here: "dropout 0.8 at most" and "0.6 at most" are
the linter's business, not a tip; a batch twice as large takes a rate sqrt(2) times as high (the
guides' rule; it is known for adaptive optimizers, and others double the rate); "warm-up of 500
steps at a rate of 0.001 and 5,000 at 0.1" is no rule but its direction is: higher rates warm up
longer.
"""

import math
from collections.abc import Iterator, Mapping

from trial_sets.configuration import OptionValue
from trial_sets.linting.capacity import FEWEST_ROWS
from trial_sets.space import Dimension, SearchSpace, SpaceValues
from trial_sets.strict_json import bare
from trial_sets.tuning.cells import write_number
from trial_sets.tuning.tiers import find_kind
from trial_sets.tuning.usual import find_usual_decay, find_usual_rate

FEWEST_HOURS = 1.0
EDGE = 0.25  # of a scale: what lies in its last quarter is high, in its first low
_KINDS_AT_ENDS = frozenset({"capacity"})  # which count only at the very end of their range
ALWAYS_FIRST = (
    "look at the default's curves first: where training and validation loss are both high it "
    "underfits, and more capacity or epochs help, not other values of the rest",
    "where the default is good enough, leave it",
)
MEANINGS: Mapping[tuple[str, str], str] = {
    ("capacity", "high"): "try larger ones: the space may end too soon",
    ("capacity", "low"): "a simpler model suffices",
    ("dropout", "high"): "overfitting is an issue: more data or a smaller model may help too",
    ("rate", "high"): "fast convergence is possible",
    ("rate", "low"): "it trains carefully: give it more epochs, and a schedule",
}


def list_meanings(space: SearchSpace) -> tuple[tuple[str, str], ...]:
    """Return what it would mean if the best trial lay at the ends of the space's dimensions.

    Pairs such as ``("hidden_size at its highest, 256", "try larger ones: ...")``.
    """
    return tuple(
        (_say_place(name, ends, side), meaning)
        for name, dimension in space.dimensions.items()
        if (ends := find_ends(dimension)) is not None and ends[0] < ends[1]
        for (kind, side), meaning in MEANINGS.items()
        if kind == find_kind(name)
    )


def _say_place(name: str, ends: tuple[float, float], side: str) -> str:
    end = write_number(ends[1] if side == "high" else ends[0])
    if find_kind(name) in _KINDS_AT_ENDS:
        return f"{bare(name)} at its {side}est, {end}"
    return f"{bare(name)} {side}, near {end}"


def interpret_values(space: SearchSpace, values: SpaceValues) -> tuple[str, ...]:
    """Return what the values of a search's best trial say, as sentences.

    Width and depth count where they are at the very end of their range; dropout and learning rate
    in the last quarters of theirs, on a logarithmic scale where the range has one.
    """
    said = []
    for name in space.list_active(values):
        side = find_side(space.dimensions[name], values.get(name), find_kind(name))
        meaning = None if side is None else MEANINGS.get((find_kind(name) or "", side))
        if meaning is not None:
            value = values[name]
            assert isinstance(value, int | float)
            said.append(f"{bare(name)}={write_number(value)} is {side}: {meaning}")
    return tuple(said)


def find_side(dimension: Dimension, value: OptionValue | None, kind: str | None) -> str | None:
    """Return ``low`` or ``high`` where a value is that in its dimension; else None."""
    ends = find_ends(dimension)
    if ends is None or ends[0] == ends[1] or isinstance(value, bool | str | None):
        return None
    low, high = ends
    place = (value - low) / (high - low)
    if dimension.log:
        place = math.log(value / low) / math.log(high / low)
    edge = 1e-9 if kind in _KINDS_AT_ENDS else EDGE
    return "low" if place <= edge else "high" if place >= 1 - edge else None


def find_ends(dimension: Dimension) -> tuple[float, float] | None:
    """Return the least and the largest value of a dimension of numbers; None of any other."""
    if dimension.kind not in {"int", "float"}:
        return None
    if dimension.choices is not None:
        numbers = [float(choice) for choice in dimension.choices]
        return min(numbers), max(numbers)
    assert dimension.low is not None
    assert dimension.high is not None
    return dimension.low, dimension.high


def list_first_checks(n_rows: int | None = None, hours: float | None = None) -> tuple[str, ...]:
    """Return what may help more than tuning: what speaks against it here, then what always may.

    Parameters
    ----------
    n_rows
        That train, where that is known.
    hours
        That there are for it.
    """
    said = []
    if n_rows is not None and n_rows < FEWEST_ROWS:
        said.append(
            f"{n_rows:,} rows train: below {FEWEST_ROWS:,} more rows gain more than other values, "
            "and the best of many trials is mostly luck"
        )
    if hours is not None and hours < FEWEST_HOURS:
        said.append(f"{write_number(hours)} hours: below one, tuning by hand is faster")
    return (*said, *ALWAYS_FIRST)


def list_tips(
    space: SearchSpace,
    fixed: Mapping[str, OptionValue | None],
    *,
    is_transformer: bool = False,
    n_parameters: int | None = None,
) -> tuple[str, ...]:
    """Return what is worth knowing of a space before it is searched, as sentences.

    Parameters
    ----------
    space
        What varies.
    fixed
        What does not, by name.
    is_transformer
        Whose rates are smaller, and who needs warm-up.
    n_parameters
        Of the network that the base describes, where that is known.
    """
    kinds = {kind: name for name in space.dimensions if (kind := find_kind(name))}
    optimizer = str(fixed.get("optimizer") or "")
    return (
        *_advise_rate(space, kinds, optimizer, is_transformer=is_transformer),
        *_advise_batch(space, kinds),
        *_advise_decay(kinds, optimizer, n_parameters, is_transformer=is_transformer),
        *_advise_warm_up(kinds, fixed, is_transformer=is_transformer),
        *_advise_capacity(kinds),
    )


def _advise_rate(
    space: SearchSpace, kinds: Mapping[str, str], optimizer: str, *, is_transformer: bool
) -> Iterator[str]:
    usual = find_usual_rate(optimizer, is_transformer=is_transformer)
    if usual is None:
        return
    low, high, start = map(write_number, (usual.low, usual.high, usual.start))
    said = f"usual learning rates of {usual.whose} are {low} to {high}, begin at {start}"
    if "rate" not in kinds:
        yield f"{said}; the learning rate is the first thing to tune, and is fixed here"
        return
    ends = find_ends(space.dimensions[kinds["rate"]])
    if ends is None or (ends[0] <= usual.high and ends[1] >= usual.low):
        yield said
    else:
        low, high = map(write_number, ends)
        yield f"{said}; the space, {low} to {high}, has none of them"


def _advise_batch(space: SearchSpace, kinds: Mapping[str, str]) -> Iterator[str]:
    name = kinds.get("batch")
    ends = None if name is None else find_ends(space.dimensions[name])
    if name is None or ends is None or "rate" not in kinds or not 0 < ends[0] < ends[1]:
        return
    factor = ends[1] / ends[0]
    yield (
        f"{bare(name)} spans a factor {factor:.3g}: the best learning rate goes about with its "
        f"square root, a factor {math.sqrt(factor):.2g}, so the two are searched and read together"
    )


def _advise_decay(
    kinds: Mapping[str, str], optimizer: str, n_parameters: int | None, *, is_transformer: bool
) -> Iterator[str]:
    if "decay" not in kinds or n_parameters is None:
        return
    usual = find_usual_decay(n_parameters, optimizer, is_transformer=is_transformer)
    if usual is not None:
        ends = f"{write_number(usual.low)} to {write_number(usual.high)}"
        yield f"usual weight decays of {usual.whose} are {ends}; none at all if it underfits"


def _advise_warm_up(
    kinds: Mapping[str, str], fixed: Mapping[str, OptionValue | None], *, is_transformer: bool
) -> Iterator[str]:
    if is_transformer and "warm-up" not in kinds and not fixed.get("warmup_fraction"):
        yield "transformers train steadily with a warm-up of 5 to 10 % of the steps; it is 0 here"
    elif "warm-up" in kinds and "rate" in kinds:
        yield "higher learning rates need a longer warm-up: the two are read together"


def _advise_capacity(kinds: Mapping[str, str]) -> Iterator[str]:
    if "capacity" in kinds and ("dropout" in kinds or "decay" in kinds):
        yield (
            "a large model wants regularisation and a small one none: capacity and "
            "regularisation are read together"
        )
