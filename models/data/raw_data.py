"""Data as it was computed or read, before any scaling or splitting."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.data.dates import DateArray
from models.data.indicators.indicator import FloatArray
from models.data.labelling.labels import LabelArray


@dataclass(frozen=True, slots=True, eq=False)
class RawData:
    """Features as computed or read, in time order, with the labels of their rows.

    Rows without time stand in the order of the file; their dates are NaT.
    """

    file: str  # for messages
    fingerprint: str  # SHA-256 of what was read: names, dates, values
    tier: str
    feature_names: tuple[str, ...]  # C
    features: FloatArray  # (T, C) NaN before a feature begins or where a cell is empty
    label: str  # in words
    labels: LabelArray  # (T,) as `models.data.labelling.labels` says
    dates: DateArray  # (T,)
    notices: tuple[str, ...]
    reading: str = ""  # what the file was understood to be; empty for the embedded data
    classes: tuple[str, ...] = ()  # K names, of several alone
    belongs: npt.NDArray[np.str_] | None = None  # (T,) of a split by groups or by a column
    target_horizon: int = 0  # rows whose prices make up the label; 0 of any other label


def fingerprint(dates: DateArray, columns: Mapping[str, FloatArray]) -> str:
    """Hash dates, names and values, whatever file format they came in.

    Parameters
    ----------
    dates : datetime64[ns] array (T,)
        In time order.
    columns : Mapping[str, float array (T,)]
        What was read from the file.
    """
    digest = hashlib.sha256(dates.astype("<i8").tobytes())
    for name, values in columns.items():
        canonical = np.where(np.isnan(values), np.nan, values + 0.0)  # one NaN, no minus zero
        digest.update(f"\0{name}\0".encode())
        digest.update(canonical.astype("<f8").tobytes())
    return digest.hexdigest()
