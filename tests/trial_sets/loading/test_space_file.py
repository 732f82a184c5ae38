"""A space is read from the files that people have, in the names of the study."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.space_file import WRAPPERS, load_space, read_space
from trial_sets.space import SearchSpace
from trial_sets.vocabulary import NETWORK, DeclaredVocabulary, LstmVocabulary

OURS = {"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": True}, "bs": [32, 64]}


def read(folder: Path, content: object, name: str = "own.json") -> SearchSpace:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return load_space(path, NETWORK)


def test_every_wrapper_holds_the_same_space(tmp_path: Path) -> None:
    plain = read(tmp_path, OURS)
    assert list(plain.dimensions) == ["learning_rate", "batch_size"]
    for wrapper in WRAPPERS:
        said = {"$schema": "x", "description": "of the first round", wrapper: OURS}
        assert read(tmp_path, said) == plain
    assert read(tmp_path, {"description": "of the first round", **OURS}) == plain


def test_yaml_says_the_same(tmp_path: Path) -> None:
    text = """
    # of the first round
    search_space:
      lr: {type: float, low: 1e-5, high: 0.1, log: true}
      bs: [32, 64]
    """
    assert read(tmp_path, text, "own.yaml") == read(tmp_path, OURS)


def test_json_may_have_comments(tmp_path: Path) -> None:
    assert list(read(tmp_path, '{"lr": [0.1, 0.2,], // two\n}').dimensions) == ["learning_rate"]


def test_a_sweep_is_a_space_and_what_comes_to_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text("""
program: train.py
method: bayes
metric: {name: val_accuracy, goal: maximize}
parameters:
  optimizer:
    parameters:
      lr: {distribution: log_uniform_values, min: 1e-5, max: 0.1}
      name: {values: [Adam, SGD]}
  dropout: {min: 0.0, max: 0.5}
  epochs: {value: 5}
""")
    found = read_space(path, NETWORK)
    dimensions = found.space.dimensions
    assert list(dimensions) == ["learning_rate", "optimizer", "dropout", "epochs"]
    assert dimensions["optimizer"].values == ("adam", "sgd")
    assert dimensions["epochs"].values == (5,)
    assert found.notices == (
        'sweep.yaml: names were read as the patch transformer\'s: "optimizer.lr" as '
        'learning_rate and "optimizer.name" as optimizer',
        "sweep.yaml: of the sweep nothing comes of program, method and metric",
    )


def test_names_are_those_of_the_network(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"hidden_size": [64, 128], "num-layers": [1]}))
    assert list(load_space(path, NETWORK).dimensions) == ["d_model", "n_layers"]
    assert list(load_space(path, LstmVocabulary()).dimensions) == ["hidden_size", "n_layers"]
    words = DeclaredVocabulary(("hiddenSize", "num_layers"))
    assert list(load_space(path, words).dimensions) == ["hiddenSize", "num_layers"]


def test_a_parameter_called_as_a_wrapper_is_one(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"space": {"type": "float", "low": 0, "high": 1}}))
    assert list(load_space(path, DeclaredVocabulary(("space",))).dimensions) == ["space"]


FLOAT = {"type": "float", "low": 0.0, "high": 0.5}
MISTAKES: list[tuple[object, str]] = [
    ("", "not valid JSON at line 1, column 1"),
    ("3", "holds 3, expected hyperparameters by name, such as"),
    ([FLOAT], "expected hyperparameters by name, such as"),
    ({"dimensions": {}}, "dimensions={}, expected at least 1 item"),
    ({"dimensions": 3}, 'unknown hyperparameter "dimensions"'),
    ({"dimensions": OURS, "space": OURS}, "dimensions and space both hold a space; leave one"),
    ({"dimensions": OURS, "trials": 3}, 'unknown key "trials" beside dimensions'),
    ({"dropout": {"low": 0.0, "high": 0.5}}, "dimension dropout: a parameter needs type or choi"),
    ({"dropout": {"type": "float"}}, "dimension dropout: a range needs both ends, and low is mi"),
    ({"dropout": {**FLOAT, "hihg": 1}}, 'dimension dropout: unknown key "hihg"; did you mean hi'),
    ({"dropout": {**FLOAT, "low": "0"}}, 'dimension dropout: low="0", expected number'),
    ({"dropout": {**FLOAT, "low": 0.9}}, "dimension dropout: low=0.9 is above high=0.5"),
    ({"dropout": {**FLOAT, "low": -1, "log": True}}, "low=-1: a logarithmic scale begins above"),
    ({"dropout": {**FLOAT, "log": 1}}, "dimension dropout: log=1, expected boolean"),
    ({"dropout": {**FLOAT, "step": 0.6}}, "step=0.6 leads from low=0 beyond high=0.5"),
    ({"lr": {**FLOAT, "low": 0.1, "log": True, "step": 0.1}}, "step goes without log"),
    ({"dropout": []}, "dimension dropout: choices=[], expected at least 1 item"),
    ({"dropout": [0.1, 0.1]}, "dimension dropout: choices: 0.1 stands twice"),
    ({"dropout": [0.1, "a"]}, "dimension dropout: choices are of several types: float, str"),
    ({"dropout": [[0.1]]}, "choices: 0=[0.1], expected finite number, text, true or false"),
    ({"dropout": [None, 0.1]}, "dimension dropout: choices hold null, which is no value that a"),
    ({"dropout": "0.1"}, 'dimension dropout: "0.1", expected a range such as'),
    ({"dropout": 0.1}, "dimension dropout: 0.1, expected a range such as"),
    ({"x" * 70: [1]}, "unknown hyperparameter"),
    (
        {"dropout": {**FLOAT, "when": {"optimizer": "sgd"}}},
        "dropout: when names optimizer, which is no dimension before it",
    ),
    (
        {"opt": ["adam"], "dropout": {**FLOAT, "when": {"optim": "sgd"}}},
        'dropout: when: optimizer is never "sgd"',
    ),
    (
        {"opt": ["adam"], "dropout": {**FLOAT, "when": {"optmi": "sgd"}}},
        'dimension dropout: when: unknown hyperparameter "optmi"; did you mean optimizer?',
    ),
    ({"dropout": {**FLOAT, "when": 3}}, "dimension dropout: when=3, expected an object"),
    ({"dropout": {**FLOAT, "when": {"lr": []}}}, "expected at least 1 item"),
    ({"random_state": [1]}, "random_state is no hyperparameter: every trial of a search is train"),
]


@pytest.mark.parametrize(("content", "message"), MISTAKES)
def test_a_mistake_in_a_space_is_named(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path}/own.json: ")
    assert "\n" not in str(caught.value)


YAML_MISTAKES: list[tuple[str, str]] = [
    ("lr: !!python/object:os.system {}", "line 1: the tag !!python/object:os.system makes what no"),
    ("lr: [0.1]\nlr: [0.2]", 'line 2: the key "lr" stands twice in one mapping'),
    ("lr: [0.1", "not valid YAML at line 1"),
    ("", "holds null, expected hyperparameters by name"),
    ("dropout: {type: float, low: 0.0, high: .inf}", 'dropout: high=".inf", expected number'),
]


@pytest.mark.parametrize(("text", "message"), YAML_MISTAKES)
def test_a_mistake_in_yaml_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read(tmp_path, text, "own.yml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["own.py", "own", "own.txt"])
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"ends in \.json, \.jsonc, \.yaml or \.yml"):
        read(tmp_path, OURS, name)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: cannot be read: No such file"):
        load_space(tmp_path / "none.json", NETWORK)


def test_options_keep_their_names(tmp_path: Path) -> None:
    said: dict[str, Any] = {"options.my.alpha": [1, 2]}
    assert list(read(tmp_path, said).dimensions) == ["options.my.alpha"]
