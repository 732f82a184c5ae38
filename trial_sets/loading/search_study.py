"""A study to be searched: what varies, what does not, and what a point comes to."""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from trial_sets.configuration import (
    AnyConfiguration,
    OptionValue,
    Overrides,
    said,
)
from trial_sets.errors import InputError
from trial_sets.files import FreeStudyFile, StudyFile
from trial_sets.loading.assembly import assemble_study, resolve_layers
from trial_sets.loading.fitting import check_base, choose_form, fit_to_network, fit_to_parameters
from trial_sets.loading.overriding import override_study
from trial_sets.loading.space_file import SpaceSource, read_space
from trial_sets.loading.study_folder import (
    SPACE_FILES,
    STUDY_FILE,
    is_space,
    read_sets,
    read_study_file,
)
from trial_sets.parameter import check_said
from trial_sets.space import MOST_DIMENSIONS, Dimension, SearchSpace, SpaceValues
from trial_sets.strict_json import bare, check, shorten
from trial_sets.study import Study
from trial_sets.vocabulary import choose_vocabulary

_OPTION = "options."
_MOST_SHOWN = 12
MOST_DRAWN = 1_000  # points, of which one at least has to be valid
MOST_CHOICES = 20  # of a dimension that are looked at one by one
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class SearchStudy:
    """A study, and the space in which it is searched.

    Attributes
    ----------
    study : Study
        Its sets may be none.
    space : SearchSpace
        In the study's names; every value is one that its field can take.
    fixed : dict
        The settings that do not vary, by name.
    elsewhere : dict
        What conditional dimensions are where they do not vary, where that is known.
    default : dict or None
        The base's values of the dimensions, if it has all that vary there and they lie in the
        space.
    """

    study: Study
    space: SearchSpace
    fixed: dict[str, OptionValue | None]
    elsewhere: dict[str, OptionValue | None]
    default: SpaceValues | None
    _declared: StudyFile = field(repr=False)
    _overrides: Mapping[str, Any] = field(repr=False)

    def complete(self, values: Mapping[str, OptionValue]) -> AnyConfiguration:
        """Return the configuration of a point: the base, changed by options, then by the point.

        Parameters
        ----------
        values
            Of every dimension that is active beside the others, and of none else.

        Raises
        ------
        InputError
            If the point does not lie in the space, or its values do not go together.
        """
        where = f"study {self.study.name}"
        fault = self.space.find_fault(values)
        if fault is not None:
            raise InputError(f"{where}: {fault}")
        changes = {
            name: self.space.dimensions[name].convert(value) for name, value in values.items()
        }
        layers = [
            self._declared.base,
            _make_layer(self._declared, {**self._overrides, **changes}, where),
        ]
        return resolve_layers(layers, where, self._declared, self.study.metric)

    def find_fault(self, values: Mapping[str, OptionValue]) -> str | None:
        """Say why a point is no valid configuration; None where it is one."""
        try:
            self.complete(values)
        except InputError as error:
            return str(error).removeprefix(f"study {self.study.name}: ")
        return None

    def find_corner(self, *, largest: bool) -> AnyConfiguration | None:
        """Return the configuration whose numbers are all the largest of the space, or the least.

        Where these do not go together one of them is the next that does, of which the heads, which
        leave the size as it is, come first; None where that does not help.
        """
        point: SpaceValues = {}
        for name, dimension in self.space.dimensions.items():
            if dimension.is_active(point):
                point[name] = dimension.ends[largest]
        for changes in ({}, *self._list_changes(point, largest=largest)):
            if self.find_fault(point | changes) is None:
                return self.complete(point | changes)
        return None

    def _list_changes(self, point: SpaceValues, *, largest: bool) -> Iterator[SpaceValues]:
        for name in sorted(point, key=lambda name: name != "n_heads"):
            dimension = self.space.dimensions[name]
            if (dimension.count() or math.inf) <= MOST_CHOICES:
                values = dimension.values or ()
                yield from ({name: value} for value in (values[::-1] if largest else values))


def load_search_study(
    folder: Path,
    space_file: Path | None = None,
    overrides: Mapping[str, Any] = NOTHING,
    *,
    otherwise: SearchSpace | None = None,
) -> SearchStudy:
    """Read a study and the space in which it is searched, and check that they go together.

    Parameters
    ----------
    folder
        Holds ``study.json``, and perhaps sets and the space.
    space_file
        The space; where it is None that of the folder, or what a study declares of its
        ``parameters``: those with both ends, with choices, or of type bool vary.
    overrides
        Fields that every configuration has, such as ``{"epochs": 5}``.
    otherwise
        The space of a network's study that has none; where it is None such a study is refused.

    Raises
    ------
    InputError
        One sentence: file, dimension, what was found, what was expected.
    """
    declared = read_study_file(folder)
    where = str(folder / STUDY_FILE)
    sets = read_sets(folder, declared)
    study = assemble_study(folder.resolve().name, where, declared, sets)
    study = override_study(study, overrides) if overrides else study
    path = space_file or _find_file(folder)
    source = _read_source(folder, path, declared, otherwise)
    space = source.space
    _refuse_overridden(space, overrides)
    base = _find_base(declared, overrides, where)
    check_base(declared, study, space, base, where)
    certain = {k: v for k, v in base.items() if k not in _list_dependent(declared, space)}
    fixed = {name: value for name, value in certain.items() if name not in space.dimensions}
    conditional = [name for name, dimension in space.dimensions.items() if dimension.when]
    elsewhere = {name: certain[name] for name in conditional if name in certain}
    study = study.model_copy(
        update={
            "widest_context": _find_widest_context(space, base),
            "notices": (*study.notices, *source.notices),
        }
    )
    found = SearchStudy(study, space, fixed, elsewhere, None, declared, dict(overrides))
    _refuse_useless(found, str(path or where))
    default = _find_default(space, base)
    is_valid = default is not None and found.find_fault(default) is None
    return replace(found, default=default) if is_valid else found


def _read_source(
    folder: Path, path: Path | None, declared: StudyFile, otherwise: SearchSpace | None
) -> SpaceSource:
    """Return the space of a file, or of what the study declares, or of a network otherwise."""
    if path is None and otherwise is not None and not isinstance(declared, FreeStudyFile):
        return SpaceSource(otherwise)
    if path is None:
        return SpaceSource(_declare_space(declared, folder / STUDY_FILE))
    source = read_space(path, choose_vocabulary(declared))
    if isinstance(declared, FreeStudyFile):
        space = fit_to_parameters(source.space, declared.parameters, str(path))
    else:
        space = fit_to_network(source.space, choose_form(declared), str(path))
    return SpaceSource(space, source.notices)


def _find_file(folder: Path) -> Path | None:
    found = [path for name in SPACE_FILES if (path := folder / name).exists() and is_space(path)]
    if len(found) > 1:
        raise InputError(
            f"{folder}: holds {found[0].name} and {found[1].name}; leave one, or name the one that "
            "is meant"
        )
    return found[0] if found else None


def _declare_space(declared: StudyFile, path: Path) -> SearchSpace:
    """Return the parameters of a study that have values to choose from, as a space."""
    if not isinstance(declared, FreeStudyFile):
        raise InputError(
            f"{path.parent}: nothing says what a search varies: write {SPACE_FILES[0]} beside "
            f"{path.name}, or name a space's file"
        )
    dimensions: dict[str, Dimension] = {}
    for name, parameter in declared.parameters.items():
        try:
            dimensions[name] = Dimension.of_parameter(parameter)
        except ValidationError:  # no ends, so that it has the base's value
            continue
    if not dimensions:
        raise InputError(
            f"{path}: no parameter has both low and high, or choices, so that nothing varies"
        )
    if len(dimensions) > MOST_DIMENSIONS:
        raise InputError(
            f"{path}: {len(dimensions)} parameters have values to choose from, and a search varies "
            f"at most {MOST_DIMENSIONS}: name them in {SPACE_FILES[0]}"
        )
    return SearchSpace(dimensions=dimensions)


def _refuse_overridden(space: SearchSpace, overrides: Mapping[str, Any]) -> None:
    for name in overrides:
        if name in space.dimensions:
            raise InputError(
                f"--{name}: the search varies {name}; leave the option out, or take {name} out of "
                "the space"
            )


def _find_base(declared: StudyFile, overrides: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return what is known of every setting before a point says anything of it."""
    if isinstance(declared, FreeStudyFile):
        return check_said(declared.parameters, {**declared.base, **overrides}, where)
    named = said(declared.base) | said(_make_layer(declared, overrides, where))
    options = named.pop("options", None) or {}
    known = {
        name: info.get_default(call_default_factory=True, validated_data=named)
        for name, info in choose_form(declared).model_fields.items()
        if name != "options" and not info.is_required()
    }
    return known | named | {f"{_OPTION}{name}": value for name, value in options.items()}


def _list_dependent(declared: StudyFile, space: SearchSpace) -> Collection[str]:
    """Return the settings whose default depends on what varies, and that no base names."""
    if isinstance(declared, FreeStudyFile) or "d_model" not in space.dimensions:
        return ()
    return {"batch_size"} - said(declared.base).keys()


def _find_widest_context(space: SearchSpace, base: Mapping[str, Any]) -> int:
    """Return the rows of the longest window that a point may look back on."""
    dimension = space.dimensions.get("context")
    found = [] if dimension is None else [*(dimension.choices or ()), dimension.high]
    whole = [value for value in (*found, base.get("context")) if isinstance(value, int | float)]
    return max((int(value) for value in whole if not value % 1 and value >= 1), default=1)


def _find_default(space: SearchSpace, base: Mapping[str, Any]) -> SpaceValues | None:
    """Return the base as a point of the space; None where it is none."""
    values: SpaceValues = {}
    for name, dimension in space.dimensions.items():
        if dimension.is_active(values):
            if base.get(name) is None:
                return None
            converted = dimension.convert(base[name])
            if converted is None:
                return None
            values[name] = converted
    return values if space.find_fault(values) is None else None


def _refuse_useless(searched: SearchStudy, where: str) -> None:
    """Refuse a space without a valid point, or with a choice that goes with nothing beside it."""
    random = Random(0)
    fault = _find_common_fault(searched, random, None, None)
    if fault is not None:
        raise InputError(f"{where}: of {MOST_DRAWN:,} points none is valid: {fault}")
    for name, dimension in searched.space.dimensions.items():
        values = dimension.values if not dimension.is_range else ()
        for value in values or () if len(values or ()) <= MOST_CHOICES else ():
            fault = _find_common_fault(searched, random, name, value)
            if fault is not None:
                raise InputError(
                    f"{where}: {bare(name)}={shorten(value)} goes with nothing beside it: {fault}"
                )


def _find_common_fault(
    searched: SearchStudy, random: Random, name: str | None, value: OptionValue | None
) -> str | None:
    """Say what is wrong with points that have a value; None as soon as one is valid."""
    fault = None
    for _ in range(MOST_DRAWN):
        given = {} if name is None or value is None else {name: value}
        point = searched.space.draw_point(random, given)
        if name is None or name in point:
            fault = searched.find_fault(point)
            if fault is None:
                return None
    return fault


def _make_layer(declared: StudyFile, changes: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - of `resolve_layers`
    """Return changes of a base in the form in which a trial has them."""
    if isinstance(declared, FreeStudyFile):
        return changes
    options = {
        name.removeprefix(_OPTION): value
        for name, value in changes.items()
        if name.startswith(_OPTION)
    }
    fields = {name: value for name, value in changes.items() if not name.startswith(_OPTION)}
    return check(Overrides, {**fields, **({"options": options} if options else {})}, where)
