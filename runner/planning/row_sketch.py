"""Sketches of the values in some rows: the same prices are known again under another name."""

import numpy as np
import numpy.typing as npt

from trial_sets.records.looks import SKETCHED, RowSketch

DIGITS = 6  # significant ones that count: a reader's last bits do not


def sketch_rows(
    features: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], *, is_ordered: bool = True
) -> RowSketch:
    """Return the sketch of some rows of features as computed or read, before any scaling.

    A value is that of a feature in a row together with the one in the row before, so that those
    which stand everywhere (flags, counts) are few. Names, order and dates do not count.

    Parameters
    ----------
    features : float array (T, C)
    rows : int array (n,)
        Of the first, which has none before, only itself counts.
    is_ordered : bool
        Whether rows follow each other; of others a value is that of one row alone.
    """
    earlier = np.maximum(rows - 1, 0) if is_ordered else rows
    now, before = _round(features[rows]), _round(features[earlier])
    digests = _mix(now.view(np.uint64) ^ _mix(before.view(np.uint64)))
    is_known = np.isfinite(now) & np.isfinite(before)
    return _keep_smallest(digests[is_known])


def sketch_whole_rows(features: npt.NDArray[np.float64], rows: npt.NDArray[np.int64]) -> RowSketch:
    """Return the sketch of some rows, each of which is one value.

    Parameters
    ----------
    features, rows
        As of `sketch_rows`; what is missing counts as a value.
    """
    digests = np.zeros(len(rows), dtype=np.uint64)
    for column in _round(features[rows]).T:
        digests = _mix(digests ^ np.nan_to_num(column).view(np.uint64))
    return _keep_smallest(digests)


def _keep_smallest(digests: npt.NDArray[np.uint64]) -> RowSketch:
    different = np.unique(digests)
    smallest = "".join(f"{int(digest):016x}"[:12] for digest in different[:SKETCHED])
    return RowSketch(values=len(different), smallest=smallest)


def _round(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Round to so many significant digits; no minus zero."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        magnitude = np.floor(np.log10(np.abs(values)))
        unit = 10.0 ** (DIGITS - 1 - np.where(np.isfinite(magnitude), magnitude, 0.0))
        digits = np.rint(values * unit)
    # The digits and their place, both whole numbers: a quotient would differ in its last bit.
    place = np.where(digits == 0, 0.0, np.nan_to_num(magnitude) * 2.0**-10)
    return np.ascontiguousarray(digits + place + 0.0, dtype=np.float64)


def _mix(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread 64-bit numbers evenly (SplitMix64, Steele et al. 2014)."""
    mixed = bits + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
