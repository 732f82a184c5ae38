"""Whatever a file of trials holds, it is read rightly or refused in a sentence, and never run."""

import ast
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.json_values import any_json
from tests.trial_sets.loading.test_field_forms import A50, list_changes
from trial_sets.errors import InputError
from trial_sets.loading.formats.json_file import read_relaxed_json
from trial_sets.loading.formats.literal import LiteralReader, PythonSource
from trial_sets.loading.formats.yaml_file import read_yaml
from trial_sets.loading.trial_dict import SUFFIXES
from trial_sets.loading.trial_file import load_trials

SAMPLES = {
    ".py": "import os\nBASE = {'lr': 1e-4, 'model': {'d_model': 2 * 64}}\nRATES = [1e-3, 10**-4]\n"
    "T = {'A1': {**BASE, 'wd': RATES[1]}, 'A2': dict(BASE, dropout=.1), 3: BASE | {'bs': 8}}\n"
    "U = [{'name': 'a', 'lr': 1}, {'id': 2}]\nos.exit(T)\n",
    ".json": '{"A1": {"lr": 1e-4, /* x */ "model": {"depth": 2},}, "2": {"note": "//"}} // end\n',
    ".jsonc": '[{"name": "a", "lr": 1}, {"id": 2, "optim.lr": [1]},] # end\n',
    ".yaml": "base: &b {lr: 1e-4, revin: no}\nA1: {<<: *b, dropout: 0.1}\nA2:\n  - !!float 1\n",
    ".yml": "method: grid\nmetric: {name: x}\nparameters:\n  lr: {values: [1e-3, 1e-4]}\n"
    "  optim:\n    parameters: {wd: {value: 0.1}}\n",
    ".txt": "python train.py -m lr=1e-3,1e-4 model.depth=choice(2,4) 'opt=adam' bs=range(1,3)\n",
    ".sh": "#!/bin/sh\nlr=1 \\\n  wd=0.1,0.2 # end\n",
}
KEYS = [
    *("A1", "A2", "1", "model", "optim", "base", "trials", "title", "parameters", "method"),
    *("hydra", "sweeper", "params", "value", "values", "min", "name", "id", "note", "lr"),
    *("learning_rate", "d_model", "dropout", "seed", "options", "optimizer", "defaults"),
    *("depth", "__", "a.lr", "."),
]
keys = st.sampled_from(KEYS) | st.text(max_size=3)
values = any_json(
    "grid", "random", "lr=1,2", "adam", 0.5, 16, 128, keys=keys, most_keys=4, max_leaves=12
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def try_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        load_trials(str(path), A50)


def test_every_sample_is_of_a_form_that_is_read() -> None:
    assert set(SAMPLES) == set(SUFFIXES)


@given(content=st.binary(), suffix=st.sampled_from(SUFFIXES))
def test_any_bytes(folder: Path, content: bytes, suffix: str) -> None:
    try_file(folder / f"own{suffix}", content)


@given(
    suffix=st.sampled_from(SUFFIXES),
    at=st.integers(0, 250),
    cut=st.integers(0, 30),
    text=st.text(max_size=8) | st.sampled_from([*"{}[]:,'", "**", "*b", "&b ", "- ", "<<"]),
)
def test_any_slip(folder: Path, suffix: str, at: int, cut: int, text: str) -> None:
    sample = SAMPLES[suffix]
    slipped = sample[:at] + text + sample[at + cut :]
    try_file(folder / f"own{suffix}", slipped.encode(errors="surrogatepass"))


@given(content=values)
def test_any_content(folder: Path, content: object) -> None:
    try_file(folder / "own.py", f"X = {content!r}".encode(errors="surrogatepass"))
    for suffix in (".json", ".yaml"):
        try_file(folder / f"own{suffix}", json.dumps(content).encode())


@given(words=st.lists(st.text(max_size=6) | st.sampled_from(["lr", "=", ",", "(", ")", "'", "\\"])))
def test_any_command(folder: Path, words: list[str]) -> None:
    for text in ("".join(words), f"lr={''.join(words)}"):
        try_file(folder / "own.txt", text.encode(errors="surrogatepass"))


numbers = st.integers(-300, 300) | st.floats(-1e3, 1e3, allow_nan=False)
NAMES: dict[str, Any] = {"BASE": {"lr": 1e-4, "n": 3}, "LIST": [1, 2.5], "HALF": 0.5}
names = st.sampled_from([*NAMES, "BASE['n']", "LIST[-1]", "LIST[9]", "BASE['x']"])
atoms = st.one_of(
    st.builds(repr, numbers), st.builds(repr, st.text(max_size=3)), names, st.just("None")
)
signs = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "<<", "|", "&"])
operations = st.builds("({} {} {})".format, atoms, signs, atoms)
expressions = st.recursive(
    atoms | operations,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("-{}".format, inner),
        st.builds("[{}, *{}]".format, inner, inner),
        st.builds("({}, {})".format, inner, inner),
        st.builds("{{'a': {}, **{}}}".format, inner, inner),
        st.builds("{{**{}, 'b': {}, '1': {}}}".format, inner, inner, inner),
        st.builds("dict({}, c={})".format, inner, inner),
        st.builds("dict(c={}, **{})".format, inner, inner),
    ),
    max_leaves=8,
)


def listed(value: object) -> object:
    """Return a value with lists for tuples, as in JSON."""
    if isinstance(value, dict):
        return {key: listed(part) for key, part in value.items()}
    return [listed(part) for part in value] if isinstance(value, list | tuple) else value


@given(text=expressions)
def test_an_expression_that_is_read_has_the_value_that_python_gives_it(text: str) -> None:
    def find(node: ast.Name, at: int) -> tuple[int, ast.expr] | None:
        known = NAMES.get(node.id)
        return None if known is None else (at - 1, ast.parse(repr(known), mode="eval").body)

    node = ast.parse(text, mode="eval").body
    with contextlib.suppress(InputError):
        found = LiteralReader(PythonSource(Path("own.py"), text), find).read(node, at=1)
        expected = listed(eval(text, {}, NAMES))
        assert (found, repr(found)) == (expected, repr(expected))


printable = st.characters(min_codepoint=32, max_codepoint=0xFF, exclude_characters="\x7f\x85\xad")
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(printable, max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(printable, max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(content=plain)
def test_json_is_read_alike_as_json_and_as_yaml(folder: Path, content: object) -> None:
    path = folder / "own.any"
    path.write_text(json.dumps(content), encoding="utf-8")
    for found in (read_relaxed_json(path), read_yaml(path).content):
        assert (found, repr(found)) == (content, repr(content))


DROPOUT = {"dropout": st.floats(0.0, 0.9)}
FIELDS = {
    "learning_rate": st.floats(1e-6, 1.0),
    "n_layers": st.integers(1, 16),
    "weight_decay": st.floats(0.0, 1.0),
    "epochs": st.integers(1, 500),
    "optimizer": st.sampled_from(["adam", "adamw"]),
    "revin": st.booleans(),
}
OTHERS = {"learning_rate": "lr", "weight_decay": "wd", "n_layers": "depth", "epochs": "max_epochs"}
trials = st.dictionaries(
    st.sampled_from(["A1", "A2", "B1", "wide"]),
    st.fixed_dictionaries(DROPOUT, optional=FIELDS),
    min_size=1,
)


def write_forms(content: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the same trials in every form, by the name of the file."""
    others = {
        name: {OTHERS.get(key, key): value for key, value in entry.items()}
        for name, entry in content.items()
    }
    grouped = {name: {"train": entry} for name, entry in content.items()}
    calls = ", ".join(
        f"{name}=dict({', '.join(f'{key}={value!r}' for key, value in entry.items())})"
        for name, entry in content.items()
    )
    built = ", ".join(f"{name!r}: {{**BASE, **{entry!r}}}" for name, entry in content.items())
    lines = []
    for name, entry in others.items():
        lines += [
            f"{name}:",
            *(f"  {key}: {json.dumps(value)} # x" for key, value in entry.items()),
        ]
    return {
        "own.json": json.dumps(content, indent=1).replace("}", ",}") + "// end",
        "listed.json": json.dumps([{"name": name, **entry} for name, entry in content.items()]),
        "others.json": json.dumps(others),
        "grouped.json": json.dumps(grouped),
        "plain.yaml": "\n".join(lines),
        "listed.yml": json.dumps([{name: entry} for name, entry in others.items()]),
        "own.py": f"T = {content!r}",
        "calls.py": f"T = dict({calls})",
        "built.py": f"BASE = {{'dropout': 0.5}}\nT = {{{built}}}",
    }


@given(content=trials)
def test_the_same_trials_are_read_in_every_form(
    folder: Path, content: dict[str, dict[str, Any]]
) -> None:
    base = load_trials_of(folder, "base.json", '{"A1": {}}')["A1"]
    for name, text in write_forms(content).items():
        found = load_trials_of(folder, name, text)
        assert found == {trial: {**base, **entry} for trial, entry in content.items()}, name


def load_trials_of(folder: Path, name: str, text: str) -> dict[str, dict[str, Any]]:
    (folder / name).write_text(text, encoding="utf-8")
    study = load_trials(str(folder / name), A50)
    return {
        trial.name: {field: getattr(trial.configuration, field) for field in DROPOUT | FIELDS}
        for trial in study.trials()
        if not trial.is_control
    }


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".py", "from pathlib import Path\nPath({marker!r}).touch()\nT = {{'A1': {{'lr': 1}}}}"),
        (".py", "T = {{'A1': {{'lr': __import__('os').mkdir({marker!r})}}}}"),
        (".py", "T = dict(A1=dict(lr=open({marker!r}, 'w').close()))"),
        (".py", "T = [{{'lr': x}} for x in [__import__('os').mkdir({marker!r})]]"),
        (".yaml", "A1: !!python/object/apply:os.mkdir ['{marker}']"),
        (".yaml", "!!python/object/new:os.mkdir {{args: ['{marker}']}}"),
        (".sh", "mkdir {marker}\npython x.py lr=1 wd=$(mkdir {marker})"),
        (".json", '{{"A1": {{"lr": "__import__(\\"os\\").mkdir(\\"{marker}\\")"}}}}'),
    ],
)
def test_nothing_is_executed(tmp_path: Path, suffix: str, text: str) -> None:
    marker = tmp_path / "executed"
    try_file(tmp_path / f"own{suffix}", text.format(marker=str(marker)).encode())
    assert not marker.exists()


def test_a_person_s_warnings_of_python_stay_their_own(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("T = {'A1': {'dropout': 0.1, 'note': '\\d'}}")
    assert list_changes(load_trials(str(tmp_path / "own.py"), A50)) == {"A1": {"dropout": 0.1}}
