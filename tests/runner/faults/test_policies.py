"""What follows from each class of fault."""

from typing import get_args

from runner.faults.policies import POLICIES
from trial_sets.records.record import FailureKind


def test_every_class_has_a_policy() -> None:
    assert set(POLICIES) == set(get_args(FailureKind))
