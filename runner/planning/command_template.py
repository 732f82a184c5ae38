"""The template of a command: split, checked and identified before anything runs, never by a shell.

``python train.py --lr {lr} --seed {seed} --out {out}`` is split into words first, and only then are
the placeholders filled in, within each word: no value can split an argument or begin another.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from runner.errors import RunError
from runner.planning.interpreter import find_python
from runner.planning.local_modules import find_local_modules, locate_module
from trial_sets.errors import suggest
from trial_sets.opening import hash_file

GIVEN = ("seed", "out", "device", "trial", "fold")  # what every fit has, beside its parameters
Value = bool | int | float | str | None

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_PYTHON = re.compile(r"python(3(\.\d+)?)?(\.exe)?")
_SCRIPTS = frozenset({".py", ".sh", ".R", ".jl", ".pl", ".rb"})
_READ_CODE = re.compile(  # from an argument behind one of the options
    r"(sh|bash|dash|zsh|ksh|fish|python[\d.]*|perl|ruby|Rscript|julia|node)(\.exe)?"
)
_CODE_FOLLOWS = re.compile(r"-[A-Za-z]*[ceE]|--(eval|command)")
_OF_SHELLS = frozenset({"|", "||", "&&", "&", ";", ">", ">>", "<", "2>&1", "2>"})


@dataclass(frozen=True, slots=True)
class CommandTemplate:
    """A person's command, with a placeholder for whatever differs between fits."""

    text: str
    words: tuple[str, ...]  # as they stand there, the program first
    program: str  # the path of what is started
    folder: Path  # in which it runs, and from which its relative paths count

    @classmethod
    def parse(cls, text: str, python: str | None = None) -> "CommandTemplate":
        """Split a template and find its program.

        Parameters
        ----------
        text
            The template.
        python
            What ``python`` at its beginning stands for; by default the one on the path of programs.

        Raises
        ------
        RunError
            If it is not well-formed, needs a shell, would have a value read as code, or names a
            program that is not there.
        """
        words = tuple(_split(text))
        for word in words:
            _list_placeholders(word)
        _refuse_code(words)
        if _list_placeholders(words[0]):
            raise RunError(f"--command {words[0]}: the program itself cannot be a placeholder")
        return cls(text, words, _find_program(_expand(words[0]), python), Path.cwd())

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that stand in it."""
        return frozenset(name for word in self.words for name in _list_placeholders(word))

    @property
    def name(self) -> str:
        """What it is called: its first argument that is a script, else the program."""
        scripts = (word for word in self.words[1:] if Path(word).suffix in _SCRIPTS)
        return Path(next(scripts, self.words[0])).stem

    def check(
        self,
        parameters: Collection[str],
        *,
        optional: Collection[str] = (),
        has_folds: bool = False,
    ) -> None:
        """Check that fits that differ get commands that differ.

        Parameters
        ----------
        parameters
            The names of the study's parameters, each of which has to stand in it.
        optional
            Names that may.
        has_folds
            Whether the run has folds.

        Raises
        ------
        RunError
            If ``{seed}``, ``{out}``, a parameter or, of a run with folds, ``{fold}`` does not stand
            in it, or something else does.
        """
        if taken := sorted(set(parameters) & set(GIVEN)):
            raise RunError(
                f"--command: the parameter {taken[0]!r} of the study has the name of a placeholder "
                f"that every fit has; give it another"
            )
        known = list(dict.fromkeys([*parameters, *optional, *GIVEN]))
        for name in sorted(self.placeholders - set(known)):
            raise RunError(
                f"--command: {{{name}}} is no parameter of the study{suggest(name, known)}"
            )
        _refuse_missing("seed" in self.placeholders, "seed", "fits of all seeds would be the same")
        _refuse_missing("out" in self.placeholders, "out", "it is the folder for metrics.json")
        for name in parameters:
            why = "trials that differ in this parameter would be the same"
            _refuse_missing(name in self.placeholders, name, why)
        if has_folds:
            _refuse_missing("fold" in self.placeholders, "fold", "all folds would be the same")

    def refuse_no_script(self) -> None:
        """Check that the script is there that stands behind the program which runs it.

        Raises
        ------
        RunError
            If it is not.
        """
        name, *rest = (_expand(_unescape(word)) for word in self.words)
        path = self.folder / rest[0] if rest else None
        if path is None or path.suffix not in _SCRIPTS or _list_placeholders(self.words[1]):
            return
        if _READ_CODE.fullmatch(Path(name).name) and not path.exists():
            others = sorted(other.name for other in path.parent.glob(f"*{path.suffix}"))
            near = suggest(path.name, others) if others else ""
            raise RunError(f"--command {rest[0]}: there is no such file{near}")

    def render(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the arguments, the program first.

        Parameters
        ----------
        values
            Of every placeholder, by its name.
        """
        return fill_words(self.words, self.program, values)

    def digest(self) -> str:
        """Return the SHA-256 of the template and of every file that it names.

        Those are its arguments that are files, after ``=`` too, modules after ``-m``, and what a
        file of Python among them imports from its own folder. A changed script is another run. What
        a script reads by a name that does not stand in the template is not covered.

        Raises
        ------
        RunError
            If such a file cannot be read.
        """
        named = [(os.path.relpath(path, self.folder), path) for path in self.list_files()]
        digests = []
        for name, path in named:
            if (sha256 := hash_file(path)) is None:
                raise RunError(f"--command: {path}: cannot be read")
            digests.append((name, sha256))
        return hashlib.sha256(json.dumps([self.text, digests]).encode()).hexdigest()

    def list_files(self) -> list[Path]:
        """Return the files that the template names and what they import."""
        return sorted(set(self._find_files()))

    def _find_files(self) -> Iterator[Path]:
        first = _expand(self.words[0])
        is_python = _PYTHON.fullmatch(Path(first).name) is not None
        if os.sep in first and not is_python:
            yield from _with_imports(self.folder / first)
        for before, word in zip(self.words, self.words[1:], strict=False):
            if _list_placeholders(word):
                continue
            if is_python and before == "-m":
                for path in locate_module(self.folder, word):
                    yield from _with_imports(path, self.folder)
            plain = _unescape(word)
            for text in {plain, plain.partition("=")[2]} - {""}:
                path = self.folder / _expand(text)
                if _is_file(path):
                    yield from _with_imports(path)


def fill_words(
    words: Collection[str], program: str, values: Mapping[str, Value]
) -> tuple[str, ...]:
    """Return the arguments of a fit: the program, and the words with their placeholders filled in.

    Parameters
    ----------
    words
        Of the template, the program's among them.
    program
        Its path.
    values
        Of every placeholder, by its name.
    """

    def replace(match: re.Match[str]) -> str:
        token = match[0]
        return token[0] if token in {"{{", "}}"} else write_value(values[match[1]])

    rest = list(words)[1:]
    return (program, *(_TOKEN.sub(replace, _expand(word)) for word in rest))


def write_value(value: Value) -> str:
    """Return a value as an argument: true and false, none, and numbers as Python writes them."""
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
    return str(value)


def _split(text: str) -> list[str]:
    """Split a template into words as a shell would, without any of its other arts."""
    if "\0" in text:
        raise RunError("--command: no argument can hold a NUL character")
    try:
        words = shlex.split(text)
    except ValueError:
        raise RunError(f"--command {text}: a quotation mark lacks its other one") from None
    if not words:
        raise RunError("--command: is empty, expected such as 'python train.py --seed {seed} ...'")
    if found := [word for word in words if word in _OF_SHELLS]:
        raise RunError(
            f"--command: {found[0]!r} is for a shell, and none runs it; put the line into a script"
        )
    return words


def _refuse_code(words: Sequence[str]) -> None:
    """Refuse a placeholder in what a shell or Python is given as code: its value would be run."""
    reads_code = False
    for before, word in pairwise(words):
        reads_code = bool(_READ_CODE.fullmatch(Path(before).name)) or (
            reads_code and before.startswith("-")
        )
        if reads_code and _CODE_FOLLOWS.fullmatch(before) and (names := _list_placeholders(word)):
            raise RunError(
                f"--command: {{{names[0]}}} stands in code behind {before}, where its value would "
                "be run; put the code into a script that takes it as an argument"
            )


def _list_placeholders(word: str) -> list[str]:
    """Return the names in braces; twice a brace is a brace."""
    names = []
    for match in _TOKEN.finditer(word):
        if match[0] in {"{", "}"}:
            raise RunError(
                f"--command: {word!r} has a brace of its own; {{{{ and }}}} stand for braces"
            )
        if match[1] is not None:
            names.append(match[1])
    return names


def _find_program(name: str, python: str | None) -> str:
    """Return the path of a program."""
    if python is not None and name in {"python", "python3"}:
        return find_python(python)
    found = shutil.which(name)
    if found is not None:
        return os.path.abspath(found)  # noqa: PTH100 - links are kept: a virtual environment's
    if _is_file(Path(name)):
        begin = f"python {name}" if name.endswith(".py") else f"sh {name}"
        raise RunError(f"--command {name}: is no program that may be run; begin with '{begin}'")
    if "=" in name:
        raise RunError(f"--command {name}: sets a variable, which a shell would do; use env {name}")
    near = suggest(
        name, [n for n in ("python3", "python", "bash", "sh", "Rscript") if shutil.which(n)]
    )
    raise RunError(f"--command {name}: there is no such program{near if 'mean' in near else ''}")


def _refuse_missing(stands: bool, name: str, why: str) -> None:
    if not stands:
        raise RunError(f"--command: {{{name}}} does not stand in it: {why}")


def _with_imports(path: Path, root: Path | None = None) -> Iterator[Path]:
    """Yield a file and, if it is one of Python, what it imports from its folder or ``root``."""
    yield path
    if path.suffix == ".py":
        yield from find_local_modules(path, root)


def _unescape(word: str) -> str:
    return word.replace("{{", "{").replace("}}", "}")


def _expand(word: str) -> str:
    """Return a word with the home folder for a ``~`` at its beginning, as a shell would."""
    return os.path.expanduser(word) if word.startswith("~/") else word  # noqa: PTH111


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long a name
        return False
