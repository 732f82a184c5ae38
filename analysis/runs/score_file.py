"""Another tool's predictions, a row a trial, seed and row, as a run that can be judged."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.readers.content import refuse_many
from analysis.readers.csv_table import find_delimiter
from analysis.runs.predictions import MAX_BYTES, Predictions
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.runs.score_columns import (
    COLUMNS,
    DATE,
    GROUP,
    SCORE,
    Targets,
    clean_rows,
    has_class_columns,
    name_columns,
    read_labels_and_scores,
)
from trial_sets.errors import InputError
from trial_sets.files import LabelRule
from trial_sets.opening import MIB, open_regular, read_bytes
from trial_sets.records.record import Provenance, Record
from trial_sets.records.run_info import DataSummary, RunInfo, SplitSummary
from trial_sets.study import Study, Trial
from trial_sets.task import AUC, Metric, Task
from trial_sets.wording import join_words, tame_text

_HEAD_BYTES = 64 * 1024
_PARQUET = b"PAR1"
_MOST_DECODED = 1024 * MIB
_NOTHING_KNOWN = Provenance(
    device="unknown", group_size=1, started="", finished="", versions={}, platform=""
)


def holds_scores(path: Path) -> bool:
    """Tell by its head whether a file is a table of predictions."""
    try:
        with open_regular(path) as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError):
        return False
    if head.startswith(_PARQUET):
        return True  # no results are read from Parquet
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode(errors="replace")
    names = [name.strip().strip('"').casefold() for name in line.split(find_delimiter(line))]
    return set(COLUMNS) <= set(names) and (SCORE in names or has_class_columns(names))


@dataclass(frozen=True, slots=True, eq=False)
class ScoreFile:
    """A table of predictions, read and checked.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of the file.
    table : DataFrame
        As it is written but for the names of its columns (`analysis.runs.score_columns`).
    """

    path: Path
    sha256: str
    table: pd.DataFrame

    @property
    def trials(self) -> list[str]:
        """The trials' names."""
        return [str(name).strip() for name in self.table["trial"].dropna().unique()]

    def as_run(self, study: Study | None = None) -> Run:
        """Return the predictions as a run that can be judged.

        Parameters
        ----------
        study
            Whose claims are judged: its trials are known by their names, and its task says what
            labels and scores are. Two classes and their AUC without one.

        Raises
        ------
        InputError
            If a cell is none of its column's, or the study's metric is not known of rows.
        """
        task: Task = "binary" if study is None else study.task
        metric = AUC if study is None else study.metric
        if task == "none":
            raise InputError(
                f"{self.path}: the study's {metric.title} is not computed from predictions; give "
                "its values as a table of results"
            )
        is_ordered = study is None or study.is_ordered
        if not is_ordered and GROUP not in self.table and _splits_groups(study):
            raise InputError(
                f"{self.path} has no column {GROUP}; the study splits whole groups, so that the "
                "rows of one are no independent evidence"
            )
        rows, targets = self._order(task, metric)
        known = {} if study is None else {trial.name.casefold(): trial for trial in study.trials()}
        fits = [
            _make_fit(
                name,
                seed,
                _make_predictions(rows, targets, places, metric, is_ordered),
                known.get(name.casefold()),
            )
            for (name, seed), places in _list_places(rows)
        ]
        first = fits[0].predictions
        assert isinstance(first, Predictions)
        info = RunInfo(
            run=tame_text(self.path.stem)[:100] or "predictions",
            study=study or _make_study(self.path, rows),
            data=_describe_data(self, first),
            overrides={},
            precision="fp32",
            training_version=0,
        )
        return Run(self.path.parent, info, tuple(fits), (), (), _note_strangers(fits, study))

    def _order(self, task: Task, metric: Metric) -> tuple[pd.DataFrame, Targets]:
        """Return the cleaned rows in time order, and their targets in the same."""
        rows = clean_rows(self.table, self.path)
        found = read_labels_and_scores(self.table, task, metric, self.path)
        rows = rows.reset_index(drop=True)
        rows = rows.sort_values([DATE, "row"] if DATE in rows else ["row"], kind="stable")
        order = rows.index.to_numpy()
        return rows, replace(found, labels=found.labels[order], scores=found.scores[order])


def read_score_file(path: Path) -> ScoreFile:
    """Read a table of predictions: trial, seed, row, label and score, and a date if there is one.

    Of several classes it has a column of scores for each, named like its label.

    Parameters
    ----------
    path
        CSV, delimited by commas, semicolons, tabs or bars, or Parquet.

    Raises
    ------
    InputError
        One sentence: which column, what was found, what was expected.
    """
    content = read_bytes(path, MAX_BYTES)
    return ScoreFile(
        path, hashlib.sha256(content).hexdigest(), name_columns(_read(content, path), path)
    )


def _splits_groups(study: Study | None) -> bool:
    return study is not None and study.split is not None and study.split.kind == "groups"


def _note_strangers(fits: Sequence[RunFit], study: Study | None) -> tuple[str, ...]:
    """Name the trials that a study does not know."""
    strangers = sorted({fit.record.name for fit in fits if not fit.record.configuration})
    if study is None or not strangers:
        return ()
    named = join_words([tame_text(one) for one in strangers], most=12)
    return (f"No trial of the study {study.name}, and in no claim: {named}.",)


def _read(content: bytes, path: Path) -> pd.DataFrame:
    if content.startswith(_PARQUET):
        return _read_parquet(content, path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start})") from None
    line = text.split("\n", 1)[0]
    delimiter = find_delimiter(line)
    refuse_many((line.count(delimiter) + 1) * text.count("\n"), path)
    try:
        return pd.read_csv(
            io.StringIO(text), sep=delimiter, dtype={"trial": str}, skipinitialspace=True
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise InputError(f"{path}: {' '.join(str(error).split())[:200]}") from None


def _read_parquet(content: bytes, path: Path) -> pd.DataFrame:
    try:
        import pyarrow  # noqa: PLC0415 - a heavy import that only Parquet needs
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise InputError(
            f"{path} is a Parquet file, and pyarrow is not installed: pip install pyarrow"
        ) from None
    try:
        parts = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        groups = [parts.metadata.row_group(n) for n in range(parts.metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        names = list(parts.schema_arrow.names)
        refuse_many(parts.metadata.num_rows * len(names), path)
        if size > _MOST_DECODED:
            most = _MOST_DECODED // MIB
            raise InputError(f"{path} holds {size // MIB:,} MiB, more than {most:,}")
        table: pd.DataFrame = parts.read(columns=names).to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        detail = " ".join(str(error).split())[:200]
        raise InputError(f"{path}: not a Parquet file that can be read: {detail}") from None
    return table


def _list_places(rows: pd.DataFrame) -> Iterator[tuple[tuple[str, int], NDArray[np.intp]]]:
    """Yield each trial and seed with the places of its rows."""
    for (name, seed), some in rows.assign(at=np.arange(len(rows))).groupby(
        ["trial", "seed"], sort=False
    )["at"]:
        yield (str(name), int(str(seed))), some.to_numpy("intp")


def _make_predictions(
    rows: pd.DataFrame,
    targets: Targets,
    places: NDArray[np.intp],
    metric: Metric,
    is_ordered: bool,
) -> Predictions:
    """Return what one trial and seed predicted; rows without order have no date that counts."""
    some = rows.iloc[places]
    return Predictions(
        rows=some["row"].to_numpy("int64"),
        dates=_list_dates(some if is_ordered else some.drop(columns=DATE, errors="ignore")),
        labels=targets.labels[places],
        scores=targets.scores[places],
        metric=metric,
        groups=some[GROUP].to_numpy("int64") if GROUP in some and not is_ordered else None,
        classes=targets.classes,
    )


def _make_fit(name: str, seed: int, predictions: Predictions, trial: Trial | None) -> RunFit:
    metric = predictions.metric
    value = 0.5  # of an AUC that cannot be told
    if predictions.is_scorable:
        value = metric.sign * float(predictions.estimate.values)
    elif not metric.is_auc:
        raise InputError(f"trial {tame_text(name)}, seed {seed}: {predictions.flaw}")
    configuration = None if trial is None else trial.configuration
    record = Record(
        status="complete",
        kind="control" if trial is not None and trial.is_control else "trial",
        names=(name if trial is None else trial.name,),
        configuration=configuration,
        key=f"score file: {name}" if configuration is None else configuration.key,
        seed=seed,
        metric=metric.key(),
        metrics={metric.key(): value},
        provenance=_NOTHING_KNOWN,
    )
    return RunFit(record, predictions)


def _list_dates(rows: pd.DataFrame) -> NDArray[np.datetime64]:
    if DATE not in rows:
        return np.full(len(rows), np.datetime64("NaT"))
    return rows[DATE].to_numpy("datetime64[s]")


def _make_study(path: Path, table: pd.DataFrame) -> Study:
    """Return a study that claims nothing, for predictions of which none is known."""
    return Study(
        name=path.stem[:100] or "predictions",
        title=f"Predictions of {tame_text(path.name)}",
        tier="a50",
        label=LabelRule(),
        rope=0.005,
        seeds=tuple(sorted(table["seed"].unique().tolist())),
        sets=(),
        controls=(),
    )


def _describe_data(scores: ScoreFile, first: Predictions) -> DataSummary:
    has_dates = DATE in scores.table
    ends = [str(first.dates[at])[:10] if has_dates else f"row {first.rows[at]}" for at in (0, -1)]
    split = _describe_labels(first, ends[0], ends[1])
    return DataSummary(
        name=tame_text(scores.path.name),
        fingerprint=scores.sha256,
        tier="unknown",
        label="as given",
        features=0,
        context=0,
        splits={"validation": split},
    )


def _describe_labels(found: Predictions, first: str, last: str) -> SplitSummary:
    """Return what rows there are, from where to where."""
    known = SplitSummary(rows=found.n_rows, positives=None, first=first, last=last)
    if found.classes:
        counts = np.bincount(found.labels, minlength=len(found.classes)).tolist()
        return known.model_copy(update={"classes": dict(zip(found.classes, counts, strict=True))})
    if found.labels.dtype == bool:
        return known.model_copy(update={"positives": found.n_positive})
    mean, deviation = float(found.labels.mean()), float(found.labels.std())
    return known.model_copy(update={"mean": mean, "deviation": deviation})
