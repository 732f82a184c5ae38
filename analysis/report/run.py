"""The report on one run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from analysis.frames.frame import TrialFrame
from analysis.frames.spaces import declare_spaces
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
from analysis.report.sections.ensembles import render_ensembles
from analysis.report.sections.headline import render_run_headline
from analysis.report.sections.health import render_cost, render_health
from analysis.report.sections.judged_metric import note_judged_metric
from analysis.report.sections.methods import (
    render_caveats,
    render_run_methods,
    render_table_methods,
)
from analysis.report.sections.provenance import render_run_provenance
from analysis.report.sections.standing import describe_leader, tabulate_means
from analysis.report.yardstick import Yardstick
from analysis.runs.commands import write_retraining, write_test_command
from analysis.runs.other_metric import find_metric, score_by, settle_rope
from analysis.runs.run import Run
from analysis.runs.run_frame import frame_run
from analysis.runs.seed_ensembles import measure_ensembles
from analysis.verdicts.candidate import weigh_candidate
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.run_cases import judge_run
from trial_sets.tuning.final import is_cut_short, lengthen_training


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
    own = run.metric
    metric = find_metric(run, options.metric, options.direction) if options.metric else own
    options.check_rope(metric)
    rope, scored = settle_rope(run, options.rope, metric), score_by(run, metric)
    frame = prepare_frame(scored, rope)
    fits = prepare_frame(scored, rope, by_fold=True) if run.info.data.folds else frame
    note, yardstick = (
        note_judged_metric(own, metric),
        Yardstick(metric, frame.decimals, run.info.study.is_ordered),
    )
    evidence = prepare_evidence(frame, options, rope)
    checklist = judge_run(run, options.rope, enter=metric == own, metric=metric)
    has_stops = any(row.dating.stop is not None for row in checklist.rows)
    candidate = weigh_candidate(run, options.rope, is_staged=has_stops, metric=metric)
    reading = read_evidence(evidence, checklist.power.median if checklist.power else None)
    images = illustrate(
        folder,
        evidence,
        options.params,
        checklist=checklist,
        run=run,
        yardstick=yardstick,
        advance=advance,
    )
    commands = [one for row in checklist.rows if (one := row.advice.command) is not None]
    ensembles = measure_ensembles(run) if metric == own else ()
    best = candidate.against.best if candidate.against else None
    epochs = _count_longer(run, best) if best else None
    texts = {
        "headline": render_run_headline(
            run, checklist, candidate, note, yardstick, describe_leader(frame, yardstick)
        ),
        "checklist": join_blocks(
            note, render_checklist(checklist, run.info.study, show_images(images, "checklist"))
        ),
        "candidate": join_blocks(
            render_candidate(
                candidate,
                write_test_command(run, best, epochs) if best else None,
                yardstick=yardstick,
                means=tabulate_means(frame, yardstick),
                retraining=write_retraining(run, best, epochs) if best and epochs else None,
            ),
            render_ensembles(ensembles, yardstick),
        ),
        **render_reading(
            reading, options.params, images, commands, run.info.study.parameters or None
        ),
        "health": render_health(fits, run, show_images(images, "health"), yardstick),
        "cost": render_cost(fits, run, show_images(images, "cost")),
        "caveats": render_caveats(frame, run, _list_uncounted(checklist)),
        "methods": join_blocks(
            render_run_methods(scored, checklist), note, render_table_methods(frame)
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
            "verdict_metric": metric.key(),
            "checklist": list_checklist(checklist),
            "open_points": to_values(list_open_points(run.info.study)),
            "candidate": to_values(candidate),
            "ensembles": to_values(ensembles),
        },
    )


def prepare_frame(run: Run, rope: float, *, by_fold: bool = False) -> TrialFrame:
    """Return a run's frame with its metric named and written as its ROPE asks.

    Parameters
    ----------
    rope
        In units of the metric.
    by_fold
        Of several folds, one row a fit.
    """
    frame, study = frame_run(run, by_fold=by_fold), run.info.study
    return replace(
        frame,
        title=run.metric.title,
        decimals=Yardstick.of(run.metric, rope, frame.finished["metric"]).decimals,
        spaces=declare_spaces(study.parameters),
    )


def _count_longer(run: Run, name: str) -> int | None:
    """Return the epochs to retrain a trial with; None where more would hardly help, or be known."""
    configuration = run.info.study.find_trial(name).configuration
    fits = run.list_fits(configuration.key).values()
    records = [part.record for fit in fits for part in fit.parts]
    if run.info.request is None or not is_cut_short(records):
        return None
    return lengthen_training(configuration)


def _list_uncounted(checklist: Checklist) -> list[str]:
    """Return what is to be said of looks that could not be entered."""
    if checklist.uncounted is None:
        return []
    return [f"This look at the claims is not counted, and settles none: {checklist.uncounted}."]
