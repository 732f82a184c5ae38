"""What a study's files call the hyperparameters of a frame, and of which type they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from analysis.frames.frame import TrialFrame, rename_reserved
from analysis.frames.scale import find_scale
from analysis.frames.values import is_number_column
from trial_sets.configuration import (
    Configuration,
    LstmConfiguration,
    OptionValue,
    StrictModel,
)
from trial_sets.errors import InputError
from trial_sets.files import BuiltInTrainer
from trial_sets.parameter import PARAMETER_PATTERN, RESERVED, Parameter, check_values
from trial_sets.space import nest_options
from trial_sets.strict_json import check
from trial_sets.study import Study
from trial_sets.task import METRICS
from trial_sets.vocabulary import NETWORK, LstmVocabulary

_FLAGS = {"True": True, "False": False}
_FORMS: Mapping[BuiltInTrainer, type[StrictModel]] = {
    "patch_transformer": Configuration,
    "lstm": LstmConfiguration,
}
FrameValues = Mapping[str, float | str]


@dataclass(frozen=True, eq=False)
class StudyTerms:
    """The names and types of a study's hyperparameters.

    Attributes
    ----------
    names
        What the study calls each column of the frame.
    trainer
        The network of ours that they are of; None where the study declares parameters.
    parameters
        As it declares them.
    whole
        The columns of whole numbers.
    study
        That the trials are from; None for other tools' results.
    fixed
        Settings that no column holds, by the study's names, as of a search; of declared parameters
        what they are in trials that do not set them.
    """

    names: Mapping[str, str]
    trainer: BuiltInTrainer | None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    study: Study | None = None
    fixed: Mapping[str, OptionValue] = field(default_factory=dict)

    def restore(self, column: str, value: float | str) -> OptionValue:
        """Return a value of a column in the type that the study has it in."""
        if isinstance(value, str):
            parameter = self.parameters.get(self.names[column])
            is_flag = parameter.kind == "bool" if parameter else value in _FLAGS
            return _FLAGS.get(value, value) if is_flag else value
        return int(value) if column in self.whole else float(value)

    def write(self, values: FrameValues) -> dict[str, OptionValue]:
        """Return values by the study's names, in its types."""
        return {self.names[column]: self.restore(column, v) for column, v in values.items()}

    def find_fault(self, values: FrameValues) -> str | None:
        """Say why a full configuration is none that can be trained; None where it is one."""
        said = {**self.fixed, **self.write(values)}
        try:
            if self.trainer is None:
                check_values(self.parameters, said, "")
            else:
                check(_FORMS[self.trainer], self.nest(said), "")
        except InputError as error:
            return str(error).removeprefix(": ")
        return None

    def nest(self, said: Mapping[str, OptionValue]) -> dict[str, Any]:
        """Return what a trial's entry holds, a network's options in a dict of their own."""
        if self.trainer is None:
            return dict(said)
        fields = _FORMS[self.trainer].model_fields
        known = {name: v for name, v in said.items() if name in fields or "." in name}
        return nest_options(known)

    def find_implied(self, name: str, values: FrameValues) -> OptionValue | None:
        """Return what a network's field is beside a full configuration; None where it has none."""
        if self.trainer is None:
            return None
        form = _FORMS[self.trainer]
        try:
            made = check(form, self.nest({**self.fixed, **self.write(values)}), "")
        except InputError:
            return None
        found: OptionValue | None = getattr(made, name, None)
        return found

    def is_usual(self, name: str, said: Mapping[str, OptionValue]) -> bool:
        """Say whether a network's field is what it is by itself beside the others."""
        if self.trainer is None or "." in name:
            return False
        others = {other: value for other, value in said.items() if other != name}
        try:
            made = check(_FORMS[self.trainer], self.nest(others), "")
        except InputError:
            return False
        return bool(getattr(made, name) == said[name])


def find_terms(
    frame: TrialFrame,
    study: Study | None = None,
    fixed: Mapping[str, OptionValue | None] | None = None,
) -> StudyTerms:
    """Find what a next study of some trials calls their hyperparameters.

    Of our own runs they are the study's. Of others they are those of a network of ours where every
    hyperparameter means one of its fields, all that it needs are there, and the metric is one of
    two classes; otherwise the study declares them as parameters.

    Parameters
    ----------
    fixed
        Settings of our own trials that no column may hold.
    """
    if study is not None:
        terms = _of_study(frame, study)
        held = {terms.names[column] for column in frame.params if column in terms.names}
        kept = {n: v for n, v in (fixed or {}).items() if n not in held and v is not None}
        return replace(terms, fixed=kept)
    for trainer, vocabulary in (("patch_transformer", NETWORK), ("lstm", LstmVocabulary())):
        names = {column: str(vocabulary.find_field(column)) for column in frame.params}
        if _fits(frame, names, _FORMS[trainer]):  # type: ignore[index]
            own = _add_fields(names, _FORMS[trainer])  # type: ignore[index]
            return StudyTerms(own, trainer, whole=_list_whole(frame))  # type: ignore[arg-type]
    names = _name_parameters(frame)
    declared = {names[column]: declare_parameter(frame, column) for column in frame.params}
    whole = frozenset(c for c in frame.params if declared[names[c]].kind == "int")
    terms = StudyTerms(names, None, declared, whole)
    return replace(terms, fixed=_find_usual(frame, terms))


def _find_usual(frame: TrialFrame, terms: StudyTerms) -> dict[str, OptionValue]:
    """Return a value for where a parameter is not set: a study that declares it names it always."""
    found: dict[str, OptionValue] = {}
    for column in frame.params:
        known = frame.rows[column].dropna()
        if len(known) and frame.configured[column].isna().any():
            found[terms.names[column]] = terms.restore(column, known.mode().iloc[0])
    return found


def declare_parameter(frame: TrialFrame, column: str) -> Parameter:
    """Return what a frame knows of a hyperparameter: its type, its choices or its range."""
    space = frame.spaces.get(column)
    present = frame.rows[column].dropna()
    if not is_number_column(frame.rows[column]):
        words = dict.fromkeys((*(map(str, space.choices) if space else ()), *map(str, present)))
        if set(words) <= set(_FLAGS):
            return Parameter(type="bool")
        return Parameter(choices=tuple(words))
    values = np.unique(present.to_numpy(dtype="float64"))
    scale = find_scale(frame, column)
    is_whole = bool((values == np.round(values)).all())
    if scale is not None and scale.choices:
        listed = tuple(sorted({*scale.choices, *map(float, values)}))
        all_whole = all(value == round(value) for value in listed)
        return Parameter(choices=tuple(int(v) if all_whole else v for v in listed))
    is_log = scale is not None and scale.is_log and bool((values > 0).all())
    low, high, step = (None, None, None)
    if scale is not None and scale.space is not None:
        low, high = (float(end) for end in scale.ends)
        step = scale.space.step if not is_log else None
        is_whole = is_whole and (scale.space.step is None or scale.space.step % 1 == 0)
        is_whole = is_whole and low % 1 == 0 and high % 1 == 0
        is_log = is_log and low > 0
    step = None if step == 1 and is_whole else step
    kind = "int" if is_whole and (step is None or step % 1 == 0) else "float"
    return Parameter(type=kind, low=low, high=high, log=is_log, step=step)  # type: ignore[arg-type]


def _of_study(frame: TrialFrame, study: Study) -> StudyTerms:
    columns = rename_reserved(study.parameters)
    back = {column: name for name, column in columns.items()}
    if study.parameters:
        names = {c: back[c] for c in frame.params if c in back}
        whole = frozenset(c for c, n in names.items() if study.parameters[n].kind == "int")
        return StudyTerms(names, None, study.parameters, whole, study)
    fields = _FORMS[study.trainer].model_fields
    names = {c: c.removesuffix("_") if c not in fields else c for c in frame.params}
    names = _add_fields(names, _FORMS[study.trainer])
    return StudyTerms(names, study.trainer, whole=_list_whole(frame), study=study)


def _add_fields(names: Mapping[str, str], form: type[StrictModel]) -> dict[str, str]:
    """Return names of columns with the network's other fields, which stand for themselves."""
    rest = {field: field for field in form.model_fields if field not in set(names.values())}
    return {**rest, **names}


def _fits(frame: TrialFrame, names: Mapping[str, str], form: type[StrictModel]) -> bool:
    """Say whether columns are the fields of a network: all that it needs, and no others."""
    fields = form.model_fields
    needed = {name for name, said in fields.items() if said.is_required()}
    found = list(names.values())
    is_known = all(name in fields for name in found) and len(set(found)) == len(found)
    is_metric = frame.metric_label == "AUC" or (
        frame.metric.removeprefix("val_") in METRICS["binary"]
    )
    return is_known and needed <= set(found) and is_metric and _are_valid(frame, names, form)


def _are_valid(frame: TrialFrame, names: Mapping[str, str], form: type[StrictModel]) -> bool:
    """Say whether the best of the trials is one that the network can be given."""
    finished = frame.configured
    if finished.empty:
        return False
    best = finished.iloc[int(np.argmax(frame.sign * finished["metric"].to_numpy()))]
    whole = _list_whole(frame)
    said = {
        names[c]: int(best[c]) if c in whole else _FLAGS.get(best[c], best[c])
        for c in frame.params
        if best[c] == best[c]
    }
    try:
        check(form, said, "")
    except InputError:
        return False
    return True


def _list_whole(frame: TrialFrame) -> frozenset[str]:
    found = []
    for column in frame.params:
        if is_number_column(frame.rows[column]):
            values = frame.rows[column].dropna().to_numpy(dtype="float64")
            found += [column] if (values == np.round(values)).all() else []
    return frozenset(found)


def _name_parameters(frame: TrialFrame) -> dict[str, str]:
    """Return names that a study's file may declare, no two alike."""
    names: dict[str, str] = {}
    for column in frame.params:
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", column)[:60] or "parameter"
        name = name if re.match(r"[A-Za-z_]", name) else f"_{name}"
        while name in names.values() or name in RESERVED:
            name += "_"
        assert re.fullmatch(PARAMETER_PATTERN, name)
        names[column] = name
    return names
