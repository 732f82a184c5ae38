"""A job is a line: how many of its tasks wait, run and have ended, and why."""

from typing import Any

import pytest

from runner.cluster.standing import JobStanding
from scripts.running.queue_lines import describe_job


@pytest.mark.parametrize(
    ("job", "line"),
    [
        (
            {"counts": {"queued": 2, "running": 1}, "waits_for": ("Resources", "Priority")},
            "Slurm job 41, 3 runners: 2 queued (Resources, Priority), 1 running",
        ),
        (
            {"counts": {"ended": 3}, "ended_as": {"COMPLETED": 1, "TIMEOUT": 2}},
            "Slurm job 41, 3 runners: 3 ended (1 COMPLETED, 2 TIMEOUT)",
        ),
        ({"counts": {"ended": 1}}, "Slurm job 41, 1 runner: 1 ended"),
        (
            {"kind": "report", "counts": {"ended": 1}, "ended_as": {"FAILED": 1}},
            "Slurm job 41, report: ended (FAILED)",
        ),
        ({}, "Slurm job 41, runners, submitted 2026-01-01: not known"),
    ],
)
def test_a_job_is_told_in_a_line(job: dict[str, Any], line: str) -> None:
    said = {"job": "41", "cluster": None, "kind": "runners", "submitted": "2026-01-01"}
    some = {"counts": {}, "waits_for": (), "ended_as": {}}
    assert describe_job(JobStanding.model_validate({**said, **some, **job})) == line
