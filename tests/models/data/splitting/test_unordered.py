"""A split of rows without time that means nothing is refused."""

import pytest

from models.data.splitting.unordered import GroupSplit, RandomSplit, StratifiedSplit
from models.errors import DataError


@pytest.mark.parametrize(
    ("val", "test"), [(0.0, 0.2), (0.5, 0.5), (0.2, -0.1), (float("nan"), 0.1), (1.0, 0.0)]
)
def test_shares_that_leave_nothing_are_refused(val: float, test: float) -> None:
    with pytest.raises(DataError, match=r"random split: found val=.* a sum below 1"):
        RandomSplit(val, test)
    with pytest.raises(DataError, match=r"stratified split: found val="):
        StratifiedSplit(val, test)
    with pytest.raises(DataError, match=r"split by groups: found val="):
        GroupSplit("who", val, test)


def test_a_seed_is_not_negative_and_a_test_share_may_be_nothing() -> None:
    with pytest.raises(DataError, match="random split: found seed -1; expected 0 or more"):
        RandomSplit(seed=-1)
    assert RandomSplit(0.2, 0.0) == RandomSplit(test=0.0)
