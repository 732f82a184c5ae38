"""The space of a search from a file: ours, Optuna's distributions, or a sweep of W&B."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trial_sets.aliases import SEEDS
from trial_sets.errors import InputError, suggest
from trial_sets.loading.distribution import is_distribution, read_distribution
from trial_sets.loading.formats.json_file import read_relaxed_json
from trial_sets.loading.formats.yaml_file import read_yaml
from trial_sets.loading.sweep import list_swept
from trial_sets.space import SearchSpace, SpaceFile
from trial_sets.strict_json import bare, check, shorten
from trial_sets.vocabulary import Vocabulary
from trial_sets.wording import join_words

SPACE_SUFFIXES = (".json", ".jsonc", ".yaml", ".yml")
WRAPPERS = ("dimensions", "space", "search_space", "parameters")  # what people put a space under
_BESIDE = frozenset({"$schema", "title", "description", "name", "version"})
_OF_SWEEPS = frozenset(  # which a sweep has beside its parameters
    {
        *("method", "program", "metric", "project", "entity", "early_terminate", "command"),
        *("run_cap", "controller", "job", "image_uri"),
    }
)
_OPTION = "options."  # before the name of what a trainer of one's own reads
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class SpaceSource:
    """A space, and what there is to say of how its file was understood."""

    space: SearchSpace
    notices: tuple[str, ...] = ()


def load_space(path: Path, vocabulary: Vocabulary) -> SearchSpace:
    """Return the space that a file says, in the names of a study.

    Raises
    ------
    InputError
        As `read_space` does.
    """
    return read_space(path, vocabulary).space


def read_space(path: Path, vocabulary: Vocabulary) -> SpaceSource:
    """Return the space that a file says, and how it was understood.

    Parameters
    ----------
    path
        JSON, which may have comments, or YAML of plain values: hyperparameters by name, or under
        one of `WRAPPERS`. Each is a `Dimension`, a list of choices, a distribution of Optuna, or a
        parameter of a sweep of Weights & Biases.
    vocabulary
        The words of the study: names in any spelling become its own.

    Raises
    ------
    InputError
        One sentence: file, hyperparameter, what was found, what was expected.
    """
    content = _read_content(path)
    where = str(path)
    if not isinstance(content, Mapping) or not content:
        expected = 'hyperparameters by name, such as {"dropout": {"choices": [0.1, 0.3]}}'
        raise InputError(f"{where}: holds {shorten(content)}, expected {expected}")
    found, unused = _unwrap(content, where)
    dimensions: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    for key, said in list_swept(found):
        name = find_name(key, vocabulary, where)
        if name in dimensions:
            raise InputError(f"{where}: {bare(spelled[name])} and {bare(key)} both give {name}")
        dimension = read_distribution(said, f"{where}: dimension {bare(key)}")
        dimensions[name] = dict(_translate(name, dimension, vocabulary, where))
        spelled[name] = key
    space = SearchSpace(dimensions=check(SpaceFile, {"dimensions": dimensions}, where).dimensions)
    return SpaceSource(space, tuple(_list_notices(path, vocabulary, spelled, unused)))


def find_name(key: str, vocabulary: Vocabulary, where: str) -> str:
    """Return the hyperparameter that a name in any spelling means, groups before it or not.

    Raises
    ------
    InputError
        If it means none, with the nearest; or a seed, which no search varies.
    """
    if key.startswith(_OPTION) and "options" in vocabulary.fields:
        return key
    name = vocabulary.join(vocabulary.split(key))[-1]
    meant = vocabulary.find_field(name)
    if meant is None and "." in key:
        *_, group, kind = key.split(".")
        meant = vocabulary.find_kind(group, kind)
    if meant == SEEDS:
        raise InputError(
            f"{where}: {bare(key)} is no hyperparameter: every trial of a search is trained with "
            "the first seed of the study"
        )
    if meant in vocabulary.fields and meant != "options":
        return meant
    known = [field for field in vocabulary.fields if field != "options"]
    raise InputError(f"{where}: unknown hyperparameter {shorten(key)}{suggest(name, known)}")


def _read_content(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    suffix = path.suffix.lower()
    if suffix not in SPACE_SUFFIXES:
        endings = join_words(SPACE_SUFFIXES, last="or")
        raise InputError(f"{path}: the space of a search is a file that ends in {endings}")
    return read_relaxed_json(path) if suffix.startswith(".json") else read_yaml(path).content


def _unwrap(content: Mapping[str, Any], where: str) -> tuple[Mapping[str, Any], list[str]]:
    """Return the hyperparameters by name, and the keys beside them of which nothing comes."""
    wrappers = [
        key
        for key in WRAPPERS
        if isinstance(content.get(key), Mapping) and not is_distribution(content[key])
    ]
    if not wrappers:
        notes = {key for key in _BESIDE if isinstance(content.get(key), str)}
        return {key: value for key, value in content.items() if key not in notes}, []
    if len(wrappers) > 1:
        raise InputError(f"{where}: {wrappers[0]} and {wrappers[1]} both hold a space; leave one")
    beside = [key for key in content if key != wrappers[0] and key not in _BESIDE]
    unknown = [key for key in beside if key not in _OF_SWEEPS]
    if unknown:
        ending = suggest(unknown[0], [*_BESIDE, *_OF_SWEEPS])
        raise InputError(f"{where}: unknown key {shorten(unknown[0])} beside {wrappers[0]}{ending}")
    return content[wrappers[0]], beside


def _translate(
    name: str, dimension: Mapping[str, Any], vocabulary: Vocabulary, where: str
) -> Iterator[tuple[str, Any]]:
    """Yield a dimension's keys with the names and words of the study."""
    place = f"{where}: dimension {bare(name)}"
    for key, said in dimension.items():
        if key == "choices" and isinstance(said, list):
            yield key, [vocabulary.settle_value(name, value) for value in said]
        elif key == "when" and isinstance(said, Mapping):
            yield key, dict(_translate_condition(said, vocabulary, f"{place}: when"))
        else:
            yield key, said


def _translate_condition(
    said: Mapping[str, list[Any]], vocabulary: Vocabulary, where: str
) -> Iterator[tuple[str, list[Any]]]:
    for key, values in said.items():
        name = find_name(key, vocabulary, where)
        yield name, [vocabulary.settle_value(name, value) for value in values]


def _list_notices(
    path: Path, vocabulary: Vocabulary, spelled: Mapping[str, str], unused: list[str]
) -> Iterator[str]:
    renamed = [f"{bare(key)} as {name}" for name, key in spelled.items() if key != name]
    if renamed:
        names = join_words(renamed, most=_MOST_SHOWN)
        yield f"{path.name}: names were read as {vocabulary.whose}: {names}"
    if unused:
        yield f"{path.name}: of the sweep nothing comes of {join_words(unused, most=_MOST_SHOWN)}"
