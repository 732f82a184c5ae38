"""The rows and labels of a run's first fit, which those of all other fits are held against."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from runner.storage.outputs import RunFolder
from runner.workers.sent_table import OtherLabels, PredictionTable, refuse_other_labels
from trial_sets.opening import open_regular
from trial_sets.records.layout import predictions_of
from trial_sets.records.record import Record

Split = Literal["val", "test"]
_Place = tuple[Split, int | None]  # and the fold


@dataclass(slots=True)
class FirstTables:
    """What the first fit of each fold was scored on, in this batch or one before."""

    _known: dict[_Place, PredictionTable] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse_others(
        self, folder: RunFolder, fold: int | None, table: PredictionTable, split: Split = "val"
    ) -> None:
        """Check that a fit was scored on the rows of the run's first, with the same labels.

        Raises
        ------
        OtherLabels
            If it was not: fits could not be compared row by row. Or if rows validate in another
            fold too: they would count as if they were others.
        """
        place = split, fold
        with self._lock:
            if place not in self._known:
                first = _find_filed(folder, fold, split) or table
                if split == "val":
                    self._refuse_shared(fold, first)
                self._known[place] = first
            refuse_other_labels(self._known[place], table)

    def _refuse_shared(self, fold: int | None, table: PredictionTable) -> None:
        for (split, other), known in self._known.items():
            if split == "test":
                continue
            shared = np.intersect1d(known.rows, table.rows)
            if len(shared):
                raise OtherLabels(
                    f"row {shared[0]} validates in fold {other} and in fold {fold} ({len(shared)} "
                    "such rows); expected each row in one fold, numbered as in the whole data"
                )


def _list_records(folder: RunFolder, split: Split) -> Iterator[tuple[RunFolder, Record]]:
    """Yield the records that a fit's rows are held against: of a run and all its searches."""
    run = RunFolder(folder.path)
    others = [] if split == "test" else [run, *run.list_searches()]
    for place in dict.fromkeys([folder, *others]):
        for record in place.records():
            yield place, record


def _find_filed(folder: RunFolder, fold: int | None, split: Split) -> PredictionTable | None:
    """Return the rows of a fit that an earlier batch has filed, if there is one."""
    prefix = "test_" if split == "test" else ""
    for place, record in _list_records(folder, split):
        if record.fold != fold or record.predictions_sha256 is None:
            continue
        with (
            contextlib.suppress(OSError, ValueError, KeyError),
            open_regular(predictions_of(place.fit(*record.id))) as file,
            np.load(file, allow_pickle=False) as packed,
        ):
            arrays = {
                name.removeprefix(prefix): packed[name]
                for name in packed.files
                if name.startswith(prefix)
            }
            name = "value" if "value" in arrays else "logit"
            return PredictionTable(
                rows=arrays["row"],
                labels=arrays["label"],
                scores=arrays[name].astype(np.float64),
                dates=arrays["date"].astype("datetime64[ns]"),
                groups=arrays.get("group", np.empty(0, dtype=np.int64)),
                classes=tuple(arrays["classes"].tolist()) if "classes" in arrays else (),
            )
    return None
