from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis.frames.frame import Space, TrialFrame, make_frame
from analysis.frames.pooling import merge_spaces, pool_frames
from trial_sets.errors import InputError


def single(value: float, file: str, **changes: Any) -> TrialFrame:
    rows = pd.DataFrame({"metric": [value], "file": [file], "lr": [0.1]})
    return make_frame(rows, ["lr"], **({"metric": "val_auc", "direction": "maximize"} | changes))


def test_pooling_keeps_the_file_and_numbers_configurations_anew() -> None:
    pooled = pool_frames([single(0.7, "a.json"), single(0.8, "b.json")])
    assert list(pooled.rows["file"]) == ["a.json", "b.json"]
    assert pooled.rows["configuration"].nunique() == 1


def test_pooling_widens_the_declared_ranges() -> None:
    spaces = [{"lr": Space(0.1, 1, is_log=True)}, {"lr": Space(0.01, 0.5, is_log=False)}]
    frames = [single(0.7, f"{n}.json", spaces=space) for n, space in enumerate(spaces)]
    assert pool_frames(frames).spaces == {"lr": Space(0.01, 1, is_log=True)}


def test_files_that_disagree_on_the_direction_are_refused() -> None:
    frames = [single(0.7, "a.json"), single(0.1, "b.json", metric="loss", direction="minimize")]
    with pytest.raises(InputError, match=r"a.json maximizes val_auc, b.json minimizes loss"):
        pool_frames(frames)


def test_an_assumed_direction_gives_way_to_a_recorded_one() -> None:
    assumed = single(0.7, "a.csv", metric="value", is_direction_known=False)
    recorded = single(0.1, "b.db", metric="value", direction="minimize")
    assert pool_frames([assumed, recorded]).direction == "minimize"


def test_files_with_different_metrics_are_refused() -> None:
    with pytest.raises(InputError, match=r"val_auc in a.json, f1 in b.json"):
        pool_frames([single(0.7, "a.json"), single(0.1, "b.json", metric="f1")])


def test_what_was_assumed_is_said_once_with_its_files() -> None:
    frames = [
        replace(single(0.7, f"{name}.csv"), assumptions=("x was set aside", f"odd {name == 'a'}"))
        for name in "abcd"
    ]
    assert pool_frames(frames).assumptions == (
        "a.csv, b.csv and 2 more: x was set aside",
        "a.csv: odd True",
        "b.csv, c.csv and d.csv: odd False",
    )
    assert pool_frames(frames[:1]).assumptions == ("x was set aside", "odd True")


def test_the_direction_is_from_where_a_file_knows_it() -> None:
    assumed = single(0.7, "a.csv", metric="value", is_direction_known=False)
    known = replace(single(0.8, "b.csv"), direction_source="by its name")
    pooled = pool_frames([replace(assumed, direction_source="assumed"), known])
    assert (pooled.direction_source, pooled.is_direction_known) == ("by its name", True)


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (Space(1, 5, is_log=False, step=2), Space(1, 9, is_log=False, step=2),
         Space(1, 9, is_log=False, step=2)),
        (Space(1, 5, is_log=False, step=2), Space(2, 9, is_log=False, step=2),
         Space(1, 9, is_log=False)),
        (Space(1, 2, is_log=False, choices=(1.0, 2.0)),
         Space(2, 4, is_log=False, choices=(2.0, 4.0)),
         Space(1, 4, is_log=False, choices=(1.0, 2.0, 4.0))),
        (Space(1, 2, is_log=False, choices=(1.0, 2.0)), Space(2, 4, is_log=False),
         Space(1, 4, is_log=False)),
    ],
)  # fmt: skip
def test_ranges_are_merged_to_what_holds_both(one: Space, other: Space, merged: Space) -> None:
    assert merge_spaces(one, other) == merged
