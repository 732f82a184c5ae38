"""Tidy frames made by hand."""

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from analysis.frames.frame import Direction, TrialFrame, make_frame

MakeTrials = Callable[..., TrialFrame]


@pytest.fixture
def make_trials() -> MakeTrials:
    """Return a function that makes a frame from columns; what is no standard column is a param."""

    def make(
        *,
        metric: Sequence[float],
        direction: Direction = "maximize",
        name: str = "val_auc",
        params: dict[str, Sequence[object]],
        **standard: object,
    ) -> TrialFrame:
        rows = pd.DataFrame({"metric": metric, **params})
        rows["trial"] = [f"T{number}" for number in range(len(rows))]
        for column, values in standard.items():
            rows[column] = values
        return make_frame(rows, list(params), metric=name, direction=direction)

    return make
