"""From checked study and set files to a study whose every trial is resolved."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trial_sets.claim import Claim
from trial_sets.claims.binding import bind_claim
from trial_sets.configuration import (
    AnyConfiguration,
    Configuration,
    FreeConfiguration,
    LstmConfiguration,
    NetworkConfiguration,
    said,
)
from trial_sets.errors import InputError, suggest
from trial_sets.files import FreeEntry, FreeStudyFile, SetFile, StudyFile
from trial_sets.loading.agreement import check_agreement, check_min_delta, needs_min_delta
from trial_sets.parameter import RESERVED, Parameters, check_said, check_values
from trial_sets.records.layout import is_study_name, is_taken
from trial_sets.strict_json import check
from trial_sets.study import Study, Trial, TrialSet
from trial_sets.task import SHARES, Metric, settle_metric
from trial_sets.texts import NAME_PATTERN

EVERY_SET = "all"  # what the command calls them together
USUAL_ROPE = 0.005  # of AUC, where a study declares none
LARGEST_ROPE = 0.5  # of a metric between 0 and 1


@dataclass(frozen=True, slots=True)
class SetSource:
    """A set as a file declares it."""

    name: str
    where: str  # begins the sentence of every error about the set
    content: SetFile
    lines: Mapping[str, int] = field(default_factory=dict)  # of its trials, where known

    def place(self, trial: str) -> str:
        """Return what begins the sentence of every error about a trial."""
        line = f" (line {self.lines[trial]})" if trial in self.lines else ""
        return f"{self.where}, trial {trial}{line}"


def assemble_study(
    name: str, where: str, content: StudyFile, sets: Sequence[SetSource], *, title: str = ""
) -> Study:
    """Resolve every trial of the sets over the study's base, and check what they make together.

    Parameters
    ----------
    name
        The study's name.
    where
        The study's file, for errors.
    content
        The study's file.
    sets
        The sets, in study order.
    title
        Instead of the study file's title.

    Raises
    ------
    InputError
        One sentence: file, set, trial, key, what was found, what was expected.
    """
    if not is_study_name(name):
        raise InputError(
            f"{where}: the study's name {name[:60]!r} cannot be a results folder's: expected at "
            "most 100 letters, digits, spaces, ., _ and -, and none that is taken"
        )
    if len(set(content.seeds)) < len(content.seeds):
        raise InputError(f"{where}: seeds: a seed stands twice in {list(content.seeds)}")
    if content.looks is not None and list(content.looks) != sorted(set(content.looks)):
        raise InputError(
            f"{where}: looks: found {list(content.looks)}, expected numbers of seeds that grow, "
            f"such as {sorted(set(content.looks))}"
        )
    check_agreement(content, where)
    metric = _choose_metric(content, where)
    parameters = find_parameters(content, where)
    if parameters:
        _check_bases(content, where, sets, parameters)
    study = Study(
        name=name,
        title=title or content.title,
        task=content.task,
        metric=metric,
        trainer=content.trainer,
        tier=content.tier,
        label=content.label,
        split=content.split,
        rope=_choose_rope(content, metric, where),
        seeds=content.seeds,
        folds=content.folds,
        looks=content.looks,
        parameters=parameters,
        base=_find_base(content, metric),
        sets=tuple(_assemble_set(source, content, metric) for source in sets),
        controls=tuple(
            Trial(
                name=control,
                set_name=None,
                note=entry.note,
                configuration=resolve_layers(
                    [content.base, entry], f"{where}: control {control}", content, metric
                ),
                budget=entry.budget or content.budget,
            )
            for control, entry in content.controls.items()
        ),
        origin=content.origin,
    )
    _check_names(study, where, sets)
    _check_claims(study, sets)
    return study


def find_parameters(content: StudyFile, where: str) -> Parameters:
    """Return the parameters that a study declares; none where its network is one of ours.

    Raises
    ------
    InputError
        If one has a name that a trial's own keys have.
    """
    parameters = content.parameters if isinstance(content, FreeStudyFile) else {}
    for name, why in RESERVED.items():
        if name in parameters:
            raise InputError(f"{where}: parameters: {name} {why}; choose another name")
    if parameters and "trainer" in content.model_fields_set:
        raise InputError(
            f"{where}: trainer={content.trainer} has hyperparameters of its own; of it and "
            "parameters give one"
        )
    return parameters


def _choose_metric(content: StudyFile, where: str) -> Metric:
    """Return the metric that the claims are about."""
    chosen = content.metric
    name, direction = (None, None) if chosen is None else (chosen.name, chosen.direction)
    try:
        return settle_metric(content.task, name, direction)
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def _choose_rope(content: StudyFile, metric: Metric, where: str) -> float:
    """Return the ROPE, in units of the metric."""
    rope = content.rope
    if rope is None:
        if metric.is_auc:
            return USUAL_ROPE
        raise InputError(
            f"{where}: rope is missing: say which difference of {metric.title} is practically "
            "nothing"
        )
    if metric.name in SHARES and rope >= LARGEST_ROPE:
        raise InputError(
            f"{where}: rope={rope:g}, expected a difference of {metric.title} less than "
            f"{LARGEST_ROPE:g}, such as {USUAL_ROPE:g}"
        )
    return rope


def _assemble_set(source: SetSource, study: StudyFile, metric: Metric) -> TrialSet:
    """Resolve the trials of one set."""
    name = source.name
    if not re.fullmatch(NAME_PATTERN, name):
        expected = "letters, digits, _ and - (32 at most, a letter first)"
        raise InputError(f"{source.where}: the set's name {name!r} is not {expected}")
    if name.casefold() == EVERY_SET:
        raise InputError(f"{source.where}: the set's name {name!r} stands for every set")
    content = source.content
    if content.control is not None and content.control not in study.controls:
        ending = suggest(content.control, study.controls)
        raise InputError(f"{source.where}: unknown control {content.control!r}{ending}")
    return TrialSet(
        name=source.name,
        title=content.title,
        phase=content.phase,
        trials=tuple(
            Trial(
                name=name,
                set_name=source.name,
                note=entry.note,
                configuration=resolve_layers(
                    [study.base, content.base, entry], source.place(name), study, metric
                ),
                budget=entry.budget or content.budget or study.budget,
            )
            for name, entry in content.trials.items()
        ),
        control=content.control,
        expectations=tuple(
            _relate(claim, metric, f"{source.where}, {called}")
            for called, claim in content.list_claims()
        ),
    )


def _relate(claim: Claim, metric: Metric, where: str) -> Claim:
    """Return a claim that knows whether it is about the study's metric."""
    try:
        return claim.about(metric)
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def resolve_layers(
    layers: Iterable[Any], where: str, study: StudyFile, metric: Metric
) -> AnyConfiguration:
    """Merge the layers, later ones over earlier ones, into a full and checked configuration.

    Parameters
    ----------
    layers
        Bases and a trial: ``Overrides`` of a network's fields, or of a study that declares its
        parameters ``FreeEntry`` or plain values by name.
    where
        Begins the sentence of every error.
    study
        Says which form the configuration has.
    metric
        The study's.

    Raises
    ------
    InputError
        If a field is missing, or the fields do not go together.
    """
    if isinstance(study, FreeStudyFile):
        values: dict[str, Any] = {}
        for layer in layers:
            values |= layer.values if isinstance(layer, FreeEntry) else layer
        return FreeConfiguration(parameters=check_values(study.parameters, values, where))
    fields: dict[str, Any] = {}
    for layer in layers:
        options = fields.get("options", {})
        fields |= said(layer)
        fields["options"] = {**options, **(getattr(layer, "options", None) or {})}
    if not fields["options"]:
        del fields["options"]
    form: type[NetworkConfiguration]
    form = LstmConfiguration if study.trainer == "lstm" else Configuration
    configuration = check(form, fields, where)
    if needs_min_delta(study.task, metric) and "min_delta" not in fields:
        raise InputError(
            f"{where}: min_delta is missing: say, in the base of study.json, which gain in "
            f"{metric.title} counts as better"
        )
    check_min_delta(configuration, metric, where)
    return configuration


def _check_bases(
    content: StudyFile, where: str, sets: Iterable[SetSource], parameters: Parameters
) -> None:
    """Blame a mistake in a base on the base, and on none of the trials that depart from it."""
    for place, base in ((where, content.base), *((s.where, s.content.base) for s in sets)):
        check_said(parameters, base, f"{place}: base")


def _find_base(content: StudyFile, metric: Metric) -> AnyConfiguration | None:
    """Return the study's base where it is a full and valid configuration by itself."""
    try:
        return resolve_layers([content.base], "base", content, metric)
    except InputError:
        return None


def _check_names(study: Study, where: str, sets: Iterable[SetSource]) -> None:
    """Refuse names that two sets or trials share, or that stand for something else."""
    places = {source.name: source.where for source in sets}
    _refuse_clashes("set", [(source.name, source.where) for source in sets])
    trials = [(t.name, places[t.set_name] if t.set_name else where) for t in study.trials()]
    _refuse_clashes("trial", trials)
    for name, place in trials:
        if is_taken(name):
            raise InputError(f"{place}: the trial name {name} is taken by other results or systems")


def _check_claims(study: Study, sets: Iterable[SetSource]) -> None:
    """Refuse claims that cannot be judged, and one that stands twice."""
    seen: dict[str, str] = {}
    for source in sets:
        trial_set = study.find_set(source.name)
        called = (words for words, _ in source.content.list_claims())
        for words, claim in zip(called, trial_set.expectations, strict=True):
            place = f"{source.where}, {words}"
            try:
                bound = bind_claim(study, trial_set, claim)
            except InputError as error:
                raise InputError(f"{place}: {error}") from None
            earlier = seen.setdefault(bound.digest(study.rope), place)
            if earlier is not place:
                raise InputError(
                    f'{place}: the claim "{bound.sentence}" stands in {earlier} already'
                )


def _refuse_clashes(kind: str, names: Iterable[tuple[str, str]]) -> None:
    """Refuse names that are one on some file systems."""
    seen: dict[str, tuple[str, str]] = {}
    for name, place in names:
        if name.casefold() in seen:
            other, other_place = seen[name.casefold()]
            raise InputError(
                f"{place}: the {kind} name {name} stands twice, also as {other} in {other_place}"
            )
        seen[name.casefold()] = name, place
