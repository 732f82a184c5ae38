"""Where the results come from, as Markdown."""

from importlib.metadata import PackageNotFoundError, version

from analysis.frames.frame import TrialFrame
from analysis.numbers import count_noun
from analysis.report.formats.markdown import escape_text, pipe_table
from analysis.runs.run import Run
from trial_sets.records.run_info import FoldSummary, SplitSummary
from trial_sets.study import Study
from trial_sets.task import AUC
from trial_sets.wording import join_words


def render_run_provenance(run: Run) -> str:
    """Return a table of everything that makes the run's fits comparable."""
    info, data = run.info, run.info.data
    overrides = join_words([f"{name} = {value}" for name, value in info.overrides.items()])
    rows = [
        ("Study", f"{info.study.name}: {info.study.title}"),
        ("Run", info.run),
        *_list_task(info.study),
        *_list_data(run),
        *(
            (f"{name.capitalize()} rows", _describe(data.splits[name]))
            for name in data.splits
            if not data.folds or name == "test"
        ),
        *((f"Fold {fold.number}", said) for fold in data.folds if (said := _describe_fold(fold))),
        *([("Context", f"{data.context} rows")] if has_windows(run) else []),
        ("Overrides", overrides or "none"),
        *_list_trainer(run),
        ("Records", _count_records(run)),
        ("Trained", _describe_times(run)),
        ("Versions", _list_versions(run)),
    ]
    return _tabulate([*rows, *(("Notice", notice) for notice in data.notices)])


def has_windows(run: Run) -> bool:
    """Whether the trials look back on windows of rows in time order."""
    return run.info.study.is_ordered and (
        run.info.data.context > 1 or not run.info.study.parameters
    )


def _list_task(study: Study) -> list[tuple[str, str]]:
    """Return what a study asks that is not of the first kind: the AUC of dated rows."""
    rows = []
    if study.metric != AUC:
        said = f"{study.metric.title}, {study.metric.direction}d, ROPE {study.rope:g}"
        rows += [("Task", study.task), ("Metric", said)]
    if study.split is not None:
        given = study.split.model_dump(exclude_none=True, exclude={"kind"})
        parts = [study.split.kind, *(f"{name} {value}" for name, value in given.items())]
        rows.append(("Split", ", ".join(parts)))
    return rows


def _list_trainer(run: Run) -> list[tuple[str, str]]:
    """Return what trained; the precision is that of the project's own networks."""
    info = run.info
    command = None if info.request is None else info.request.command
    if command is not None:
        return [("Command", command)]
    rows = [("Trainer", f"{info.trainer or 'built in'}, version {info.training_version}")]
    return rows if info.study.parameters else [*rows, ("Precision", info.precision)]


def _list_data(run: Run) -> list[tuple[str, str]]:
    """Return what the data are; nothing where the trainer keeps them to itself."""
    data = run.info.data
    if not data.splits:
        return []
    return [
        ("Data", f"{data.name}, tier {data.tier}, {data.features} features"),
        ("Fingerprint", f"SHA-256 {data.fingerprint[:16]}…"),
        ("Label", data.label),
    ]


def render_trials_provenance(frame: TrialFrame) -> str:
    """Return the files with their numbers of rows."""
    counts = frame.rows["file"].value_counts(sort=False)
    rows = [(str(file), f"{n:,} rows") for file, n in counts.items()]
    known = "" if frame.is_direction_known else " (assumed)"
    return _tabulate(
        [
            *rows,
            ("Metric", f"{frame.metric}, {frame.direction}d{known}"),
            ("Report by", f"supplementary-trials {_find_version()}"),
        ]
    )


def _tabulate(rows: list[tuple[str, str]]) -> str:
    cells = [[escape_text(name), escape_text(value, longest=300)] for name, value in rows]
    return pipe_table(["What", "Value"], cells, n_left=2)


def _describe(split: SplitSummary) -> str:
    period = f", {split.first[:10]} to {split.last[:10]}" if split.first else ""
    return f"{split.rows:,}, {split.describe_labels()}{period}"


def _describe_fold(fold: FoldSummary) -> str:
    """Return where a fold trains and validates; nothing of a trainer's own data."""
    if fold.train is None or fold.validation is None:
        return f"dropped: {fold.dropped}" if fold.dropped else ""
    return f"train {_describe(fold.train)}; validation {_describe(fold.validation)}"


def _count_records(run: Run) -> str:
    failed = sum(record.failure is not None for record in run.records)
    n_pruned = sum(record.status == "pruned" for record in run.records)
    pruned = f", {n_pruned} pruned" if n_pruned else ""
    left_out = f", {count_noun(len(run.notes), 'file')} left out or doubtful" if run.notes else ""
    return f"{len(run.records)}, {failed} failed{pruned}{left_out}"


def _describe_times(run: Run) -> str:
    marks = [record.provenance for record in run.records]
    return f"{min(m.started for m in marks)} to {max(m.finished for m in marks)}"


def _list_versions(run: Run) -> str:
    found = {item for record in run.records for item in record.provenance.versions.items()}
    platforms = sorted({record.provenance.platform for record in run.records})
    shown = join_words([f"{name} {number}" for name, number in sorted(found)])
    return f"{shown}; {join_words(platforms)}"


def _find_version() -> str:
    try:
        return version("supplementary-trials")
    except PackageNotFoundError:
        return "(not installed)"
