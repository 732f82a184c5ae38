"""Labels as arrays: two classes, several, or numbers, and how an unknown one is written.

=========== ======= ===================================== =======
task        type    known                                 unknown
=========== ======= ===================================== =======
binary      int8    0, 1                                  -1
multiclass  int32   the place of the class, 0 to K - 1    -1
regression  float64 a finite number, in the label's units NaN
=========== ======= ===================================== =======
"""

from typing import Any

import numpy as np
import numpy.typing as npt

LabelArray = npt.NDArray[Any]  # (T,) as the table says

UNKNOWN = -1  # the class of a row that nobody knows


def is_known(labels: LabelArray) -> npt.NDArray[np.bool_]:
    """Say of each row (T,) whether its label is known."""
    return ~np.isnan(labels) if labels.dtype.kind == "f" else np.asarray(labels != UNKNOWN)


def hide_labels(labels: LabelArray, rows: slice | npt.NDArray[np.int64]) -> LabelArray:
    """Return labels (T,) of which those of some rows are unknown."""
    hidden = labels.copy()
    hidden[rows] = np.nan if labels.dtype.kind == "f" else UNKNOWN
    return hidden
