"""Trials of one's own in the words of a study that declares its parameters."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trial_sets.conftest import FREE_SET, FREE_STUDY, changed
from trial_sets.errors import InputError
from trial_sets.linting.ranges import lint_ranges
from trial_sets.loading.trial_file import load_trials
from trial_sets.study import Study

Write = Callable[..., Path]
Load = Callable[..., Study]


@pytest.fixture
def load(write_study: Write) -> Load:
    def load_text(text: str, name: str = "own.py", study: object = FREE_STUDY) -> Study:
        folder = write_study(study, A=FREE_SET)
        (folder.parent / name).write_text(text)
        return load_trials(str(folder.parent / name), folder)

    return load_text


def say(study: Study, *names: str) -> list[tuple[Any, ...]]:
    """Return what each trial says of some parameters."""
    trials = study.sets[0].trials
    return [tuple(t.configuration.settings[name] for name in names) for t in trials]


FORMS: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("own.py", "T = {'A1': {'depth': 4}, 'A2': {'rate': 1e-3}}", [(4, 0.01), (3, 1e-3)]),
    (
        "own.py",
        "T = [{'id': 'A1', 'depth': 4}, {'id': 'A2', 'Depth': 5}]",
        [(4, 0.01), (5, 0.01)],
    ),
    ("own.py", "B = dict(depth=4)\nT = {'A1': {**B, 'rate': 2 * 5e-4}}", [(4, 1e-3)]),
    ("own.py", "T = {'A1': dict(depth=4), 'A2': {'depth': 5.0}}", [(4, 0.01), (5, 0.01)]),
    ("own.py", "CONFIG = {'depth': [4, 5], 'rate': 1e-3}", [(4, 1e-3), (5, 1e-3)]),
    ("own.py", "OVERRIDES = ['depth=4,5', 'optim.rate=1e-3']", [(4, 1e-3), (5, 1e-3)]),
    ("own.json", '{"A1": {"model": {"depth": 4}, "optim": {"rate": 1}}}', [(4, 1.0)]),
    ("own.json", '{"A1": {"model.depth": 4, "optim/rate": 1}}', [(4, 1.0)]),
    ("own.json", '{"model": {"depth": 4}, "optim": {"rate": 1}}', [(4, 1.0)]),
    ("own.json", '{"A1": {"options": {"depth": 4}}}', [(4, 0.01)]),
    ("own.json", '{"depth": 4, "note": "one"}', [(4, 0.01)]),
    ("own.json", '[{"A1": {"depth": 4}}, {"A2": {"depth": 5}}]', [(4, 0.01), (5, 0.01)]),
    ("own.yaml", "A1:\n  depth: 4\n  rate: 1e-3\nA2: {depth: 5}\n", [(4, 1e-3), (5, 0.01)]),
    ("own.yaml", "method: grid\nparameters:\n  depth: {values: [4, 5]}\n", [(4, 0.01), (5, 0.01)]),
    ("own.yaml", "depth: {value: 4}\nrate: {value: 1e-3}\n", [(4, 1e-3)]),
    ("own.yaml", "hydra: {sweeper: {params: {depth: '4,5'}}}\n", [(4, 0.01), (5, 0.01)]),
    ("own.txt", "python train.py -m depth=range(4,6) optim.rate=1e-3", [(4, 1e-3), (5, 1e-3)]),
    ("own.sh", "python train.py depth=4,5 rate=1e-3", [(4, 1e-3), (5, 1e-3)]),
]


@pytest.mark.parametrize(("name", "text", "said"), FORMS)
def test_every_form_is_read_in_the_studys_words(
    load: Load, name: str, text: str, said: list[tuple[Any, ...]]
) -> None:
    study = load(text, name)
    assert say(study, "depth", "rate") == said
    assert [t.configuration.settings["act"] for t in study.trials()] == ["relu"] * (len(said) + 1)
    assert study.sets[0].control == "BASE"


def test_case_and_hyphens_do_not_count_and_that_is_said(load: Load) -> None:
    study = load("T = {'A1': {'Depth': 4, 'RATE': 0.1, 'train': {'b-i-a-s': True}}}")
    assert say(study, "depth", "rate", "bias") == [(4, 0.1, True)]
    assert study.notices == (
        "own.py: groups were flattened: train",
        "own.py: names were read as the study's parameters: Depth as depth, RATE as rate and "
        "b-i-a-s as bias",
    )


def test_a_name_that_spells_two_parameters_is_neither(load: Load) -> None:
    content = changed(FREE_STUDY, ("parameters", "DEPTH"), {"type": "int"})
    content = changed(content, ("base", "DEPTH"), 1)
    text = "T = {'A1': {'depth': 4, 'DEPTH': 2}}"
    assert say(load(text, study=content), "depth", "DEPTH") == [(4, 2)]
    with pytest.raises(InputError, match=r"unknown parameter \"Depth\"; did you mean depth\?"):
        load("T = {'A1': {'Depth': 4}, 'A2': {}}", study=content)


@pytest.mark.parametrize(
    "text",
    [
        "T = {'A1': {'model.width': 9}}",
        "T = {'A1': {'model': {'width': 9}}}",
        "T = {'A1': {'net.model.width': 9}}",
        "OVERRIDES = ['model.width=9']",
        "T = {'model.width': [9]}",
    ],
)
def test_a_parameters_own_name_may_have_points(load: Load, text: str) -> None:
    assert say(load(text), "model.width") == [(9,)]


def test_the_kind_of_a_group_is_the_parameter_of_its_name(load: Load) -> None:
    assert say(load("T = {'A1': {'act': {'name': 'gelu'}}}"), "act") == [("gelu",)]


def test_parameters_may_be_called_as_trials_and_notes_are(load: Load) -> None:
    content = changed(FREE_STUDY, ("parameters", "run"), {"type": "str"})
    content = changed(content, ("parameters", "comment"), {"type": "str"})
    content = changed(content, ("base",), {**FREE_STUDY["base"], "run": "a", "comment": "b"})
    study = load("T = [{'name': 'A1', 'run': 'x', 'comment': 'y', 'note': 'n'}]", study=content)
    assert say(study, "run", "comment") == [("x", "y")]
    assert study.sets[0].trials[0].note == "n"


def test_a_set_in_its_own_form_is_read_by_either_name_of_its_claims(load: Load) -> None:
    for key in ("claims", "expectations"):
        content = {name: v for name, v in FREE_SET.items() if name != "claims"}
        content |= {key: FREE_SET["claims"], "base": {"optim": {"Rate": 1}}}
        study = load(json.dumps(content), "own.json")
        assert [claim.better for _, claim in study.expectations()] == [("A1",)]
        assert say(study, "rate") == [(1.0,), (1.0,)]


def test_values_outside_a_range_are_found_and_run(load: Load) -> None:
    study = load("T = {'A1': {'depth': 9}}")
    assert [remark.what for remark in lint_ranges(study)] == ["depth=9 lies above high=8"]


MISTAKES: list[tuple[str, str]] = [
    ("{'A1': {},\n 'A2': {'dept': 4}}", r"line 2: trial A2: unknown parameter \"dept\"; did you m"),
    ("{'A1': {'hidden_size': 4}}", r"trial A1: unknown parameter \"hidden_size\"; valid: act, bi"),
    ("{'A1': {'lr': 4}, 'A2': {}}", r"trial A1: unknown parameter \"lr\"; valid: act, bias"),
    ("{'A1': {'dropout': 4}, 'A2': {}}", r"trial A1: unknown parameter \"dropout\"; valid: act"),
    ("{'A1': {'options': {'x': 1}}, 'A2': {}}", r"unknown parameter \"options\.x\"; valid: act"),
    ("{'A1': {'depth': '4'}}", r"trial A1: depth=\"4\", expected a value of type int"),
    ("{'A1': {'depth': 2.5}}", r"trial A1: depth=2\.5, expected a value of type int"),
    ("{'A1': {'depth': [1, 2]}}", r"trial A1: depth=\[1, 2\], expected finite number, text, true"),
    ("{'A1': {'depth': None}}", r"trial A1: depth=null, expected finite number, text, true or fa"),
    ("{'A1': {'depth': {'x': 1}}}", r"unknown parameter \"depth\.x\"; did you mean depth\?"),
    ("{'A1': {'act': 3}}", r"trial A1: act=3, expected one of \"relu\" or \"gelu\""),
    ("{'A1': {'bias': 'yes'}}", r"trial A1: bias=\"yes\", expected a value of type bool"),
    ("{'A1': {'depth': 1, 'Depth': 2}}", r"trial A1: depth and Depth both give depth"),
    ("{'A1': {'seed': 1}, 'A2': {}}", r"A1: seed is no part of a configuration: .* as many as --"),
    ("{'A1': {}, 'random_state': 1}", r"random_state is no trial: seeds are given with --seeds"),
    ("{'A1': {}, 'depth': 5}", r"own\.py: depth beside the trials A1: what all trials share"),
    ("{'A1': {}, 'common': {'depth': 1}}", r"common beside the trials A1 and common: what all"),
    ("{'A1': 5, 'A2': {}}", r"line 1: trial A1: 5 is not a dict of hyperparameters"),
    ("{'A1': {'note': 3}}", r"trial A1: note=3, expected string"),
    (
        "{'net': {'depth': 4, 'act': 'gelu'}, 'sgd': {'rate': 1, 'bias': True}, 'x': {}}",
        r"net beside the trials sgd and x: what all trials share",
    ),
    (
        "{'mixer': {'depth': 4, 'act': 'gelu'}, 'sgd': {'rate': 1, 'bias': True}}",
        r"own\.py: mixer and sgd may be trials or groups of one configuration: number the names",
    ),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_line(load: Load, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load(f"T = {text}")
    assert "\n" not in str(caught.value)
    assert "more)" not in str(caught.value)


def test_a_trial_without_a_value_says_where_to_give_it(load: Load) -> None:
    content = changed(FREE_STUDY, ("base", "act"), ...)
    content = changed(content, ("controls",), {})
    with pytest.raises(
        InputError,
        match=r"set A, trial A2 \(line 2\): the parameter act has no value; give it in the trial",
    ):
        load("T = {'A1': {'act': 'gelu'},\n 'A2': {'depth': 4}}", study=content)
