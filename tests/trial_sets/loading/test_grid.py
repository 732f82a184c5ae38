"""Every combination of values is a trial, as many as a set may have."""

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.grid import describe_grid, spell_out


def test_the_last_hyperparameter_varies_fastest_and_notes_tell_trials_apart() -> None:
    axes = {"dropout": [0.3, 0.4], "epochs": [5], "lr": [1e-3, 1e-4]}
    assert spell_out(axes, "own.py") == {
        "trial1": {"dropout": 0.3, "epochs": 5, "lr": 1e-3, "note": "dropout=0.3, lr=0.001"},
        "trial2": {"dropout": 0.3, "epochs": 5, "lr": 1e-4, "note": "dropout=0.3, lr=0.0001"},
        "trial3": {"dropout": 0.4, "epochs": 5, "lr": 1e-3, "note": "dropout=0.4, lr=0.001"},
        "trial4": {"dropout": 0.4, "epochs": 5, "lr": 1e-4, "note": "dropout=0.4, lr=0.0001"},
    }
    assert describe_grid(axes) == "2 dropout x 2 lr, as trial1 to trial4"


def test_one_value_each_is_one_configuration_without_a_note() -> None:
    assert spell_out({"lr": [1e-3]}, "own.py") == {"trial1": {"lr": 1e-3}}
    assert describe_grid({"lr": [1e-3]}) == "one configuration, as trial1"


def test_a_base_is_changed_in_its_groups_and_its_words_stay_in_the_notes() -> None:
    base = {"optim": {"lr": 1, "wd": 2}, "description": "x", "model": "big"}
    axes = {"optim.lr": [3, 4], "model.depth": [2], "name": ["y"], "a.b": [5]}
    rest = {"model": "big", "model.depth": 2, "a.b": 5}
    assert spell_out(axes, "own.yaml", base) == {
        "trial1": {"optim": {"lr": 3, "wd": 2}, **rest, "note": "x; y; optim.lr=3"},
        "trial2": {"optim": {"lr": 4, "wd": 2}, **rest, "note": "x; y; optim.lr=4"},
    }
    assert base["optim"] == {"lr": 1, "wd": 2}


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"lr": []}, r"own\.py: lr has no values"),
        ({f"x{n}": list(range(10)) for n in range(50)}, r"its combinations are 100,.* trials, exp"),
        (
            {"x": list(range(10_001))},
            r"combinations are 10,001 trials, expected at most 10,000",
        ),
    ],
)
def test_no_more_trials_are_made_than_a_set_may_have(
    axes: dict[str, list[int]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        spell_out(axes, "own.py")
