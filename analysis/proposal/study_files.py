"""The files of a proposed study: what study.json and the sets' files hold."""

from collections.abc import Mapping
from typing import Any

from analysis.proposal.round_plan import RoundPlan, replace_claims
from analysis.proposal.round_set import CONTROL, RoundSet, shorten_words
from analysis.proposal.round_space import shape_space
from analysis.proposal.round_trial import RoundTrial
from trial_sets.configuration import OptionValue
from trial_sets.files import TIERS
from trial_sets.loading.assembly import LARGEST_ROPE
from trial_sets.parameter import Parameter
from trial_sets.study import Study
from trial_sets.task import METRICS, SHARES
from trial_sets.writing.study_draft import StudyDraft, assemble_draft

_ROUND = ", round "


def draft_round(plan: RoundPlan, name: str, source: str) -> tuple[RoundPlan, StudyDraft]:
    """Return the study's files, pages aside, and the plan with the claims that they hold.

    A claim of which the linter says that it leaves something out gives way to the next of its set.

    Parameters
    ----------
    name
        The study's.
    source
        What the results are called.

    Raises
    ------
    InputError
        If the files would be refused.
    """
    draft = _draft(plan, source)
    _, remarks = assemble_draft(name, draft)
    for one in plan.sets:
        said = [remark for remark in remarks if remark.where.startswith(f"set {one.name},")]
        if said and len(one.claims) > 1:
            plan = replace_claims(plan, one.name, 1)
    return plan, _draft(plan, source)


def write_base(plan: RoundPlan) -> dict[str, Any]:
    """Return the base as study.json holds it: a network's usual values are left out."""
    terms = plan.base.terms
    said = {**terms.fixed, **terms.write(plan.base.values)}
    if terms.trainer is None:
        return said
    needed = {n: v for n, v in said.items() if not terms.is_usual(n, said)}
    if plan.evidence.frame.metric_label != "AUC" and "min_delta" not in needed:
        needed["min_delta"] = plan.rope / 5
    return terms.nest(needed)


def write_trial(plan: RoundPlan, trial: RoundTrial) -> dict[str, Any]:
    """Return what a trial's entry changes in the base."""
    return plan.base.terms.nest(list_settings(plan, trial))


def list_settings(plan: RoundPlan, trial: RoundTrial) -> dict[str, OptionValue]:
    """Return what a trial changes, by the study's names.

    A batch size that follows from a width is left to follow.
    """
    terms, base = plan.base.terms, plan.base
    said = terms.write(trial.values)
    changes = {terms.names[name] for name in base.list_changes(trial)}
    kept = {name: value for name, value in said.items() if name in changes}
    before = terms.write(base.values)
    is_bound = "batch_size" in before and terms.is_usual("batch_size", before)
    if is_bound and "batch_size" in kept and terms.is_usual("batch_size", said):
        del kept["batch_size"]
    return kept


def _draft(plan: RoundPlan, source: str) -> StudyDraft:
    content: dict[str, Any] = {
        "title": shorten_words(_name_round(plan.base.terms.study, source)),
        "description": f"Proposed from {shorten_words(source)}; proposal.md says why. Edit it, "
        "then fix its claims before anything runs.",
        **_list_terms(plan),
        "seeds": list(plan.seeds),
        "base": write_base(plan),
        "controls": {CONTROL: {"note": f"The best so far, {plan.base.name}: the base itself"}},
    }
    sets = {one.name: _write_set(plan, one) for one in plan.sets}
    return StudyDraft(content, sets, shape_space(plan))


def _name_round(study: Study | None, source: str) -> str:
    """Return the next round's title: of a study of ours its own, with the number of the round."""
    if study is None:
        return f"After {source}"
    title, comma, number = study.title.rpartition(_ROUND)
    is_round = bool(comma) and number.isdecimal()
    return f"{title}{_ROUND}{int(number) + 1}" if is_round else f"{study.title}{_ROUND}2"


def _list_terms(plan: RoundPlan) -> dict[str, Any]:
    """Return what study.json says of task, metric, label, rows and parameters."""
    study = plan.base.terms.study
    return _repeat(study, plan) if study is not None else _guess(plan)


def _repeat(study: Study, plan: RoundPlan) -> dict[str, Any]:
    """Return what a study of ours said."""
    said: dict[str, Any] = {"task": study.task}
    said["metric"] = study.metric.model_dump(mode="json")
    if not study.parameters:
        said["trainer"] = study.trainer
    if study.label.column is None:
        said["tier"] = study.tier
        said["label"] = study.label.model_dump(mode="json", exclude_unset=True)
    else:  # of a table, whose columns are its features
        said["label"] = study.label.model_dump(mode="json", exclude_defaults=True)
    if study.split is not None:
        said["split"] = study.split.model_dump(mode="json", exclude_none=True)
    said["rope"] = study.rope
    if study.folds > 1:
        said["folds"] = study.folds
    if study.parameters:
        said["parameters"] = _write_parameters(study.parameters)
    return said


def _guess(plan: RoundPlan) -> dict[str, Any]:
    """Return what is known of other tools' results."""
    frame, terms = plan.evidence.frame, plan.base.terms
    metric = frame.metric.removeprefix("val_")
    if terms.trainer is None:
        return {
            "task": "none",
            "metric": {"name": shorten_words(metric), "direction": frame.direction},
            "rope": min(plan.rope, LARGEST_ROPE / 2) if metric in SHARES else plan.rope,
            "parameters": _write_parameters(terms.parameters),
        }
    tiers = set(frame.finished["tier"].dropna()) & set(TIERS)
    name = metric if metric in METRICS["binary"] else "auc"
    return {
        "task": "binary",
        "metric": {"name": name, "direction": METRICS["binary"][name]},
        "trainer": terms.trainer,
        "tier": min(tiers) if tiers else "a50",
        "rope": plan.rope,
    }


def _write_parameters(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    return {
        name: one.model_dump(mode="json", exclude_defaults=True) for name, one in parameters.items()
    }


def _write_set(plan: RoundPlan, one: RoundSet) -> dict[str, Any]:
    return {
        "title": one.title,
        "phase": one.phase,
        "control": CONTROL,
        "trials": {
            name: {**write_trial(plan, trial), "note": trial.note}
            for name, trial in one.trials.items()
        },
        "expectations": [dict(one.claims[0])] if one.claims else [],
    }
