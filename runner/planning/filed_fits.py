"""What the fits of a plan have left, checked record by record, many of them by processes."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain

from runner.planning.device_choice import count_cores
from runner.planning.record_reader import Found, RecordReader, read_one
from runner.storage.fit_listing import FitListing
from runner.storage.outputs import RunFolder
from trial_sets.records.fit_id import FitId

MOST_ALONE = 3_000  # records: to start processes takes as long as to read some thousand
MOST_READERS = 8
_BLOCK = 100  # fits: what is said of three blocks fits into a pipe


def read_filed(folder: RunFolder, fits: Sequence[FitId]) -> list[Found]:
    """Return what each of some fits has left: its record, why that cannot be used, or None.

    Raises
    ------
    InputError
        If a fit's place is behind a symbolic link.
    """
    listing = FitListing(folder)
    there = [number for number, fit in enumerate(fits) if listing.may_hold(fit)]
    found: list[Found] = [None] * len(fits)
    for number, one in zip(there, _read(folder, [fits[n] for n in there]), strict=True):
        found[number] = one
    return found


def _read(folder: RunFolder, fits: Sequence[FitId]) -> Iterator[Found]:
    """Yield what fits have left that may have left something."""
    n_readers = min(count_cores(), MOST_READERS)
    if len(fits) <= MOST_ALONE or n_readers == 1:
        yield from (read_one(folder, fit) for fit in fits)
        return
    blocks = [fits[start : start + _BLOCK] for start in range(0, len(fits), _BLOCK)]
    shares = [list(chain.from_iterable(blocks[k::n_readers])) for k in range(n_readers)]
    with ExitStack() as ending:
        readers = [ending.enter_context(RecordReader(folder, share)) for share in shares]
        for reader in readers:
            reader.begin()
        for number, block in enumerate(blocks):
            yield from (readers[number % n_readers].take() for _ in block)
