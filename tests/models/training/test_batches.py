import numpy as np
import pytest

from models.settings import ReplicaSettings
from models.training.batches import BatchOrder

ROWS = np.arange(100, 123)


def batch_order(*seeds: int, batch_size: int = 10) -> BatchOrder:
    replicas = [ReplicaSettings(seed, 0.1, 1e-3, 0.0) for seed in seeds]
    return BatchOrder(ROWS, batch_size, replicas)


def test_every_row_weighs_in_once_an_epoch() -> None:
    order = batch_order(0, 1)
    real = order.weigh_rows() > 0
    for epoch in (order.draw_epoch(), order.draw_epoch()):
        assert epoch.shape == (2, 3, 10)
        for replica in epoch:
            assert sorted(replica[real]) == ROWS.tolist()


def test_a_step_weighs_its_real_rows_alike() -> None:
    order = batch_order(0)
    assert order.count_rows().tolist() == [10, 10, 3]
    expected = [[0.1] * 10, [0.1] * 10, [1 / 3] * 3 + [0] * 7]
    np.testing.assert_allclose(order.weigh_rows(), expected, rtol=1e-6)


def test_a_batch_is_never_longer_than_the_rows() -> None:
    order = batch_order(0, batch_size=64)
    assert order.draw_epoch().shape == (1, 1, 23)
    assert order.count_rows().tolist() == [23]


def test_epochs_and_seeds_differ() -> None:
    order = batch_order(0, 1)
    first, second = order.draw_epoch(), order.draw_epoch()
    assert not np.array_equal(first[0], first[1])
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("kept", [[0, 2], [2], [1]])
def test_a_replica_sees_the_same_order_in_any_company(kept: list[int]) -> None:
    order = batch_order(5, 6, 7)
    order.draw_epoch()
    order.keep(kept)
    after = order.draw_epoch()
    for place, replica in enumerate(kept):
        alone = batch_order(5 + replica)
        alone.draw_epoch()
        assert np.array_equal(after[place], alone.draw_epoch()[0])
