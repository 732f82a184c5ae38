"""YAML is read as plain values: no tag makes anything, and nothing is read twice or without end."""

import time
from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.formats import yaml_file
from trial_sets.loading.formats.yaml_file import MAX_LENGTH, read_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def write(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Any:
    return read_yaml(write(folder, text)).content


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("A1:\n  dropout: 0.3\nA2:\n  lr: 1e-4\n  revin: no\n",
         {"A1": {"dropout": 0.3}, "A2": {"lr": 1e-4, "revin": "no"}}),
        ("1: {lr: 1}\n'2': {lr: '2'}\ntrue: x\n", {"1": {"lr": 1}, "2": {"lr": "2"}, "true": "x"}),
        ("- name: a\n  lr: 5e-05 # rate\n- {name: 'b', lr: 0.5}",
         [{"name": "a", "lr": 5e-5}, {"name": "b", "lr": 0.5}]),
        ("lr=1e-3,1e-4 dropout=0.1,0.2", "lr=1e-3,1e-4 dropout=0.1,0.2"),
        ("a: !!str 12\nb: !!float 1\nc: !!bool True\nd: !!int 3\ne: !!null ''\nf: !!map {}",
         {"a": "12", "b": 1.0, "c": True, "d": 3, "e": None, "f": {}}),
        ("a: &x {lr: 1}\nb: *x", {"a": {"lr": 1}, "b": {"lr": 1}}),
        ("a: &x {lr: 1, wd: 2}\nb: &y {lr: 3, bs: 4}\nc: {wd: 5, <<: [*x, *y]}",
         {"a": {"lr": 1, "wd": 2}, "b": {"lr": 3, "bs": 4}, "c": {"lr": 1, "wd": 5, "bs": 4}}),
        ("note: >\n  two\n  lines\n", {"note": "two lines\n"}),
        ("%YAML 1.1\n---\na: 1\n...\n", {"a": 1}),
        ("# nothing\n", None),
    ],
)  # fmt: skip
def test_plain_values_are_read(tmp_path: Path, text: str, content: object) -> None:
    assert read(tmp_path, text) == content


def test_lines_are_those_of_keys_and_elements(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "\nA1: {}\nA2:\n  lr: 1\n")).lines == {"A1": 2, "A2": 3}
    assert read_yaml(write(tmp_path, "- a\n\n- b\n")).lines == {"0": 1, "1": 3}


@pytest.mark.parametrize("name", ["base", "defaults", ".hidden", "_x", "x-common", "base_config"])
def test_what_trials_are_only_built_on_is_no_trial(tmp_path: Path, name: str) -> None:
    found = read_yaml(write(tmp_path, f"{name}: &b {{lr: 1}}\nA1: {{<<: *b, wd: 2}}"))
    assert found.content == {"A1": {"lr": 1, "wd": 2}}
    assert found.notices == (f"trials are built on {name}, and it is no trial",)


@pytest.mark.parametrize("text", ["baseline: &b {lr: 1}\nA1: {<<: *b}", "base: {lr: 1}\nA1: {}"])
def test_a_trial_that_another_is_built_on_stays_one(tmp_path: Path, text: str) -> None:
    found = read_yaml(write(tmp_path, text))
    assert (len(found.content), found.notices) == (2, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: !!python/object/apply:os.system ['true']", r"line 1: the tag !!python/.* makes what"),
        ("a: 1\nb: !!python/name:os.system x", r"line 2: the tag !!python/name:os\.system makes"),
        ("a: !own {}", r"the tag !own makes what no trial can hold"),
        ("a: !!set {x}", r"the tag !!set makes"),
        ("a: !!binary aGk=", r"the tag !!binary makes"),
        ("!!int 1: 2", r"the tag !!int makes"),
        ("a: !!int x", r'"x" is not what its tag says'),
        ("a: !!int true", r'"true" is not what its tag says'),
        ("a: !!float ''", r'"" is not what its tag says'),
        ("a: 1\nb:\n  c: 1\n  c: 2", r"line 4: the key \"c\" stands twice in one mapping"),
        ("1: x\n'1': y", r"the key \"1\" stands twice"),
        ("? [a]\n: b", r"line 1: a key is neither a word nor a number"),
        ("a: {<<: 1}", r"<< merges what is no mapping"),
        ("a: &x [*x]", r"is nested too deeply"),
        ("a: &x {<<: *x}", r"is nested too deeply"),
        (BOMB, r"anchors stand for more than 300,000 values"),
        ("[" * 30 + "]" * 30, r"is nested too deeply"),
        ("[" * 1500, r"the YAML is nested too deeply"),
        ("a: [", r"not valid YAML at line 1, column 5: expected the node content"),
        ("a: b: c", r"not valid YAML at line 1, column 5: mapping values are not allowed here"),
        ("a: *b", r"not valid YAML at line 1, column 4: found undefined alias 'b'"),
        ("--- 1\n--- 2", r"not valid YAML at line 2, column 1: but found another document"),
        ("a:\n\t- b", r"found character '\?t' that cannot start any token|cannot start any token"),
        ("a: \x01", r"not valid YAML: it holds a character that no text has"),
        ('a: "\\Uffffffff"', r"not valid YAML: it holds an escape that is none"),
        ("#" * (MAX_LENGTH + 1), r"the file is larger than 512 KiB"),
    ],
)  # fmt: skip
def test_what_is_more_than_plain_values_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_bomb_of_merges_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "MAX_VALUES", 1000)
    lines = ["a0: &a0 {k0: 1}"]
    lines += [f"a{n}: &a{n} {{k{n}: 1, <<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 15)]
    with pytest.raises(InputError, match="anchors stand for more than 1,000 values"):
        read(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("text", ["[a," * 50_000, "{a: " * 50_000, "- " * 50_000, "[a: b," * 9_000])
def test_no_nonsense_takes_long(tmp_path: Path, text: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError):
        read(tmp_path, text)
    assert time.process_time() - began < 10
