"""Whether a space, and the base beside it, come to what a configuration's fields can take."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from trial_sets.configuration import (
    Configuration,
    LstmConfiguration,
    NetworkConfiguration,
    OptionValue,
    Overrides,
    said,
)
from trial_sets.errors import InputError
from trial_sets.files import FreeStudyFile, StudyFile
from trial_sets.loading.agreement import needs_min_delta
from trial_sets.parameter import Parameter
from trial_sets.space import Dimension, SearchSpace
from trial_sets.strict_json import bare, check, shorten
from trial_sets.study import Study
from trial_sets.wording import join_words

_OPTION = "options."
_MOST_SHOWN = 12


def fit_to_network(space: SearchSpace, form: type[NetworkConfiguration], where: str) -> SearchSpace:
    """Return a space whose every value a network's fields can take, whole numbers as such.

    Parameters
    ----------
    space
        In the names of the network's fields; ``options.name`` for what a trainer of one's own
        reads.
    form
        The network's configuration.
    where
        Begins the sentence of every error.

    Raises
    ------
    InputError
        With the limits of the field that cannot take a value.
    """
    fitted: dict[str, Dimension] = {}
    for name, dimension in space.dimensions.items():
        if name.startswith(_OPTION):
            fitted[name] = dimension
            continue
        whole = _holds(form.model_fields[name].annotation, int)
        fitted[name] = _settle_whole(dimension) if whole else dimension
        extremes = _list_extremes(fitted[name])
        if whole and fitted[name].is_range and all(_is_whole_float(end) for end in extremes):
            raise InputError(f"{where}: {name} takes whole numbers: give type int")
        for value in extremes:
            check(Overrides, {name: value}, where)
    return SearchSpace(dimensions=fitted)


def fit_to_parameters(
    space: SearchSpace, parameters: Mapping[str, Parameter], where: str
) -> SearchSpace:
    """Return a space whose every value lies within what a study declares.

    Raises
    ------
    InputError
        With what the study declares of the parameter that a value lies outside of.
    """
    fitted: dict[str, Dimension] = {}
    for name, dimension in space.dimensions.items():
        parameter = parameters[name]
        whole = parameter.kind == "int"
        fitted[name] = _settle_whole(dimension) if whole else dimension
        fault = next(_find_faults(fitted[name], parameter), None)
        if fault is not None:
            raise InputError(f"{where}: {bare(name)}: {fault}, as study.json declares it")
    return SearchSpace(dimensions=fitted)


def choose_form(declared: StudyFile) -> type[NetworkConfiguration]:
    """Return the configuration of a study's network."""
    return LstmConfiguration if declared.trainer == "lstm" else Configuration


def check_base(
    declared: StudyFile, study: Study, space: SearchSpace, base: Mapping[str, Any], where: str
) -> None:
    """Refuse a base that leaves something open which no point of the space says.

    Parameters
    ----------
    declared, study
        The study, as its file says it and as it came to.
    space
        What varies.
    base
        What is known of every setting before a point says anything of it.
    where
        Begins the sentence of every error.

    Raises
    ------
    InputError
        With the setting that has no value, or that has none where it does not vary.
    """
    for name in _list_needed(declared):
        dimension = space.dimensions.get(name)
        if name in base or (dimension is not None and not dimension.when):
            continue
        if dimension is None:
            raise InputError(
                f"{where}: {bare(name)} has no value: give it in base, or let the space vary it"
            )
        beside = join_words([bare(other) for other in dimension.when], most=_MOST_SHOWN)
        raise InputError(
            f"{where}: {bare(name)} varies beside some values of {beside} alone, and base has no "
            "value of it for the others"
        )
    if isinstance(declared, FreeStudyFile) or not needs_min_delta(study.task, study.metric):
        return
    if "min_delta" not in said(declared.base) and "min_delta" not in space.dimensions:
        raise InputError(
            f"{where}: min_delta is missing: say, in base, which gain in {study.metric.title} "
            "counts as better"
        )


def _list_needed(declared: StudyFile) -> Iterator[str]:
    if isinstance(declared, FreeStudyFile):
        yield from declared.parameters
        return
    for name, info in choose_form(declared).model_fields.items():
        if info.is_required():
            yield name


def _find_faults(dimension: Dimension, parameter: Parameter) -> Iterator[str]:
    """Yield how a dimension lies outside what is declared."""
    for value in _list_extremes(dimension):
        converted = parameter.convert(value)
        if converted is None:
            yield f"{shorten(value)} is no {parameter.kind}"
        elif fault := parameter.find_fault(converted):
            yield f"{shorten(value)} {fault}"
    if not dimension.is_range or dimension.count() == 1:
        return
    if parameter.kind == "int" and dimension.kind == "float":
        yield "its values are whole numbers"
    elif parameter.choices is not None:
        values = (
            dimension.values if (dimension.count() or math.inf) <= len(parameter.choices) else None
        )
        outside = [v for v in values or () if parameter.find_fault(parameter.convert(v) or v)]
        if values is None or outside:
            yield f"a range goes beyond its choices, which are {parameter.expected}"
    elif parameter.step is not None:
        step = dimension.step or (1.0 if dimension.kind == "int" else None)
        if step is None or abs(step / parameter.step - round(step / parameter.step)) > 1e-9:
            yield f"its values go in steps of {parameter.step:g}"


def _list_extremes(dimension: Dimension) -> list[OptionValue]:
    """Return the choices, or the ends of a range."""
    if not dimension.is_range:
        return list(dimension.values or ())
    ends = (dimension.low, dimension.high)
    return [v for end in ends if end is not None and (v := dimension.convert(end)) is not None]


def _is_whole_float(value: OptionValue) -> bool:
    return isinstance(value, float) and value.is_integer()


def _settle_whole(dimension: Dimension) -> Dimension:
    """Return floats that are whole, 32.0 or from 1.0 in steps of 1.0, as whole numbers."""
    if dimension.kind != "float":
        return dimension
    given = dimension.model_dump(exclude_unset=True)
    if dimension.choices is not None:
        if any(not isinstance(v, float | int) or v % 1 for v in dimension.choices):
            return dimension
        choices = tuple(int(value) for value in dimension.choices)
        return Dimension(**{**given, "type": "int", "choices": choices})
    numbers = (dimension.low, dimension.high, dimension.step)
    if any(number is None or number % 1 for number in numbers):
        return dimension
    return Dimension(**{**given, "type": "int"})


def _holds(annotation: Any, kind: type) -> bool:  # noqa: ANN401 - any annotation
    """Tell whether an annotation, or a part of a union, is of a type."""
    return annotation is kind or any(_holds(part, kind) for part in get_args(annotation))
