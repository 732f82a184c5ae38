"""Every kind of split chooses its rows in its own way."""

import numpy as np

from models.data.splitting.choice import choose_folds, is_ordered
from models.data.splitting.folds import FoldRule
from models.data.splitting.periods import SplitFractions
from models.data.splitting.samples import Samples
from models.data.splitting.unordered import RandomSplit


def test_fractions_go_by_time_and_a_random_split_does_not() -> None:
    days = np.datetime64("2020-01-01", "ns") + np.arange(400) * np.timedelta64(1, "D")
    samples = Samples("a.csv", days, np.arange(400) % 2, np.ones(400, dtype=bool), 1, 0)
    (cut,) = choose_folds(samples, SplitFractions(0.2, 0.2), FoldRule())
    (drawn,) = choose_folds(samples, RandomSplit(0.2, 0.2), FoldRule())
    assert cut.rows is not None
    assert drawn.rows is not None
    assert cut.rows.val.tolist() == list(range(240, 320))
    assert len(drawn.rows.val) == 80
    assert np.ptp(drawn.rows.val) > 300
    assert is_ordered(SplitFractions())
    assert not is_ordered(RandomSplit())
