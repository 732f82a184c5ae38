"""How jobs stand is what the queue says, and what it has forgotten has ended."""

from pathlib import Path

import pytest

from runner.cluster import squeue
from runner.cluster.slurm_job import JobKind, JobLine, add_job
from runner.cluster.standing import QueueStanding, read_queue
from tests.stand_ins import StandIns
from trial_sets.records.layout import Outputs


def submit(outputs: Path, job: str, tasks: int, kind: JobKind = "runners", **more: str) -> None:
    said = {"study": "tiny", **more}
    add_job(
        Outputs(outputs),
        JobLine.model_validate({"time": "2026", "job": job, "tasks": tasks, "kind": kind, **said}),
    )


def ask(outputs: Path) -> QueueStanding:
    queue = read_queue(Outputs(outputs), "tiny")
    assert queue is not None
    return queue


def test_tasks_are_counted_by_what_the_queue_says(programs: StandIns, tmp_path: Path) -> None:
    submit(tmp_path, "41", 5)
    submit(tmp_path, "42", 1, "report")
    submit(tmp_path, "43", 2, study="other")
    programs.make(
        "squeue",
        'echo "$@" > words; cat << END\n41|0|RUNNING|None\n41|1|COMPLETING|None\n'
        "41|2|PENDING|Resources\n41|3|PENDING|Priority\n42|N/A|PENDING|Dependency\nEND",
    )
    runners, report = ask(tmp_path).jobs
    assert runners.counts == {"running": 2, "queued": 2, "ended": 1}
    assert (runners.waits_for, runners.ended_as) == (("Resources", "Priority"), {})
    assert (report.counts, report.waits_for) == ({"queued": 1}, ("Dependency",))
    assert programs.read("words").split()[-1] == "--jobs=41,42"


def test_nothing_is_asked_where_no_job_was_submitted(tmp_path: Path) -> None:
    submit(tmp_path, "43", 2, study="other")
    assert read_queue(Outputs(tmp_path), "tiny") is None


def test_the_accounting_tells_of_what_the_queue_has_forgotten(
    programs: StandIns, tmp_path: Path
) -> None:
    submit(tmp_path, "41", 3)
    programs.make("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    programs.make(
        "sacct",
        'echo "$@" > words; echo "41_0|COMPLETED\n41_1|CANCELLED by 7\n41_2|TIMEOUT\n41.batch|X"',
    )
    (job,) = ask(tmp_path).jobs
    assert job.counts == {"ended": 3}
    assert job.ended_as == {"COMPLETED": 1, "CANCELLED": 1, "TIMEOUT": 1}
    programs.make("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1")
    (job,) = ask(tmp_path).jobs
    assert (job.counts, job.ended_as) == ({"ended": 3}, {})


def test_jobs_that_have_ended_make_room_for_the_last_ones(
    programs: StandIns, tmp_path: Path
) -> None:
    for job, kind in (("41", "runners"), ("42", "report"), ("43", "runners"), ("44", "report")):
        submit(tmp_path, job, 1, "report" if kind == "report" else "runners")
    programs.make("squeue", "echo '42|N/A|RUNNING|None'")
    assert [job.job for job in ask(tmp_path).jobs] == ["42", "43", "44"]
    programs.make("squeue", "")
    assert [job.job for job in ask(tmp_path).jobs] == ["43", "44"]


def test_each_cluster_is_asked_for_its_own(programs: StandIns, tmp_path: Path) -> None:
    submit(tmp_path, "41", 1)
    submit(tmp_path, "41", 1, cluster="big")
    programs.make("squeue", 'case "$*" in *clusters=big*) echo "41|0|RUNNING|None";; esac')
    assert [job.counts for job in ask(tmp_path).jobs] == [{"running": 1}]
    programs.make("squeue", 'case "$*" in *clusters=big*) ;; *) echo "41|0|RUNNING|None";; esac')
    assert [job.counts for job in ask(tmp_path).jobs] == [{"running": 1}, {"ended": 1}]


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (None, "there is no squeue here"),
        ("exec sleep 60", "squeue did not answer within 0.3 s"),
        ("echo 'Unable to contact\n slurm controller' >&2; exit 1",
         "squeue: Unable to contact slurm controller"),
    ],
)  # fmt: skip
def test_a_queue_that_does_not_answer_costs_a_sentence(
    programs: StandIns,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str | None,
    note: str,
) -> None:
    monkeypatch.setattr(squeue, "ANSWER_TIMEOUT_S", 0.3)
    submit(tmp_path, "41", 3)
    if body is not None:
        programs.make("squeue", body)
    queue = ask(tmp_path)
    assert queue.note == note
    assert [(job.job, job.counts) for job in queue.jobs] == [("41", {})]


def test_a_damaged_file_of_jobs_costs_a_sentence(tmp_path: Path) -> None:
    submit(tmp_path, "41", 3)
    Outputs(tmp_path).slurm_jobs.write_text("{}\n")
    queue = ask(tmp_path)
    assert queue.jobs == ()
    assert "jobs.jsonl, line 1: time is missing" in queue.note
