"""Hydra's overrides are a grid where they list values, and refused where they do not."""

from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.multirun import (
    find_sweeper,
    is_multirun,
    read_overrides,
    read_sweeper,
    split_command,
)


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("lr=1e-3,1e-4 dropout=0.1,0.2", {"lr": [1e-3, 1e-4], "dropout": [0.1, 0.2]}),
        ("python train.py -m lr=1e-3", {"lr": [1e-3]}),
        ("X=1 python -u src/train.py --multirun +lr=1,2 ++model.depth=3 hydra.launcher.n_jobs=4",
         {"lr": [1, 2], "model.depth": [3]}),
        ("# comment\nlr=1,2 \\\n  wd=0.1\n\nbs=3", {"lr": [1, 2], "wd": [0.1], "bs": [3]}),
        ("'lr=choice(1, 2)' n_layers=range\\(2,8,2\\)", {"lr": [1, 2], "n_layers": [2, 4, 6]}),
        ("opt=adam,'adamw' revin=true,False clip=null,1.0 x=",
         {"opt": ["adam", "adamw"], "revin": [True, False], "clip": [None, 1.0], "x": [None]}),
        ("note='\"a, b\",c'", {"note": ["a, b", "c"]}),
    ],
)  # fmt: skip
def test_lists_of_values_are_read(text: str, axes: dict[str, list[Any]]) -> None:
    assert is_multirun(text)
    assert read_overrides(split_command(text, "own.txt"), "own.txt") == axes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lr=interval(0,1)", r'own\.txt: lr="interval\(0,1\)" lists no values: give them, such as'),
        ("lr=range(0,1,0.1)", r"lr: of ranges only those of whole numbers are read"),
        ("lr=range(1,9,0)", r"lr: of ranges only those of whole numbers"),
        ("lr=range(1,2,3,4)", r"lr: of ranges only those of whole numbers"),
        ("lr=range(1,99999999999)", r"lr: the range is of more than 10,000 values"),
        ("lr=[1,2],[3]", r'lr: "\[1,2\]" is no plain value'),
        ("lr=tag(x,1),2", r'lr: "tag\(x,1\)" is no plain value'),
        ("lr=${other}", r'lr: "\$\{other\}" is no plain value'),
        ("lr=1 lr=2", r"lr is given twice"),
        ("~lr=1", r'"~lr=1" is no override such as'),
        ("lr=1 verbose", r'"verbose" is no override such as'),
        ("lr=1 --config-name=x", r'"--config-name=x" is no override'),
        ("lr=" + "1," * 40_000, r"a command has more than 65,536 characters"),
        ("lr='1", r"a quotation is never closed"),
        ("python a.py lr=1\npython b.py lr=2", r"holds 2 commands, expected one"),
    ],
)
def test_what_lists_no_values_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_overrides(split_command(text, "own.txt"), "own.txt")


@pytest.mark.parametrize(
    "content", ["lr", "", [], ["lr"], ["lr=1", "x"], ["lr=1", 2], {"a": "b=c"}]
)
def test_other_texts_are_no_overrides(content: object) -> None:
    assert not is_multirun(content)


def test_the_sweepers_parameters_are_found_in_a_configuration() -> None:
    params = {"lr": "1e-3, 1e-4", "model.depth": 3}
    found = find_sweeper({"hydra": {"sweeper": {"params": params}}, "epochs": 5})
    assert found == params
    assert read_sweeper(params, "own.yaml") == {"lr": [1e-3, 1e-4], "model.depth": [3]}


@pytest.mark.parametrize(
    "content",
    [{}, {"hydra": None}, {"hydra": {"sweeper": {"params": []}}}],
)
def test_a_configuration_without_a_sweeper_has_none(content: dict[str, Any]) -> None:
    assert find_sweeper(content) is None
