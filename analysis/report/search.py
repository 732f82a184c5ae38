"""The report on one search of a run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.findings.finding import Finding
from analysis.frames.frame import TrialFrame
from analysis.report.document import Report, gather_sections, show_images
from analysis.report.formats.json_values import SCHEMA_VERSION, to_values
from analysis.report.formats.markdown import join_blocks
from analysis.report.illustrations import draw_figures
from analysis.report.options import ReportOptions
from analysis.report.reading import (
    assemble_report,
    prepare_evidence,
    read_evidence,
    render_reading,
)
from analysis.report.search_figures import plan_search_figures
from analysis.report.sections.findings import render_findings
from analysis.report.sections.health import render_cost, render_health
from analysis.report.sections.searches.diagnoses import render_diagnoses
from analysis.report.sections.searches.headline import render_search_headline
from analysis.report.sections.searches.importance import render_importance, render_interactions
from analysis.report.sections.searches.methods import (
    render_search_caveats,
    render_search_methods,
    render_search_provenance,
)
from analysis.report.sections.searches.next import render_search_next
from analysis.report.sections.searches.regret import render_regret, render_stops
from analysis.report.sections.searches.steps import render_steps
from analysis.report.sections.searches.unfinished import render_unfinished
from analysis.report.yardstick import Yardstick
from analysis.searches.diagnosis import diagnose_search
from analysis.searches.flags import flag_search
from analysis.searches.importance import weigh_params
from analysis.searches.interactions import fit_known_pairs
from analysis.searches.lead import SearchLead, weigh_lead
from analysis.searches.order import order_search
from analysis.searches.search import Search
from analysis.searches.search_frame import frame_search
from analysis.searches.stops import weigh_stops


def report_search(
    search: Search,
    options: ReportOptions,
    folder: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Weigh a search and write its report; nothing is entered in the ledger of claims.

    Parameters
    ----------
    folder
        Where the report will lie, for its figures; None for none.
    advance
        Called after every figure.

    Raises
    ------
    InputError
        If the options do not fit the search.
    """
    rope = _settle_rope(search, options)
    frame = frame_search(search)
    yardstick = Yardstick.of(search.run.metric, rope, frame.finished["metric"])
    yardstick = replace(yardstick, is_ordered=search.run.info.study.is_ordered)
    frame = replace(frame, decimals=yardstick.decimals)
    lead = weigh_lead(search)
    if lead is None:
        return _report_nothing(search, frame, yardstick)
    evidence, order = prepare_evidence(frame, options, rope), order_search(search)
    reading = read_evidence(evidence)
    reading = replace(reading, findings=_put_first(flag_search(search), reading.findings))
    stops, ailments = weigh_stops(search), diagnose_search(search)
    importances, pairs = weigh_params(evidence.frame), fit_known_pairs(evidence.frame)
    sketches = plan_search_figures(search, evidence, order, importances, options.params)
    images = () if folder is None else draw_figures(sketches, folder, advance)
    told = render_reading(
        reading, options.params, images, parameters=search.run.info.study.parameters or None
    )
    texts = {
        **told,
        "headline": render_search_headline(search, lead, order, yardstick),
        "regret": join_blocks(
            render_regret(order, yardstick, show_images(images, "regret")),
            render_steps(search, yardstick) if search.info.sampler == "manual" else "",
        ),
        "importance": render_importance(importances, show_images(images, "importance")),
        "interactions": render_interactions(pairs),
        "diagnoses": render_diagnoses(search, ailments, yardstick),
        "unfinished": render_unfinished(search, yardstick),
        "stops": render_stops(stops, yardstick),
        "health": render_health(evidence.frame, images=show_images(images, "health")),
        "cost": render_cost(frame, search.run, show_images(images, "cost")),
        "next": join_blocks(render_search_next(search, yardstick), told["next"]),
        "caveats": render_search_caveats(search, _note_unused(options)),
        "methods": render_search_methods(frame),
        "provenance": render_search_provenance(search),
    }
    values = {
        **_list_search(search),
        "lead": _list_lead(lead),
        "order": to_values(order),
        "importances": to_values(importances),
        "interactions": to_values(pairs),
        "diagnoses": to_values(ailments),
        "stops": to_values(stops),
    }
    return assemble_report(name_search(search), texts, reading, None, values)


def name_search(search: Search) -> str:
    """Return the title of a search's report."""
    return f"{search.run.info.study.title}: search {search.info.name} in {search.run.info.run}"


def _put_first(flags: Iterable[Finding], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what is said of the search, and of the trials what is not the same again."""
    first = tuple(flags)
    said = {(flag.rule, flag.param) for flag in first}
    return (*first, *(one for one in findings if (one.rule, one.param) not in said))


def _settle_rope(search: Search, options: ReportOptions) -> float:
    """Return the ROPE that was asked for, unless it is another metric's."""
    study = search.run.info.study
    if options.metric is not None:
        return study.rope
    options.check_rope(study.metric)
    return study.rope if options.rope is None else options.rope


def _note_unused(options: ReportOptions) -> list[str]:
    if options.metric is None:
        return []
    return ["--metric changes nothing here: a search is about the metric that it optimised."]


def _report_nothing(search: Search, frame: TrialFrame, yardstick: Yardstick) -> Report:
    """Return what is to be said of a search of which no trial is complete."""
    texts = {
        "headline": render_search_headline(search, None, None, yardstick),
        "findings": render_findings(tuple(flag_search(search))),
        "unfinished": render_unfinished(search, yardstick),
        "cost": render_cost(frame, search.run),
        "next": render_search_next(search, yardstick),
        "caveats": render_search_caveats(search),
        "provenance": render_search_provenance(search),
    }
    data = {"schema_version": SCHEMA_VERSION, **_list_search(search), "lead": None}
    return Report(name_search(search), gather_sections(texts), data)


def _list_search(search: Search) -> Mapping[str, Any]:
    """Return a search's own facts and its trials as JSON values."""
    return {
        "kind": "search",
        "search": search.info.name,
        "run": search.run.info.run,
        "study": search.run.info.study.name,
        "info": to_values(search.info),
        "trial_states": to_values(search.count_states()),
        "trials": [
            {
                "number": trial.number,
                "name": trial.name,
                "state": trial.state,
                "score": trial.score,
                "values": to_values(trial.values),
                "is_default": trial.is_default,
                "stands_for": trial.stands_for,
                "seconds": trial.seconds,
                "reason": trial.reason,
            }
            for trial in search.trials
        ],
    }


def _list_lead(lead: SearchLead) -> dict[str, Any]:
    return {
        "best": lead.best.name,
        "score": lead.best.score,
        "n_trials": lead.n_trials,
        "n_tried": lead.n_tried,
        "error": lead.error,
        "adjusted": lead.adjusted,
        "default": to_values(lead.default),
        "baselines": to_values(lead.baselines),
    }
