"""Another tool's predictions, a row a trial, seed and row, as a run that can be judged."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.readers.content import refuse_many
from analysis.readers.csv_table import find_delimiter
from analysis.runs.predictions import MAX_BYTES, Predictions
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from trial_sets.errors import InputError
from trial_sets.files import LabelRule
from trial_sets.opening import MIB, open_regular, read_bytes
from trial_sets.records.record import Provenance, Record
from trial_sets.records.run_info import DataSummary, RunInfo, SplitSummary
from trial_sets.study import Study, Trial
from trial_sets.wording import join_words, tame_text

COLUMNS = ("trial", "seed", "row", "label", "score")
DATE = "date"
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
    names = line.split(find_delimiter(line))
    return set(COLUMNS) <= {name.strip().strip('"').casefold() for name in names}


@dataclass(frozen=True, slots=True, eq=False)
class ScoreFile:
    """A table of predictions, read and checked.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of the file.
    table : DataFrame
        `COLUMNS` and, where there is one, `DATE`; in time order.
    """

    path: Path
    sha256: str
    table: pd.DataFrame

    @property
    def trials(self) -> list[str]:
        """The trials' names."""
        return [str(name) for name in self.table["trial"].unique()]

    def as_run(self, study: Study | None = None) -> Run:
        """Return the predictions as a run that can be judged.

        Parameters
        ----------
        study
            Whose claims are judged: its trials are known by their names.
        """
        known = {} if study is None else {trial.name.casefold(): trial for trial in study.trials()}
        fits = [
            _make_fit(str(name), int(str(seed)), rows, known.get(str(name).casefold()))
            for (name, seed), rows in self.table.groupby(["trial", "seed"], sort=False)
        ]
        first = fits[0].predictions
        assert isinstance(first, Predictions)
        info = RunInfo(
            run=tame_text(self.path.stem)[:100] or "predictions",
            study=study or _make_study(self.path, self.table),
            data=_describe_data(self, first),
            overrides={},
            precision="fp32",
            training_version=0,
        )
        return Run(self.path.parent, info, tuple(fits), (), (), _note_strangers(fits, study))


def read_score_file(path: Path) -> ScoreFile:
    """Read a table of predictions: trial, seed, row, label and score, and a date if there is one.

    Parameters
    ----------
    path
        CSV, delimited by commas, semicolons, tabs or bars, or Parquet.

    Raises
    ------
    InputError
        One sentence: which column or row, what was found, what was expected.
    """
    content = read_bytes(path, MAX_BYTES)
    return ScoreFile(path, hashlib.sha256(content).hexdigest(), _clean(_read(content, path), path))


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
        names = [name for name in parts.schema_arrow.names if name.casefold() in {*COLUMNS, DATE}]
        refuse_many(parts.metadata.num_rows * len(names), path)
        if size > _MOST_DECODED:
            most = _MOST_DECODED // MIB
            raise InputError(f"{path} holds {size // MIB:,} MiB, more than {most:,}")
        table: pd.DataFrame = parts.read(columns=names).to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        detail = " ".join(str(error).split())[:200]
        raise InputError(f"{path}: not a Parquet file that can be read: {detail}") from None
    return table


def _clean(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the columns that count, in time order, each of its kind."""
    table.columns = [str(name).strip().casefold() for name in table.columns]
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        expected = join_words(list(COLUMNS))
        raise InputError(f"{path} has no column {missing[0]}; predictions need {expected}")
    if table.columns.duplicated().any():
        twice = table.columns[table.columns.duplicated()][0]
        raise InputError(f"{path}: the column {twice!r} stands twice")
    if table.empty:
        raise InputError(f"{path} holds column names but no rows")
    kept = pd.DataFrame({"trial": table["trial"].astype("string").str.strip()})
    _refuse(kept["trial"].isna() | (kept["trial"] == ""), table["trial"], "a name", path)
    for name in ("seed", "row", "label"):
        kept[name] = _read_whole(table[name], name, path)
    _refuse(~kept["label"].isin([0, 1]), table["label"], "0 or 1", path)
    scores = pd.to_numeric(table["score"], errors="coerce")
    is_finite = np.isfinite(scores.to_numpy("float64", na_value=np.nan))
    _refuse(~is_finite, table["score"], "a finite number", path)
    kept["score"] = scores.astype("float64")
    if DATE in table:
        dates = pd.to_datetime(table[DATE], errors="coerce", utc=True)
        _refuse(dates.isna(), table[DATE], "a date", path)
        kept[DATE] = dates.dt.tz_localize(None)
    again = kept.duplicated(["trial", "seed", "row"])
    if again.any():
        one = kept[again].iloc[0]
        raise InputError(
            f"{path}: row {one['row']} of trial {tame_text(str(one['trial']))}, seed "
            f"{one['seed']}, stands twice"
        )
    return kept.sort_values([DATE, "row"] if DATE in kept else ["row"], kind="stable")


def _read_whole(column: pd.Series, name: str, path: Path) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
    is_whole = np.isfinite(numbers) & (np.abs(numbers) < 2**53)
    is_whole &= np.where(is_whole, numbers, 0.5) % 1 == 0
    _refuse(~is_whole, column, "a whole number", path)
    return pd.Series(numbers.astype("int64"), index=column.index, name=name)


def _refuse(wrong: Any, column: pd.Series, expected: str, path: Path) -> None:  # noqa: ANN401
    """Raise if a cell is wrong, with its line as a CSV has it."""
    at = np.flatnonzero(np.asarray(wrong, dtype=bool))
    if len(at):
        found = tame_text(str(column.iloc[at[0]]))[:60]
        raise InputError(f"{path}, row {at[0] + 1}: {column.name}={found!r}, expected {expected}")


def _make_fit(name: str, seed: int, rows: pd.DataFrame, trial: Trial | None) -> RunFit:
    predictions = Predictions(
        rows=rows["row"].to_numpy("int64"),
        dates=_list_dates(rows),
        labels=rows["label"].to_numpy("bool"),
        scores=rows["score"].to_numpy("float64"),
    )
    auc = float(predictions.estimate.values) if predictions.is_scorable else 0.5
    configuration = None if trial is None else trial.configuration
    record = Record(
        status="complete",
        kind="control" if trial is not None and trial.is_control else "trial",
        names=(name if trial is None else trial.name,),
        configuration=configuration,
        key=f"score file: {name}" if configuration is None else configuration.key,
        seed=seed,
        metrics={"val_auc": auc},
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
    split = SplitSummary(
        rows=first.labels.size, positives=int(first.labels.sum()), first=ends[0], last=ends[1]
    )
    return DataSummary(
        name=tame_text(scores.path.name),
        fingerprint=scores.sha256,
        tier="unknown",
        label="as given",
        features=0,
        context=0,
        splits={"validation": split},
    )
