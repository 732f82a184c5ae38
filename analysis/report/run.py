"""The report on one run."""

from collections.abc import Callable
from pathlib import Path

from analysis.report.document import Report, show_images
from analysis.report.formats.json_values import to_values
from analysis.report.formats.markdown import join_blocks
from analysis.report.illustrations import illustrate
from analysis.report.options import ReportOptions
from analysis.report.reading import (
    assemble_report,
    list_checklist,
    prepare_evidence,
    read_evidence,
    render_reading,
)
from analysis.report.sections.candidate import render_candidate
from analysis.report.sections.checklist import list_open_points, render_checklist
from analysis.report.sections.headline import render_run_headline
from analysis.report.sections.health import render_cost, render_health
from analysis.report.sections.judged_metric import note_judged_metric
from analysis.report.sections.methods import (
    render_caveats,
    render_run_methods,
    render_table_methods,
)
from analysis.report.sections.provenance import render_run_provenance
from analysis.runs.commands import write_test_command
from analysis.runs.run import Run
from analysis.runs.run_frame import frame_run
from analysis.verdicts.candidate import weigh_candidate
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.run_cases import judge_run


def report_run(
    run: Run,
    options: ReportOptions,
    folder: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Enter the look at a run's claims in their ledger, judge them, and write the report.

    Parameters
    ----------
    folder
        Where the report will lie, for its figures; None for none.
    advance
        Called after every figure.

    Raises
    ------
    InputError
        If the options do not fit the run.
    """
    rope = run.info.study.rope if options.rope is None else options.rope
    frame = frame_run(run, options.metric, options.direction)
    fits = frame
    if run.info.data.folds:
        fits = frame_run(run, options.metric, options.direction, by_fold=True)
    is_auc, note = frame.metric_label == "AUC", note_judged_metric(frame)
    evidence = prepare_evidence(frame, options, rope if is_auc else None)
    checklist = judge_run(run, options.rope, enter=True)
    has_stops = any(row.dating.stop is not None for row in checklist.rows)
    candidate = weigh_candidate(run, options.rope, is_staged=has_stops)
    power = checklist.power if is_auc else None  # both, as the ROPE, in units of AUC
    reading = read_evidence(evidence, power.median if power else None)
    images = illustrate(
        folder, evidence, options.params, checklist=checklist, run=run, advance=advance
    )
    commands = [one for row in checklist.rows if (one := row.advice.command) is not None]
    best = candidate.against.best if candidate.against else None
    texts = {
        "headline": render_run_headline(run, checklist, candidate, note),
        "checklist": join_blocks(
            note, render_checklist(checklist, run.info.study, show_images(images, "checklist"))
        ),
        "candidate": render_candidate(candidate, write_test_command(run, best) if best else None),
        **render_reading(reading, options.params, images, commands),
        "health": render_health(fits, run, show_images(images, "health")),
        "cost": render_cost(fits, run, show_images(images, "cost")),
        "caveats": render_caveats(frame, run, _list_uncounted(checklist)),
        "methods": join_blocks(
            render_run_methods(run, checklist), note, render_table_methods(frame)
        ),
        "provenance": render_run_provenance(run),
    }
    return assemble_report(
        f"{run.info.study.title}: {run.info.run}",
        texts,
        reading,
        checklist,
        {
            "kind": "run",
            "run": run.info.run,
            "study": run.info.study.name,
            "data": to_values(run.info.data),
            "verdict_metric": run.metric.key(),
            "checklist": list_checklist(checklist),
            "open_points": to_values(list_open_points(run.info.study)),
            "candidate": to_values(candidate),
        },
    )


def _list_uncounted(checklist: Checklist) -> list[str]:
    """Return what is to be said of looks that could not be entered."""
    if checklist.uncounted is None:
        return []
    return [f"This look at the claims is not counted, and settles none: {checklist.uncounted}."]
