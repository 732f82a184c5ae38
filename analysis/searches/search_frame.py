"""A search's trials as the tidy frame that trend tables, findings and importances read."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.frames.frame import STANDARD, Space, TrialFrame, make_frame, rename_reserved
from analysis.frames.spaces import declare_spaces
from analysis.runs.run_frame import frame_run
from analysis.searches.search import Search
from trial_sets.parameter import Parameter

N_PARAMETERS = "n_parameters"  # of the model, which a frame keeps beside the hyperparameters


def frame_search(search: Search) -> TrialFrame:
    """Return one row a trained trial, pruned and failed ones too, and one a baseline.

    The hyperparameters are the space's dimensions; one that is not active in a trial is missing
    there. The base is of the role `default`.
    """
    frame = frame_run(search.run)
    trials = {trial.name: trial for trial in search.trials}
    names = rename_reserved(search.info.space.dimensions)
    rows = frame.rows[[name for name in STANDARD if name != "configuration"]]
    own = [trials.get(str(name)) if role == "trial" else None
           for name, role in zip(rows["trial"], rows["role"], strict=True)]  # fmt: skip
    values = pd.DataFrame(
        [
            {column: None if t is None else t.values.get(name) for name, column in names.items()}
            for t in own
        ],
        columns=list(names.values()),
        index=rows.index,
    )
    roles = ["default" if t is not None and t.is_default else role
             for t, role in zip(own, rows["role"], strict=True)]  # fmt: skip
    whole = pd.concat([rows.assign(role=roles), values], axis="columns")
    if N_PARAMETERS not in whole:
        whole[N_PARAMETERS] = [fit.record.n_parameters for fit in search.run.fits]
    made = make_frame(
        whole,
        list(values.columns),
        metric=frame.metric,
        direction=frame.direction,
        spaces=declare_dimensions(search.info.space.dimensions, search.run.info.study.parameters),
        notes=search.run.notes,
    )
    drawn = (names[name] for name, d in search.info.space.dimensions.items() if d.count() is None)
    return replace(made, title=search.run.metric.title, drawn=frozenset(drawn))


def declare_dimensions(
    dimensions: Mapping[str, Parameter], declared: Mapping[str, Parameter] | None = None
) -> dict[str, Space]:
    """Return the ranges of a space by the columns that hold them; whole numbers step by 1.

    Parameters
    ----------
    declared
        What a study says of them, which reaches further than a space that is narrower.
    """
    columns = rename_reserved(dimensions)
    found = {name: _declare(name, dimensions) for name in dimensions}
    return {
        columns[name]: _reach(_step(dimensions[name], space), _declare(name, declared or {}))
        for name, space in found.items()
        if space is not None
    }


def _declare(name: str, parameters: Mapping[str, Parameter]) -> Space | None:
    said = {one: parameter for one, parameter in parameters.items() if one == name}
    return next(iter(declare_spaces(said).values()), None)


def _step(dimension: Parameter, space: Space) -> Space:
    is_counted = dimension.kind == "int" and not space.choices and space.step is None
    return replace(space, step=1.0) if is_counted else space


def _reach(space: Space, declared: Space | None) -> Space:
    """Let a range reach as far as was declared, where that is further."""
    if declared is None or declared.choices or space.choices:
        return space
    reach = min(space.low, declared.low), max(space.high, declared.high)
    return space if reach == (space.low, space.high) else replace(space, reach=reach)
