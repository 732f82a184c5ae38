"""What is suggested depends on what has been told, and not on which thread has told it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.search.sampling.sampler import make_sampler
from runner.search.storage import SearchStorage, hush_optuna, open_storage
from runner.search.suggesting import suggest_values
from runner.storage.outputs import RunFolder
from tests.runner.search.conftest import space
from trial_sets.records.search_info import SamplerName, SearchInfo
from trial_sets.space import SpaceValues
from trial_sets.task import Metric

X = space(x={"type": "float", "low": -5, "high": 5}, y={"type": "float", "low": 0, "high": 1})


def search(folder: Path, sampler: SamplerName, *, elsewhere: bool) -> list[SpaceValues]:
    """Suggest, and tell each trial in this thread or in another one."""
    hush_optuna()
    info = SearchInfo(name="s", run="r", sampler=sampler, seed=1, fit_seed=0, space=X)
    metric = Metric(name="loss", direction="minimize")
    storage = open_storage(RunFolder(folder).of_search("s"), info, metric)
    found: list[SpaceValues] = []
    with ThreadPoolExecutor(1) as other:
        for number in range(24):
            storage.create_trial(number, {}, {})
            found.append(suggest_values(storage, number, make_sampler(info)))
            loss = float(found[-1]["x"]) ** 2
            if elsewhere:
                other.submit(_tell, storage, number, loss).result()
            else:
                _tell(storage, number, loss)
    return found


def _tell(storage: SearchStorage, number: int, loss: float) -> None:
    storage.study.tell(number, loss)


@pytest.mark.parametrize("sampler", ["tpe", "nsga2"])
def test_a_trial_that_another_thread_has_told_is_known(
    sampler: SamplerName, tmp_path: Path
) -> None:
    here = search(tmp_path / "here", sampler, elsewhere=False)
    assert search(tmp_path / "elsewhere", sampler, elsewhere=True) == here
    assert search(tmp_path / "again", sampler, elsewhere=False) == here
