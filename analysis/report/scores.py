"""The report on another tool's predictions: judged like a run's own, and dated by nothing."""

from pathlib import Path

from analysis.report.document import Report, gather_sections
from analysis.report.formats.json_values import SCHEMA_VERSION, to_values
from analysis.report.formats.markdown import escape_text, list_items
from analysis.report.options import ReportOptions
from analysis.report.reading import list_checklist
from analysis.report.sections.candidate import render_scored
from analysis.report.sections.checklist import render_checklist
from analysis.report.sections.headline import render_run_headline
from analysis.report.sections.methods import render_run_methods
from analysis.report.yardstick import Yardstick
from analysis.runs.score_file import read_score_file
from analysis.verdicts.candidate import weigh_candidate
from analysis.verdicts.frame_cases import find_matching_study
from analysis.verdicts.run_cases import judge_scores
from trial_sets.task import AUC, Metric
from trial_sets.wording import join_words

_CAVEATS = (
    "The predictions are another tool's: how the trials were trained, and on what their epochs "
    "were chosen, is not known here.",
)
_ONE_PERIOD = (
    "All rows come from one period. Another period is another draw, and scatters further than one "
    "period's error says."
)
_ONE_SPLIT = "All rows come from one split; another split is another draw."


def report_scores(path: Path, options: ReportOptions) -> Report:
    """Judge a study's claims on a table of predictions, and weigh its trials.

    Parameters
    ----------
    path
        Holds trial, seed, row, label and score (see `analysis.runs.score_file`).

    Raises
    ------
    InputError
        If the file or the named study cannot be used.
    """
    scores = read_score_file(path)
    study = find_matching_study(scores.trials, options.study)
    run = scores.as_run(study)
    options.check_rope(run.metric)
    checklist, candidate = judge_scores(run, options.rope), weigh_candidate(run, options.rope)
    reach = _ONE_SPLIT if run.horizon_rows is None else _ONE_PERIOD
    caveats = (*_CAVEATS, reach, *run.notes)
    yardstick = Yardstick.of(run.metric, checklist.rope)
    texts = {
        "headline": render_run_headline(
            run, checklist, candidate, note_unused(options, run.metric), yardstick
        ),
        "checklist": render_checklist(checklist, run.info.study),
        "candidate": render_scored(candidate, yardstick),
        "caveats": list_items(escape_text(note, longest=400) for note in caveats),
        "methods": render_run_methods(run, checklist, is_dated=False),
    }
    return Report(
        title=f"Predictions of {path.name}",
        sections=gather_sections(texts),
        data={
            "schema_version": SCHEMA_VERSION,
            "kind": "predictions",
            "file": path.name,
            "study": None if study is None else study.name,
            "data": to_values(run.info.data),
            "checklist": list_checklist(checklist),
            "candidate": to_values(candidate),
            "notes": list(run.notes),
        },
        checklist=checklist,
    )


def note_unused(options: ReportOptions, metric: Metric = AUC) -> str:
    """Say which options shape tables of trials, and do nothing for predictions; empty for none."""
    asked = {
        "--metric": options.metric,
        "--direction": options.direction,
        "--filter": options.filter_text,
        "--param": options.params,
        "--top": options.n_top,
    }
    given = [name for name, value in asked.items() if value]
    if not given:
        return ""
    verb = "changes" if len(given) == 1 else "change"
    return (
        f"{join_words(given)} {verb} nothing here: predictions are judged by their "
        f"{metric.title} alone."
    )
