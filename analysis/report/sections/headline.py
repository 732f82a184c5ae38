"""The box at the top of a report: what came out, and how far it can be trusted."""

from collections import Counter

from analysis.findings.evidence import Evidence
from analysis.frames.frame import TrialFrame
from analysis.numbers import count_noun
from analysis.report.formats.markdown import bold, escape_text
from analysis.report.sections.candidate import describe_best_baseline
from analysis.report.sections.checklist import describe_power
from analysis.report.sections.health import describe_best
from analysis.report.yardstick import Yardstick
from analysis.runs.run import Run
from analysis.verdicts.candidate import Candidate
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.verdict import Verdict
from trial_sets.records.claim_stops import describe_stop
from trial_sets.wording import join_words

EXAMPLE = "example"


def render_run_headline(
    run: Run,
    checklist: Checklist,
    candidate: Candidate,
    note: str = "",
    yardstick: Yardstick | None = None,
    leader: str = "",
) -> str:
    """Return the box of a run's report.

    Parameters
    ----------
    note
        What is to be said at once of the metrics, as `note_judged_metric` returns it.
    yardstick
        What is judged; None for the study's metric.
    leader
        What to say of the best trial where no predictions tell it.
    """
    said = yardstick or Yardstick.of(run.info.study.metric, checklist.rope)
    validation = run.info.data.splits.get("validation")
    rows = ""
    if validation is not None:
        folds = run.info.data.fold_numbers
        where = f" in {count_noun(len(folds), 'fold')}" if run.info.data.folds else ""
        rows = f" on {validation.rows:,} validation rows{where}, {validation.describe_labels()}"
    best = candidate.maximum
    lines = [bold(describe_verdicts(checklist)), describe_dating(checklist), note]
    if run.info.study.name == EXAMPLE:
        lines.append("This is the example that comes with the project, of networks too small to "
                     "say anything about larger ones.")  # fmt: skip
    if best is not None:
        lines.append(
            f"Best trial: {escape_text(candidate.best_name or '')}, validation {said.title} "
            f"{said.write_oriented(best.maximum)}{rows}; "
            f"{count_noun(best.n_trials, 'configuration')}, "
            f"{count_noun(candidate.n_seeds, 'seed')}."
        )
    elif leader:
        lines.append(leader)
    lines += [describe_best_baseline(candidate, said), describe_power(checklist.power, said)]
    return make_box(lines)


def render_trials_headline(evidence: Evidence, checklist: Checklist | None) -> str:
    """Return the box of a report on other tools' results."""
    frame = evidence.frame
    files = count_noun(frame.rows["file"].nunique(), "file")
    configurations = count_noun(evidence.n_configurations, "distinct configuration")
    known = f" of {configurations} from {files}." if frame.params else (
        f" from {files}, whose hyperparameters no column tells."
    )  # fmt: skip
    lines = [bold(f"{count_noun(len(frame.finished), 'finished trial')}{known}")]
    if len(frame.finished):
        lines.append(f"Best: {describe_best(frame)} ({describe_direction(frame)}).")
    lines += [escape_text(sentence, longest=None) for sentence in frame.assumptions]
    if checklist is not None:
        lines.append(
            f"{describe_verdicts(checklist)} Without predictions nothing accounts "
            "for the rows, so that no claim is confirmed or refuted."
        )
    else:
        lines.append(
            "The results hold no predictions, so that no difference between two trials can be "
            "tested; the tables describe what was found."
        )
    return make_box(lines)


def describe_direction(frame: TrialFrame) -> str:
    """Say which way is better and who says so, with the option where nobody did."""
    more = "more" if frame.direction == "maximize" else "less"
    other = "minimize" if frame.direction == "maximize" else "maximize"
    if not frame.is_direction_known:
        assumed = bold(f"assuming that {more} is better")
        return f"{assumed}: nothing records it; --direction {other} says otherwise"
    option = f"; --direction {other} says otherwise" if "name" in frame.direction_source else ""
    return f"{more} is better, {frame.direction_source}{option}"


def describe_verdicts(checklist: Checklist) -> str:
    """Say how many of the expected outcomes came to which verdict."""
    counts = checklist.count_verdicts()
    if not counts:
        return "No outcome was declared."
    shown = join_words([f"{counts[word]} {word}" for word in Verdict if word in counts])
    return f"Of {count_noun(len(checklist.rows), 'expected outcome')}: {shown}."


def describe_dating(checklist: Checklist) -> str:
    """Say which claims were not fixed beforehand, looked at before, or withdrawn."""
    said = [
        f"{count_noun(len(rows), 'claim')} {text}"
        for verdict, text in _DATED.items()
        if (rows := [row for row in checklist.rows if row.judgement.verdict == verdict])
    ]
    repeated = [row for row in checklist.rows if row.look_number > 1]
    if repeated:
        most = max(row.look_number for row in repeated)
        said.append(f"{count_noun(len(repeated), 'claim')} looked at up to {most} times")
    said += _list_stops(checklist)
    if checklist.withdrawn:
        said.append(f"{count_noun(len(checklist.withdrawn), 'claim')} fixed and withdrawn since")
    return f"{join_words(said).capitalize()}." if said else ""


def _list_stops(checklist: Checklist) -> list[str]:
    """Say how many claims were decided, or stopped, at which look."""
    stops = [row.dating.stop for row in checklist.rows if row.dating.stop is not None]
    counts = Counter(map(describe_stop, sorted(stops, key=lambda stop: len(stop.seeds))))
    return [f"{count_noun(number, 'claim')} {what}" for what, number in counts.items()]


_DATED = {
    "post hoc": "made after the results (post hoc), so never confirmed",
    "undated": "without a date that can be trusted (undated), so never confirmed",
}


def make_box(lines: list[str]) -> str:
    """Return lines as a quoted list."""
    return "\n".join(f"> - {line}" for line in lines if line)
