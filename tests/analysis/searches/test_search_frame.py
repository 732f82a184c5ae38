import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.searches.search import Search
from analysis.searches.search_frame import declare_dimensions, frame_search
from tests.analysis.searched import SPACE, Told
from trial_sets.parameter import Parameter
from trial_sets.space import Dimension, SearchSpace


def test_a_frame_holds_what_was_trained_and_the_spaces_dimensions(
    make_search: Callable[..., Search], run: Path
) -> None:
    content = SPACE.model_dump(exclude_unset=True)
    content["dimensions"]["dropout"]["when"] = {"batch_size": [32]}
    space = SearchSpace.model_validate_json(json.dumps(content))
    first = {"learning_rate": 1e-3, "batch_size": 64}
    second = {"learning_rate": 1e-2, "batch_size": 32, "dropout": 0.2}
    search = make_search(
        Told(first, 0.6, said={"default": True}),
        Told(second, 0.7),
        Told({**second, "dropout": 0.3}, status="pruned"),
        Told(second, 0.7, status="repeated", said={"fit": "trial-00001"}),
        run=run,
        space=space,
    )
    frame = frame_search(search)
    assert frame.params == ("learning_rate", "batch_size", "dropout")
    assert frame.rows["trial"].tolist() == [
        "trial-00000", "trial-00001", "trial-00002", "baseline-logistic",
    ]  # fmt: skip
    assert frame.rows["role"].tolist() == ["default", "trial", "trial", "baseline"]
    assert frame.rows["state"].tolist() == ["complete", "complete", "pruned", "complete"]
    assert np.isnan(frame.rows["dropout"].iloc[0])
    assert frame.rows["dropout"].iloc[1] == 0.2
    assert frame.metric_label == "AUC"


def test_whole_numbers_step_by_one() -> None:
    found = declare_dimensions(
        {
            "n": Dimension(type="int", low=1, high=8),
            "seed": Dimension(type="float", low=0.0, high=1.0),
            "flag": Dimension(type="bool"),
            "size": Dimension(choices=(8, 16)),
        }
    )
    assert found["n"].step == 1.0
    assert found["seed_"].step is None  # seed is a column of every frame
    assert found["size"].choices == (8.0, 16.0)
    assert "flag" not in found


def test_a_space_reaches_as_far_as_the_study_declares() -> None:
    rate = {"type": "float", "log": True}
    found = declare_dimensions(
        {"rate": Dimension(low=1e-5, high=1e-2, **rate), "size": Dimension(choices=(8, 16))},
        {
            "rate": Parameter(low=1e-6, high=1, **rate),
            "size": Parameter(type="int", low=1, high=64),
            "other": Parameter(type="int", low=1, high=64),
        },
    )
    assert (found["rate"].low, found["rate"].high) == (1e-5, 1e-2)
    assert found["rate"].reach == (1e-6, 1)
    assert found["size"].reach is None  # of choices nothing else was asked for
    assert set(found) == {"rate", "size"}
