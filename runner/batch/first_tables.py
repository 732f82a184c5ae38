"""The rows and labels of a run's first fit, which those of all other fits are held against."""

import contextlib
import threading
from dataclasses import dataclass, field

import numpy as np

from runner.storage.outputs import RunFolder
from runner.workers.sent_table import PredictionTable, refuse_other_labels
from trial_sets.opening import open_regular
from trial_sets.records.layout import predictions_of


@dataclass(slots=True)
class FirstTables:
    """What the first fit of each fold was scored on, in this batch or one before."""

    _known: dict[int | None, PredictionTable] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse_others(self, folder: RunFolder, fold: int | None, table: PredictionTable) -> None:
        """Check that a fit was scored on the rows of the run's first, with the same labels.

        Raises
        ------
        OtherLabels
            If it was not: fits could not be compared row by row.
        """
        with self._lock:
            if fold not in self._known:
                self._known[fold] = _find_filed(folder, fold) or table
            refuse_other_labels(self._known[fold], table)


def _find_filed(folder: RunFolder, fold: int | None) -> PredictionTable | None:
    """Return the rows of a fit that an earlier batch has filed, if there is one."""
    for record in folder.records():
        if record.fold != fold or record.predictions_sha256 is None:
            continue
        with (
            contextlib.suppress(OSError, ValueError, KeyError),
            open_regular(predictions_of(folder.fit(*record.id))) as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            name = "value" if "value" in arrays else "logit"
            return PredictionTable(
                rows=arrays["row"],
                labels=arrays["label"],
                scores=arrays[name].astype(np.float64),
                dates=arrays["date"].astype("datetime64[ns]"),
                groups=arrays["group"] if "group" in arrays else np.empty(0, dtype=np.int64),
                classes=tuple(arrays["classes"].tolist()) if "classes" in arrays else (),
            )
    return None
