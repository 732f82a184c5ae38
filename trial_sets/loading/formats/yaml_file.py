"""YAML from a person's hand: plain values alone, with bounds, and no tag that makes anything."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from trial_sets.errors import InputError
from trial_sets.loading.formats.scalar import read_scalar
from trial_sets.opening import MIB
from trial_sets.strict_json import read_text, shorten
from trial_sets.vocabulary import is_template
from trial_sets.wording import join_words, tame_text

MAX_LENGTH = 512 * 1024  # characters: some 5,000 trials, read in five seconds
MAX_DEPTH = 20  # of mappings and lists in one another
MAX_VALUES = 300_000  # with those that anchors stand for again and again
_PLAIN = "plain"  # the tag of words without quotes and without a tag
_TAG = "tag:yaml.org,2002:"
_KINDS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}


@dataclass(frozen=True, slots=True)
class YamlContent:
    """What a file holds."""

    content: Any
    lines: dict[str, int]  # of the keys of its mapping, or by their number, of its list's elements
    notices: tuple[str, ...]


def read_yaml(path: Path) -> YamlContent:
    """Return what a YAML file holds; what trials are only built on with ``<<`` is left out.

    Raises
    ------
    InputError
        If the file cannot be read, is larger than 512 KiB, is not YAML (with line and column),
        repeats a key, has a tag beside those of plain values, nests too deeply, or stands for too
        many values.
    """
    text = read_text(path, MIB)
    if len(text) > MAX_LENGTH:
        raise InputError(f"{path}: the file is larger than {MAX_LENGTH // 1024} KiB")
    node = _compose(text, path)
    reader = _Reader(path)
    if node is None:
        return YamlContent(None, {}, ())
    content = reader.read(node, MAX_DEPTH)
    if isinstance(node, yaml.SequenceNode):
        return YamlContent(content, _number_lines(node), ())
    if not isinstance(node, yaml.MappingNode):
        return YamlContent(content, {}, ())
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    merged = {key.value for key, value in node.value if id(value) in reader.merged}
    left_out = [name for name in content if name in merged and is_template(name)]
    notices = [
        f"trials are built on {join_words(list(map(tame_text, left_out)), most=5)}, "
        "and it is no trial"
    ]
    kept = {name: value for name, value in content.items() if name not in left_out}
    return YamlContent(kept, lines, tuple(notices) if left_out else ())


def _compose(text: str, path: Path) -> Any:  # noqa: ANN401 - a node, or None for an empty file
    """Return the tree of a file's nodes, which an anchor may stand in several times."""
    try:
        loader = yaml.BaseLoader(text)
        loader.yaml_implicit_resolvers = {None: [(_PLAIN, _Everything())]}
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = error.problem or error.context or "it cannot be understood"
        raise InputError(f"{path}: not valid YAML{place}: {tame_text(problem)}") from None
    except yaml.YAMLError:
        raise InputError(f"{path}: not valid YAML: it holds a character that no text has") from None
    except RecursionError:
        raise InputError(f"{path}: the YAML is nested too deeply") from None
    except (ValueError, OverflowError):
        raise InputError(f"{path}: not valid YAML: it holds an escape that is none") from None


class _Everything:
    """A pattern that every plain word matches."""

    def match(self, _: str) -> bool:
        return True


@dataclass(slots=True)
class _Reader:
    """Makes values of nodes, and keeps what was merged into others."""

    path: Path
    merged: set[int] = field(default_factory=set)  # the nodes
    n_values: int = 0

    def read(self, node: Any, depth: int) -> Any:  # noqa: ANN401 - a node, and any value
        self.n_values += 1
        if self.n_values > MAX_VALUES:
            raise self._error(node, f"anchors stand for more than {MAX_VALUES:,} values")
        if depth < 0:
            raise self._error(node, "is nested too deeply")
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._read_mapping(node, depth - 1)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.read(part, depth - 1) for part in node.value]
        if isinstance(node, yaml.ScalarNode):
            return self._read_scalar(node)
        raise self._refuse_tag(node)

    def _read_mapping(self, node: Any, depth: int) -> dict[str, Any]:  # noqa: ANN401 - a node
        written: dict[str, Any] = {}
        below: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key is neither a word nor a number")
            if key.tag == _PLAIN and key.value == "<<":
                below = self._merge(value, depth) | below
                continue
            if key.tag not in {_PLAIN, f"{_TAG}str"}:
                raise self._refuse_tag(key)
            if key.value in written:
                raise self._error(key, f"the key {shorten(key.value)} stands twice in one mapping")
            written[key.value] = self.read(value, depth)
        return below | written

    def _merge(self, node: Any, depth: int) -> dict[str, Any]:  # noqa: ANN401 - a node
        """Return what ``<<: *base`` or ``<<: [*first, *second]`` brings: the first prevails."""
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: dict[str, Any] = {}
        for part in parts:
            self.merged.add(id(part))
            values = self.read(part, depth)
            if not isinstance(values, dict):
                raise self._error(part, "<< merges what is no mapping")
            found = values | found
        return found

    def _read_scalar(self, node: Any) -> Any:  # noqa: ANN401 - a node, and any value
        if node.tag == f"{_TAG}str":
            return node.value
        kinds = None if node.tag == _PLAIN else _KINDS.get(node.tag.removeprefix(_TAG), ())
        if kinds == ():
            raise self._refuse_tag(node)
        value = read_scalar(node.value)
        if kinds is not None and type(value) not in kinds:
            raise self._error(node, f"{shorten(node.value)} is not what its tag says")
        return float(value) if kinds == _KINDS["float"] and value is not None else value

    def _refuse_tag(self, node: Any) -> InputError:  # noqa: ANN401 - a node
        tag = tame_text(node.tag.replace(_TAG, "!!"))[:60]
        return self._error(node, f"the tag {tag} makes what no trial can hold")

    def _error(self, node: Any, reason: str) -> InputError:  # noqa: ANN401 - a node
        return InputError(f"{self.path}, line {node.start_mark.line + 1}: {reason}")


def _number_lines(node: Any) -> dict[str, int]:  # noqa: ANN401 - a node
    return {str(number): part.start_mark.line + 1 for number, part in enumerate(node.value)}
