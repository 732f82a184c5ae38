"""The range test through a worker: its file, and what goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.rate_range import suggest_rates
from runner.batch.range_test import RangeTestPlan, find_learning_rates
from runner.batch.run import run_plan, settle_devices, start_workers
from runner.errors import BatchStopped, RunError
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.workers.launch import launch_host
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Ready
from tests.runner.conftest import configuration
from tests.runner.fake_worker import RANGE_TESTS
from trial_sets.errors import InputError
from trial_sets.records.range_test import read_range_test

READY = Ready(versions={"torch": "2"}, processor="", cuda=(), mps=False, matmul="default")


@pytest.fixture
def request_one(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(
        study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path / "outputs", jobs=1,
        retries=1, baselines=False,
    )  # fmt: skip


@pytest.fixture
def plan(request_one: Request) -> RangeTestPlan:
    whole = make_plan(request_one)
    return RangeTestPlan.of(whole, configuration(batch_size=64), 3)


@pytest.fixture
def pool(fake_workers: None) -> Iterator[WorkerPool]:
    with WorkerPool(1) as one:
        one.open(["cpu"])
        yield one


def test_a_worker_tests_and_the_file_says_what_it_found(request_one: Request) -> None:
    whole = make_plan(request_one)
    plan = RangeTestPlan.of(whole, configuration(batch_size=64), 3)
    with start_workers(request_one) as pool:
        ready, devices = settle_devices(whole, pool)
        pool.open(devices)
        found = find_learning_rates(plan, pool, ready)
        path = whole.folder.range_test(plan.configuration.key, 3)
        assert read_range_test(path) == found
        written = path.read_bytes()
        assert find_learning_rates(plan, pool, ready) == found, "it is not tested twice"
        path.write_text("{")
        again = find_learning_rates(plan, pool, ready)
        assert (again.rates, again.losses) == (found.rates, found.losses), "the same bits"
        assert path.read_bytes() != written
        run_plan(whole, pool, lambda event: None)  # and fits go on in the same run
    assert 150 < len(found.rates) == len(found.losses) <= 300
    assert found.provenance.device == "cpu"
    assert found.provenance.processor == ready.processor
    assert "supplementary-trials" in found.provenance.versions
    suggested = suggest_rates(found.rates, found.losses)
    assert (found.suggestion is None) == (suggested is None)
    assert len(whole.folder.list_fits()) == 3


def tell(plan: RangeTestPlan, what: str) -> RangeTestPlan:
    """Have the fake worker do so."""
    return replace(plan, seed=[*RANGE_TESTS].index(what))


def test_what_a_run_says_of_itself_stays(plan: RangeTestPlan, pool: WorkerPool) -> None:
    """A search's request asks for no folds where the run's own did not say: both are one run."""
    plan.folder.write_run_info(plan.info)
    before = plan.folder.run_json.read_bytes()
    other = plan.info.model_copy(update={"request": None})
    find_learning_rates(tell(replace(plan, info=other), "die once"), pool, READY)
    assert plan.folder.run_json.read_bytes() == before


def test_what_chance_may_have_caused_is_tried_again(plan: RangeTestPlan, pool: WorkerPool) -> None:
    found = find_learning_rates(tell(plan, "die once"), pool, READY)
    assert found.provenance.attempts == 2
    assert found.losses == (0.5, 0.4)
    assert found.suggestion is None


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("die", "failed: crashed: the worker process ended with status 3"),
        ("raise", "failed: error: no luck"),
        ("nothing", "failed: diverged: the loss of the first step was not finite"),
        ("nonsense", "failed: crashed: the worker process sent the message 'probed' out of turn"),
    ],
)
def test_what_fails_for_good_is_one_sentence_and_leaves_no_file(
    told: str, message: str, plan: RangeTestPlan, pool: WorkerPool
) -> None:
    plan = tell(plan, told)
    with pytest.raises(BatchStopped, match=message):
        find_learning_rates(plan, pool, READY)
    assert not plan.folder.range_test(plan.configuration.key, plan.seed).exists()


def test_a_device_without_memory_takes_smaller_parts(plan: RangeTestPlan, pool: WorkerPool) -> None:
    assert find_learning_rates(tell(plan, "memory"), pool, READY).provenance.micro_batches == 4


def test_a_trainer_of_ones_own_has_no_range_test(plan: RangeTestPlan) -> None:
    with (
        WorkerPool(0, launch_host()) as pool,
        pytest.raises(RunError, match="is one of the built-in networks"),
    ):
        find_learning_rates(plan, pool, READY)


def test_a_link_is_not_followed(plan: RangeTestPlan, pool: WorkerPool, tmp_path: Path) -> None:
    path = plan.folder.range_test(plan.configuration.key, 3)
    path.parent.parent.mkdir(parents=True)
    path.parent.symlink_to(tmp_path)
    with pytest.raises(InputError, match="a symbolic link"):
        find_learning_rates(plan, pool, READY)
