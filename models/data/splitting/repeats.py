"""Rows that repeat another on the other side of a split: a leak where rows have no order."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.labelling.labels import LabelArray
from models.data.splitting.folds import Fold


def note_repeats(
    file: str,
    features: npt.NDArray[np.float64],
    labels: LabelArray,
    folds: Sequence[Fold],
) -> tuple[str, ...]:
    """Say how many rows that validate or test are the same as one that is trained on.

    Parameters
    ----------
    file : str
        The file, for the message.
    features : float array (T, C)
        As they were read.
    labels : array (T,)
        Of the same rows.
    folds : sequence of Fold
        All of a split; a row counts once.
    """
    frame = pd.DataFrame(np.column_stack([features + 0.0, labels]))
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    repeated: set[int] = set()
    judged: set[int] = set()
    for rows in (fold.rows for fold in folds if fold.rows is not None):
        asked = np.concatenate([rows.val, rows.test])
        is_repeated = np.isin(hashes[asked], hashes[rows.train])
        judged.update(asked.tolist())
        repeated.update(asked[is_repeated].tolist())
    if not repeated:
        return ()
    return (
        f"{file}: {len(repeated)} of the {len(judged)} rows that validate or test have the "
        "features and label of a row that is trained on: where they are copies, scores look better "
        "than they are",
    )
