"""The report on the results of other tools."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from analysis.frames.frame import TrialFrame
from analysis.report.document import Report, show_images
from analysis.report.formats.json_values import to_values
from analysis.report.illustrations import draw_figures, plan_figures
from analysis.report.options import ReportOptions
from analysis.report.reading import (
    assemble_report,
    list_checklist,
    prepare_evidence,
    read_evidence,
    render_reading,
)
from analysis.report.search_figures import sketch_importance, sketch_regret
from analysis.report.sections.checklist import render_checklist
from analysis.report.sections.headline import render_trials_headline
from analysis.report.sections.health import render_cost, render_health
from analysis.report.sections.methods import render_caveats, render_trials_methods
from analysis.report.sections.provenance import render_trials_provenance
from analysis.report.sections.searches.importance import render_importance, render_interactions
from analysis.report.sections.searches.regret import render_regret
from analysis.report.yardstick import Yardstick
from analysis.searches.importance import weigh_params
from analysis.searches.interactions import fit_known_pairs
from analysis.searches.order import order_frame
from analysis.verdicts.frame_cases import find_matching_study, show_claims
from trial_sets.errors import InputError
from trial_sets.task import AUC, Metric


def report_trials(
    frame: TrialFrame,
    title: str,
    options: ReportOptions,
    folder: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Tabulate other tools' results and write their report.

    Parameters
    ----------
    folder
        Where the report will lie, for its figures; None for none.
    advance
        Called after every figure.

    Raises
    ------
    InputError
        If nothing finished, or the options or the named study do not fit the results.
    """
    study = find_matching_study(frame.rows["trial"].dropna(), options.study, frame.studies)
    rope, metric = options.rope, AUC if study is None else study.metric
    if is_about(frame, metric):
        options.check_rope(metric)
        if study is not None:  # whose ROPE is in the unit of the results
            rope = study.rope if rope is None else rope
            frame = _measure_frame(frame, metric, rope)
    evidence = prepare_evidence(frame, options, rope)
    if evidence.frame.finished.empty:
        states = ", ".join(f"{n} {state}" for state, n in evidence.frame.count_states().items())
        raise InputError(f"{title}: no trial finished with a finite {frame.metric} ({states})")
    checklist = None if study is None else show_claims(frame, study, options.rope)
    reading = read_evidence(evidence)
    order, importances = order_frame(evidence.frame), weigh_params(evidence.frame)
    pairs = fit_known_pairs(evidence.frame)
    sketches = plan_figures(evidence, options.params)
    if order is not None:
        sketches = (sketch_regret(order, evidence.frame.metric_label), *sketches)
    if importances is not None:
        sketches = (*sketches, sketch_importance(importances))
    images = () if folder is None else draw_figures(sketches, folder, advance)
    yardstick = _name_metric(evidence.frame)
    texts = {
        "headline": render_trials_headline(evidence, checklist),
        "checklist": render_checklist(checklist, study) if checklist and study else "",
        "regret": render_regret(order, yardstick, show_images(images, "regret")) if order else "",
        "importance": render_importance(importances, show_images(images, "importance"))
        if importances
        else "",
        "interactions": render_interactions(pairs) if pairs else "",
        **render_reading(reading, options.params, images),
        "health": render_health(evidence.frame),
        "cost": render_cost(evidence.frame, images=show_images(images, "cost")),
        "caveats": render_caveats(evidence.frame),
        "methods": render_trials_methods(frame, checklist),
        "provenance": render_trials_provenance(frame),
    }
    return assemble_report(
        f"Results of {title}",
        texts,
        reading,
        checklist,
        {
            "kind": "trials",
            "files": frame.rows["file"].dropna().unique().tolist(),
            "study": None if study is None else study.name,
            "checklist": None if checklist is None else list_checklist(checklist),
            "order": to_values(order),
            "importances": to_values(importances),
            "interactions": to_values(pairs),
        },
    )


def is_about(frame: TrialFrame, metric: Metric) -> bool:
    """Return whether results are of the metric that a study is about."""
    names = {metric.name, metric.key(), metric.title}
    return frame.metric_label == metric.title or frame.metric in names


def _name_metric(frame: TrialFrame) -> Yardstick:
    """Return the metric that tables of a frame name, with as many decimals as they write."""
    metric = Metric(name=frame.metric.removeprefix("val_") or "value", direction=frame.direction)
    return Yardstick(metric, frame.decimals)


def _measure_frame(frame: TrialFrame, metric: Metric, rope: float) -> TrialFrame:
    """Name the metric as the study does, and write it as its ROPE asks."""
    if metric.is_auc:
        return frame
    return replace(frame, title=metric.title, decimals=Yardstick.of(metric, rope).decimals)
