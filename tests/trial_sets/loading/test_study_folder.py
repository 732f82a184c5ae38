"""A study is resolved layer by layer; every mistake gets one sentence that says where."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trial_sets.conftest import SET_A, STUDY, changed
from trial_sets.errors import InputError
from trial_sets.loading.study_folder import find_study, is_study, load_study

Write = Callable[..., Path]


def test_a_trials_key_wins_over_the_sets_base_and_that_over_the_studys(write_study: Write) -> None:
    content = changed(SET_A, ("trials", "A1", "weight_decay"), 1e-3)
    content = changed(content, ("base", "d_model"), 32)
    study = load_study(write_study(A=content))
    first, second = study.sets[0].trials
    assert (first.configuration.weight_decay, second.configuration.weight_decay) == (1e-3, 0.0)
    assert first.configuration.d_model == 32
    assert study.controls[0].configuration.d_model == 16


def test_the_folder_names_the_study_and_the_files_name_the_sets(write_study: Write) -> None:
    other = changed(SET_A, ("trials",), {"B1": {"dropout": 0.4}})
    study = load_study(write_study(A=SET_A, B={**other, "expectations": []}))
    assert study.name == "small"
    assert [trial_set.name for trial_set in study.sets] == ["A", "B"]
    assert study.seeds == (3, 5)


STUDY_MISTAKES: list[tuple[tuple[Any, ...], Any, str]] = [
    (("rop",), 0.1, r"study\.json: unknown key \"rop\"; did you mean rope\?"),
    (("rope",), "small", r"rope=\"small\", expected number"),
    (("rope",), -0.1, r"rope=-0\.1, expected greater than or equal to 0"),
    (("seeds",), [], r"seeds=\[\], expected"),
    (("seeds",), [1, 1], r"a seed stands twice in \[1, 1\]"),
    (("seeds",), [1.5], r"seeds, 0=1\.5, expected integer|seeds: 0=1\.5, expected integer"),
    (("title",), ..., r"title is missing"),
    (("tier",), "a51", r"tier=\"a51\", expected 'a50'"),
    (("label",), {"horizon": 0}, r"label: horizon=0, expected greater than or equal to 1"),
    (("base", "d_modle"), 1, r"base: unknown key \"d_modle\"; did you mean d_model\?"),
    (("controls", "K", "dropout"), 2, r"control K: dropout=2, expected less than 1"),
    (("controls", "A1"), {"dropout": 0.1, "learning_rate": 1.0}, r"name A1 stands twice"),
    (
        ("controls", "a1"),
        {"dropout": 0.1, "learning_rate": 1.0},
        r"study\.json: the trial name a1 stands twice, also as A1 in .*A\.json: set A",
    ),
    (("controls", "../x"), {}, r"the name \"\.\./x\" is not letters, digits"),
]


@pytest.mark.parametrize(("path", "value", "message"), STUDY_MISTAKES)
def test_a_mistake_in_the_study_is_named(
    write_study: Write, path: tuple[Any, ...], value: object, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load_study(write_study(changed(STUDY, path, value)))
    assert "\n" not in str(caught.value)


SET_MISTAKES: list[tuple[tuple[Any, ...], Any, str]] = [
    (("trials", "A1", "droput"), 0.1, r"trial A1: unknown key \"droput\"; did you mean dropout"),
    (("trials", "A1", "dropout"), 1.0, r"A\.json: set A: trial A1: dropout=1\.0, expected less"),
    (("trials", "A1", "dropout"), "0.1", r"trial A1: dropout=\"0\.1\", expected number"),
    (("trials", "A1", "dropout"), ..., r"set A, trial A1: dropout is missing"),
    (("trials", "A1", "dropout"), None, r"trial A1: dropout=null, expected number"),
    (("trials", "A1", "n_layers"), True, r"trial A1: n_layers=true, expected integer"),
    (("trials", "A1", "n_layers"), 2.5, r"n_layers=2\.5, expected integer"),
    (("trials", "A1", "n_heads"), 3, r"trial A1: d_model=16 is not divisible by n_heads=3"),
    (("trials", "A1", "learning_rate"), 0, r"learning_rate=0, expected greater than 0"),
    (("trials", "A1", "weight_decay"), -1, r"weight_decay=-1, expected greater than or equal"),
    (
        ("trials", "A1", "optimizer"),
        "lion",
        r"optimizer=\"lion\", expected 'adam', 'adamw', 'sgd' or 'rmsprop'",
    ),
    (("trials", "A1", "patch"), 100, r"trial A1: patch=100 is longer than context=80"),
    (("trials", "A1", "stride"), 17, r"trial A1: stride=17 leaves gaps"),
    (("trials", "A1", "revin"), 1, r"revin=1, expected boolean"),
    (("trials",), {}, r"trials=\{\}, expected at least 1 item$"),
    (("trials", "figures"), {"dropout": 0.1}, r"the trial name figures is taken by other results"),
    (
        ("trials", "CON"),
        {"dropout": 0.1},
        r"the trial name CON is taken by .* or systems",
    ),
    (("trials", "lpt1"), {"dropout": 0.1}, r"the trial name lpt1 is taken"),
    (("trials", "../A1"), {"dropout": 0.1}, r"the name \"../A1\" is not letters, digits"),
    (("trials", "/tmp/A1"), {"dropout": 0.1}, r"the name \"/tmp/A1\" is not letters, digits"),
    (("trials", "A\n1"), {"dropout": 0.1}, r"is not letters, digits"),
    (("trials", "A" * 300), {"dropout": 0.1}, r"is not letters, digits"),
    (("trials", "Baseline-x"), {"dropout": 0.1}, r"the trial name Baseline-x is taken by other"),
    (("$schema",), 5, r"set A: \$schema=5, expected string"),
    (("expectations", 0, "better"), ["A 1"], r"better: 0=\"A 1\", expected text that matches"),
    (("trials",), [], r"trials=\[\], expected"),
    (("trials", "A 1"), {}, r"the name \"A 1\" is not letters"),
    (("control",), "L", r"set A: unknown control 'L'"),
    (("expectations", 0, "better"), [], r"expectation 1: better=\[\]"),
    (("expectations", 0, "beter"), ["A1"], r"expectation 1: unknown key \"beter\"; did you mean b"),
    (("expectations", 0, "better"), ..., r"expectation 1: a claim needs one of better, any_of"),
    (("expectations", 0, "than"), ..., r"expectation 1: better needs than"),
    (("expectations", 0, "than"), ["A9"], r"A\.json: set A, expectation 1: .* no trial 'A9'; did"),
    (("expectations", 0, "than"), ["A2"], r"expectation 1: A2 stands on both sides; name every"),
    (("expectations", 0, "if"), "A1 beats A2", r"expectation 1: if=\"A1 beats A2\" says the oppo"),
]


@pytest.mark.parametrize(("path", "value", "message"), SET_MISTAKES)
def test_a_mistake_in_a_set_is_named(
    write_study: Write, path: tuple[Any, ...], value: object, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load_study(write_study(A=changed(SET_A, path, value)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"title": "x"', r"not valid JSON at line 1, column 14"),
        ("", r"not valid JSON at line 1, column 1"),
        ('{"title": "x", "title": "y"}', r"the key 'title' stands twice"),
        ('{"rope": NaN}', r"NaN is not a number that JSON knows"),
        ("[" * 100_000, r"nested too deeply"),
        ("[]", r"expected object|expected"),
        ('{"seeds": [' + "9" * 5000 + "]}", r"too many digits"),
    ],
)
def test_a_file_that_is_not_a_study_is_refused(write_study: Write, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_study(write_study(text))


def test_a_file_that_is_not_text_is_refused(write_study: Write) -> None:
    folder = write_study()
    (folder / "A.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"A\.json: not UTF-8 text \(byte 0\)"):
        load_study(folder)


def test_a_study_without_sets_is_refused(write_study: Write) -> None:
    folder = write_study()
    (folder / "A.json").unlink()
    with pytest.raises(InputError, match=r"holds no set beside study\.json"):
        load_study(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("A B", r"A B\.json: set A B: the set's name 'A B' is not letters, digits, _ and - \(32"),
        ("1", r"the set's name '1' is not letters"),
        ("All", r"the set's name 'All' stands for every set"),
    ],
)
def test_a_sets_file_needs_a_name_that_can_be_asked_for(
    write_study: Write, name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        load_study(write_study(**{name: SET_A}))


def test_a_studys_base_is_kept_where_it_is_full(write_study: Write) -> None:
    assert load_study(write_study()).base is None
    content = changed(STUDY, ("base",), {**STUDY["base"], **STUDY["controls"]["K"]})  # type: ignore[dict-item,index]
    study = load_study(write_study(content))
    assert study.base == study.controls[0].configuration


@pytest.mark.parametrize(
    ("name", "message"), [("a5O", r"did you mean a50\?"), ("nowhere", r"valid: a50")]
)
def test_an_unknown_study_is_answered_with_the_known(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_study(name)


def test_a_folder_without_a_study_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no study\.json"):
        find_study(str(tmp_path))


def test_sets_and_trials_are_found_by_name_in_any_case(write_study: Write) -> None:
    study = load_study(write_study())
    assert study.find_set("a").name == "A"
    assert study.find_trial("a2").name == "A2"
    with pytest.raises(InputError, match=r"there is no set 'Q'; valid: A"):
        study.find_set("Q")
    with pytest.raises(InputError, match=r"there is no trial 'A22'; did you mean A2\?"):
        study.find_trial("A22")


@pytest.mark.parametrize("name", ["reports", "nul", "a\nb", ".hidden", "-x", "x" * 101, "ä"])
def test_a_folder_name_that_no_results_folder_can_have_is_refused(
    tiny_study: Path, name: str
) -> None:
    folder = tiny_study.rename(tiny_study.with_name(name))
    with pytest.raises(InputError, match=r"the study's name .* cannot be a results folder's"):
        load_study(folder)


def test_a_study_is_known_by_its_name_or_its_folder(tmp_path: Path) -> None:
    assert is_study("a50")
    assert is_study(str(tmp_path))
    assert not is_study("a5O")


@pytest.mark.parametrize("looks", [[4, 2], [2, 2]])
def test_a_plan_of_looks_that_does_not_grow_is_refused(tiny_study: Path, looks: list[int]) -> None:
    path = tiny_study / "study.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "looks": looks}))
    with pytest.raises(
        InputError, match=r"study.json: looks: found \[.*\], expected numbers of see"
    ):
        load_study(tiny_study)
