"""A replica that is told to stop ends after its epoch, and leaves the others as they are."""

from collections.abc import Sequence
from typing import Any

import pytest

from models.metrics import rank_auc
from models.settings import GroupSettings, ReplicaSettings
from models.training.results import EpochReport, ReplicaResult
from models.training.trainer import train_group
from tests.models.training.test_trainer import (
    BASE,
    CPU,
    MIXED,
    STOPPING,
    TINY,
    bits,
    make_data,
    script_metric,
    train,
)

pytestmark = pytest.mark.usefixtures("one_thread")


def prune(
    replicas: Sequence[ReplicaSettings], told: dict[int, int], **settings: Any
) -> dict[int, ReplicaResult]:
    """Train, and tell replicas to stop after these of their epochs."""
    group = GroupSettings(**{"architecture": TINY, "batch_size": 16, **settings})

    def judge(report: EpochReport) -> bool:
        return report.scores.epoch < told.get(report.replica, group.epochs + 1)

    results = train_group(group, replicas, make_data(), CPU, judge)
    return {result.replica: result for result in results}


def test_a_replica_that_is_told_to_stop_has_the_first_epochs_of_the_whole_fit() -> None:
    whole = train([BASE], epochs=5, patience=5)[0]
    first = whole.curve[0].val_metric >= whole.curve[1].val_metric
    pruned = prune([BASE], {0: 2}, epochs=5, patience=5)[0]
    assert (pruned.stop_reason, pruned.failure, len(whole.curve)) == ("pruned", None, 5)
    values = [(s.epoch, s.train_loss, s.val_loss, s.val_metric) for s in pruned.curve]
    assert values == [(s.epoch, s.train_loss, s.val_loss, s.val_metric) for s in whole.curve[:2]]
    assert pruned.selection is not None
    assert pruned.selection.epoch == (1 if first else 2)
    assert pruned.epoch_logits is not None
    assert whole.epoch_logits is not None
    assert pruned.epoch_logits.halves.tobytes() == whole.epoch_logits.halves[:2].tobytes()
    assert pruned.last_val_logits is not None
    labels = make_data().labels[make_data().val_rows]
    for scores, epoch in (
        (pruned.selection.val_logits, pruned.selection.epoch),
        (pruned.last_val_logits, 2),
    ):
        assert rank_auc(labels, scores) == whole.curve[epoch - 1].val_metric


def test_replicas_that_are_told_to_stop_leave_the_others_their_bits() -> None:
    pruned = prune(MIXED, {1: 1, 4: 2}, **STOPPING)
    assert [pruned[i].stop_reason == "pruned" for i in range(6)] == [i in (1, 4) for i in range(6)]
    for i, told in ((1, 1), (4, 2)):
        assert bits(pruned[i]) == bits(prune([MIXED[i]], {0: told}, **STOPPING)[0])
    for i in (0, 2, 3, 5):
        assert bits(pruned[i]) == bits(train([MIXED[i]], **STOPPING)[0])


def test_a_fit_that_ends_anyway_is_whole_though_it_is_told_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert prune([BASE], {0: 3}, epochs=3, patience=3)[0].stop_reason == "epochs"
    script_metric(monkeypatch, [0.6, 0.5])
    assert prune([BASE], {0: 2}, epochs=5, patience=1)[0].stop_reason == "patience"
