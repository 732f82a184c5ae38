"""The next attempt at a fit."""

import pytest

from runner.batch.retry import Retry, plan_retry
from runner.workers.protocol import CommandJob, Job
from tests.runner.conftest import configuration
from trial_sets.configuration import LstmConfiguration
from trial_sets.records.record import FailureKind

JOB = Job(configurations=(configuration(batch_size=6),), seeds=(1,), data="", device="cpu")


@pytest.mark.parametrize("kind", ["error", "diverged", "timed_out"])
def test_what_would_fail_again_is_not_retried(kind: FailureKind) -> None:
    assert plan_retry(kind, JOB, 1, 9) is None


@pytest.mark.parametrize("kind", ["crashed", "hung", "device_lost"])
def test_what_chance_may_have_caused_is_retried_so_often(kind: FailureKind) -> None:
    assert plan_retry(kind, JOB, 2, 2) == Retry(JOB)
    assert plan_retry(kind, JOB, 3, 2) is None


def test_a_fit_that_the_system_had_no_memory_for_waits_for_the_end() -> None:
    assert plan_retry("out_of_host_memory", JOB, 1, 1) == Retry(JOB, at_the_end=True)


def test_a_batch_that_the_device_has_no_memory_for_is_cut_smaller_until_rows_are_single() -> None:
    parts, job = [], JOB
    while (retry := plan_retry("out_of_memory", job, 1, 0)) is not None:
        job = retry.job
        parts.append(job.micro_batches)
    assert parts == [2, 4, 6]


def test_an_lstm_is_cut_smaller_too() -> None:
    lstm = LstmConfiguration(
        hidden_size=8, n_layers=1, dropout=0.0, learning_rate=1e-3, batch_size=3
    )
    retry = plan_retry("out_of_memory", JOB.model_copy(update={"configurations": (lstm,)}), 1, 0)
    assert retry is not None
    assert retry.job.micro_batches == 2


def test_a_trainer_of_ones_own_knows_no_smaller_parts() -> None:
    command = CommandJob(words=("sh",), program="/bin/sh", values={}, folder="/", out="/out")
    for update in ({"trainer": "own.py:train"}, {"command": command}):
        assert plan_retry("out_of_memory", JOB.model_copy(update=update), 1, 1) is None
