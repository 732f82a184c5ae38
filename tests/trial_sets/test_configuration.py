"""A configuration is checked as a whole, and named by its content."""

import pytest

from tests.trial_sets.conftest import STUDY
from trial_sets.configuration import Configuration, batch_size_for

FIELDS = {**STUDY["base"], "dropout": 0.5, "learning_rate": 1e-4}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("width", "rows"), [(96, 128), (127, 128), (128, 64), (255, 64), (256, 32), (512, 32)]
)
def test_default_batch_size_is_the_first_rounds(width: int, rows: int) -> None:
    assert batch_size_for(width) == rows


def test_a_batch_size_of_ones_own_stands() -> None:
    assert Configuration.model_validate({**FIELDS, "batch_size": 7}).batch_size == 7


def test_equal_configurations_have_one_key() -> None:
    one = Configuration.model_validate({**FIELDS, "dropout": 0.5, "weight_decay": 0.0})
    other = Configuration.model_validate({"weight_decay": 0, **FIELDS, "batch_size": 128})
    assert one == other
    assert one.key == other.key


@pytest.mark.parametrize(
    ("field", "value"), [("dropout", 0.51), ("revin", False), ("epochs", 49), ("patch", 8)]
)
def test_any_field_changes_the_key(field: str, value: object) -> None:
    assert Configuration.model_validate(FIELDS).key != (
        Configuration.model_validate({**FIELDS, field: value}).key
    )
