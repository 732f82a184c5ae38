"""What comes after a search or a batch."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.analysis.synthetic import PROVENANCE
from trial_sets.configuration import Configuration, FreeConfiguration
from trial_sets.records.record import EpochPoint, Record
from trial_sets.tuning.final import is_cut_short, lengthen_training

MakeRecord = Callable[..., Record]
NETWORK: dict[str, Any] = {
    "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1,
    "learning_rate": 1e-3, "weight_decay": 0.0, "epochs": 9, "min_delta": 0.001,
}  # fmt: skip


def make(selected: int | None, n_epochs: int = 10, stop: str = "epochs") -> Record:
    point = EpochPoint(epoch=1, train_loss=0.5, val_loss=0.5, val_metric=0.5, seconds=1.0)
    curve = tuple(point.model_copy(update={"epoch": n}) for n in range(1, n_epochs + 1))
    return Record(
        status="complete", kind="baseline", names=("x",), configuration=None, key="x", seed=0,
        metrics={"val_auc": 0.7}, curve=curve, selected_epoch=selected, stop_reason=stop,
        provenance=PROVENANCE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], False),
        ([make(10)], True),
        ([make(8)], False),
        ([make(9)], True),
        ([make(10, stop="patience")], False),
        ([make(None)], False),
        ([make(10), make(4)], True),
        ([make(10), make(4), make(4)], False),
    ],
)
def test_fits_are_cut_short_where_half_were_best_at_their_end(
    records: list[Record], expected: bool
) -> None:
    assert is_cut_short(records) is expected


def test_training_is_lengthened_where_the_option_can_say_it() -> None:
    configuration = Configuration(**NETWORK)
    assert lengthen_training(configuration) == 18
    assert lengthen_training(configuration, ["epochs"]) is None
    assert lengthen_training(configuration.model_copy(update={"epochs": 90_000})) == 100_000
    assert lengthen_training(FreeConfiguration(parameters={"epochs": 4})) is None
    assert lengthen_training(None) is None
