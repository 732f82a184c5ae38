"""A command's template is split without a shell, checked, filled in, known by its files."""

import sys
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.planning.command_template import CommandTemplate, fill_words, write_value

GOOD = "python train.py --lr {lr} --seed {seed} --out {out}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of one's own, with a Python on the path of programs."""
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_values_are_filled_in_within_each_argument_and_split_none(folder: Path) -> None:
    template = CommandTemplate.parse(
        "python 'my train.py' --lr={lr} --act \"{act}\" --json '{{\"seed\": {seed}}}' {out}"
    )
    template.check(["lr", "act"])
    found = template.render({"lr": 1e-5, "act": "a b; rm -rf $HOME", "seed": 3, "out": "/o ut"})
    assert found == (
        str(folder / "programs" / "python"), "my train.py", "--lr=1e-05", "--act",
        "a b; rm -rf $HOME", "--json", '{"seed": 3}', "/o ut",
    )  # fmt: skip


def test_what_a_value_holds_is_no_placeholder() -> None:
    template = CommandTemplate.parse("python {a} {b}")
    assert template.render({"a": "{b}", "b": "{{"})[1:] == ("{b}", "{{")


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (None, "none"), (0.1, "0.1"), (7, "7"), ("relu", "relu")],
)
def test_values_are_written_as_scripts_read_them(value: float, text: str) -> None:
    assert write_value(value) == text


def test_python_is_the_one_that_was_asked_for(folder: Path) -> None:
    assert CommandTemplate.parse(GOOD).program == str(folder / "programs" / "python")
    assert CommandTemplate.parse(GOOD, sys.executable).program == sys.executable
    with pytest.raises(RunError, match="--python nowhere: there is no such program"):
        CommandTemplate.parse(GOOD, "nowhere")


def test_a_tilde_is_the_home_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert fill_words(("python", "~/train.py"), "p", {}) == ("p", f"{folder}/train.py")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("python 'train.py", "a quotation mark lacks its other one"),
        (
            "python train.py > log",
            "'>' is for a shell, and none runs it",
        ),
        ("python a.py && python b.py", "'&&' is for a shell"),
        ("python train.py {seed", "'{seed' has a brace of its own; {{ and }} stand for braces"),
        ("python train.py seed}", "has a brace of its own"),
        ("{python} train.py", "the program itself cannot be a placeholder"),
        ("pythn train.py", "--command pythn: there is no such program; did you mean python?"),
        ("nothing-like-it", "--command nothing-like-it: there is no such program"),
        ("./train.py", "is no program that may be run; begin with 'python ./train.py'"),
        ("CUDA_VISIBLE_DEVICES=0 python x", "sets a variable, which a shell would do; use env"),
        ("python a\0b", "no argument can hold a NUL character"),
        ("sh -c 'train {lr} > log'", "{lr} stands in code behind -c, where its value would be run"),
        ("env bash -eu -lc 'train {lr}'", "{lr} stands in code behind -lc"),
        ("python -I -c 'train({lr})'", "{lr} stands in code behind -c"),
    ],
)
def test_what_cannot_be_run_is_refused(folder: Path, text: str, sentence: str) -> None:
    (folder / "train.py").write_text("")
    with pytest.raises(RunError) as caught:
        CommandTemplate.parse(text)
    assert sentence in str(caught.value)


def test_a_script_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(RunError, match=r"--command trian\.py: there is no such file$"):
        CommandTemplate.parse("python trian.py {seed}").refuse_no_script()
    (folder / "train.py").write_text("")
    with pytest.raises(RunError, match=r"there is no such file; did you mean train\.py\?"):
        CommandTemplate.parse("python trian.py {seed}").refuse_no_script()
    CommandTemplate.parse("python train.py {seed}").refuse_no_script()
    CommandTemplate.parse("python -m trian {seed}").refuse_no_script()


@pytest.mark.parametrize(
    "text", ["python train.py -c {lr}", "sh train.py -c {lr}", "sh -c 'train $1' sh {lr}"]
)
def test_an_argument_of_a_script_is_no_code(folder: Path, text: str) -> None:
    (folder / "train.py").write_text("")
    assert CommandTemplate.parse(text).placeholders == {"lr"}


@pytest.mark.parametrize(
    ("text", "parameters", "sentence"),
    [
        ("python t.py {lr} {out}", ["lr"], "{seed} does not stand in it: fits of all seeds"),
        ("python t.py {lr} {seed}", ["lr"], "{out} does not stand in it: it is the folder for"),
        (GOOD, ["lr", "depth"], "{depth} does not stand in it: trials that differ"),
        (GOOD.replace("{lr}", "{lrr}"), ["lr"], "{lrr} is no parameter of the study; did you"),
        (GOOD.replace("{lr}", "{}"), [], "{} is no parameter of the study"),
        (GOOD.replace("{lr}", "{lr:.3f}"), ["lr"], "{lr:.3f} is no parameter of the study"),
        (GOOD, ["lr", "seed"], "the parameter 'seed' of the study has the name of a placeholder"),
    ],
)  # fmt: skip
def test_a_template_that_would_make_different_fits_the_same_is_refused(
    text: str, parameters: list[str], sentence: str
) -> None:
    with pytest.raises(RunError) as caught:
        CommandTemplate.parse(text).check(parameters)
    assert sentence in str(caught.value)


def test_a_run_with_folds_needs_the_fold() -> None:
    template = CommandTemplate.parse(GOOD)
    template.check(["lr"])
    with pytest.raises(RunError, match=r"\{fold\} does not stand in it: all folds"):
        template.check(["lr"], has_folds=True)
    CommandTemplate.parse(f"{GOOD} {{fold}} {{trial}} {{device}}").check(["lr"], has_folds=True)


def test_the_digest_covers_every_file_that_the_template_names(folder: Path) -> None:
    (folder / "train.py").write_text("import inner")
    (folder / "inner.py").write_text("")
    (folder / "conf.yaml").write_text("a: 1")
    (folder / "other.py").write_text("")
    text = f"{GOOD} --config=conf.yaml"
    before = CommandTemplate.parse(text).digest()
    assert CommandTemplate.parse(text).digest() == before
    (folder / "other.py").write_text("changed = True")
    assert CommandTemplate.parse(text).digest() == before
    found = {before, CommandTemplate.parse(GOOD).digest()}
    for name in ("train.py", "inner.py", "conf.yaml"):
        (folder / name).write_text((folder / name).read_text() + "\n# changed")
        found.add(CommandTemplate.parse(text).digest())
    assert len(found) == 5


def test_the_digest_covers_a_module_and_what_it_imports_from_where_it_runs(folder: Path) -> None:
    (folder / "pack").mkdir()
    (folder / "pack" / "__main__.py").write_text("from pack.inner import x")
    (folder / "pack" / "inner.py").write_text("x = 1")
    template = CommandTemplate.parse("python -m pack {seed} {out}")
    before = template.digest()
    (folder / "pack" / "inner.py").write_text("x = 2")
    assert template.digest() != before
