"""The dimensions of a space as tables of Markdown."""

from trial_sets.space import Dimension, SearchSpace
from trial_sets.tuning.cells import (
    escape_words,
    write_number,
    write_option,
    write_table,
)
from trial_sets.wording import join_words

_MOST_VALUES = 12  # in a cell


def tabulate_space(space: SearchSpace) -> list[str]:
    """Return a row a dimension: type, ends, step or options, and how values are drawn."""
    heads = ["Parameter", "Type", "Min", "Max", "Step/Options", "Sampling"]
    conditions = {name: _write_condition(dim) for name, dim in space.dimensions.items()}
    if space.is_conditional:
        heads.append("Only where")
    rows = []
    for name, dimension in space.dimensions.items():
        row = [f"`{name}`", *_describe(dimension)]
        rows.append([*row, conditions[name]] if space.is_conditional else row)
    return write_table(heads, rows)


def _describe(dimension: Dimension) -> list[str]:
    """Return type, ends, step or options, and sampling of a dimension."""
    if not dimension.is_range:
        return ["categorical", "-", "-", f"[{_list_values(dimension)}]", "Discrete"]
    assert dimension.low is not None
    assert dimension.high is not None
    step = {None: "continuous", 1: "-"}.get(dimension.count(), write_number(dimension.step or 1))
    sampling = "**Log-uniform**" if dimension.log else "Uniform"
    ends = [_write_end(dimension, dimension.low), _write_end(dimension, dimension.high)]
    return [dimension.kind, *ends, step, sampling]


def _write_end(dimension: Dimension, end: float) -> str:
    return write_number(int(end) if dimension.kind == "int" else end)


def _write_condition(dimension: Dimension) -> str:
    return " and ".join(
        f"`{other}` is {join_words([write_option(v) for v in said], most=_MOST_VALUES, last='or')}"
        for other, said in dimension.when.items()
    )


def tabulate_values(space: SearchSpace) -> list[str]:
    """Return a row a dimension: its values, and how many they are."""
    rows = []
    for name, dimension in space.dimensions.items():
        n_values = dimension.count()
        if n_values is None:
            low, high = _describe(dimension)[1:3]
            scale = "continuous, log scale" if dimension.log else "continuous"
            rows.append([f"`{name}`", f"{low} to {high} ({scale})"])
        else:
            values = f"{n_values:,} value{'s' * (n_values > 1)}"
            rows.append([f"`{name}`", f"{_list_values(dimension)} ({values})"])
    return write_table(["Parameter", "Values"], rows)


def list_descriptions(space: SearchSpace) -> list[str]:
    """Return what the space's file says of its dimensions."""
    return [
        f"- `{name}`: {escape_words(' '.join(dimension.description.split()))}"
        for name, dimension in space.dimensions.items()
        if dimension.description.strip()
    ]


def _list_values(dimension: Dimension) -> str:
    """Return the values of a dimension; of many the first and the last."""
    n_values = dimension.count() or 0
    if n_values <= _MOST_VALUES:
        return ", ".join(write_option(v) for v in dimension.values or ())
    if dimension.choices is not None:
        values = [write_option(v) for v in dimension.choices[:_MOST_VALUES]]
        return f"{', '.join(values)}, ..."
    low, high = _describe(dimension)[1:3]
    return f"{low} to {high}"
