"""After a search or a batch: the winner trained longer with several seeds, then one look.

Two steps where the first may change who wins: who is chosen by the validation rows alone is judged
by the test rows once, and chooses nothing by them.
"""

from collections.abc import Collection, Sequence

from trial_sets.configuration import AnyConfiguration, FreeConfiguration
from trial_sets.records.record import Record
from trial_sets.records.run_info import RunInfo

_TIMES, _MOST = 2, 100_000  # epochs, as a configuration may have
_LATE = 0.8  # of the epochs: who is best after it has not ended to improve
WHY_TWO_STEPS = (
    "In this order: the validation rows say which of them wins once all are trained longer, with "
    "several seeds; the test rows are looked at once, and choose nothing."
)


def lengthen_training(
    configuration: AnyConfiguration | None, varied: Collection[str] = ()
) -> int | None:
    """Return twice the epochs of a configuration, for ``--epochs``.

    None where that option cannot say them: of a trainer of one's own, whose hyperparameters are its
    own, or where a search has varied them.

    Parameters
    ----------
    varied
        The hyperparameters that differ between the trials.
    """
    if configuration is None or isinstance(configuration, FreeConfiguration):
        return None
    return None if "epochs" in varied else min(_TIMES * configuration.epochs, _MOST)


def is_cut_short(records: Sequence[Record]) -> bool:
    """Say whether at least half of some fits were still improving when their epochs ended."""
    late = [
        record
        for record in records
        if record.stop_reason == "epochs"
        and record.selected_epoch is not None
        and record.selected_epoch > _LATE * len(record.curve)
    ]
    return bool(records) and 2 * len(late) >= len(records)


def has_test_rows(info: RunInfo) -> bool:
    """Return whether a run has test rows, as far as it knows its rows."""
    splits = info.data.splits
    return info.study.task != "none" and (not splits or "test" in splits)
