"""Which jobs were submitted is kept beside the records, a line each."""

from pathlib import Path

import pytest

from runner.cluster.slurm_job import JobLine, SlurmId, add_job, list_jobs
from trial_sets.errors import InputError
from trial_sets.records.layout import Outputs

LINE = JobLine(time="2026-01-01T00:00:00+00:00", job="41", kind="runners", tasks=8, study="tiny")


def test_what_is_added_is_read_back_in_order(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path / "outputs")
    assert list_jobs(outputs) == []
    lines = [LINE, LINE.model_copy(update={"job": "42", "kind": "report", "cluster": "big"})]
    for line in lines:
        add_job(outputs, line)
    assert list_jobs(outputs) == lines
    assert [line.id for line in lines] == [SlurmId("41"), SlurmId("42", "big")]


def test_a_line_that_was_cut_short_is_no_job(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path)
    add_job(outputs, LINE)
    with outputs.slurm_jobs.open("a") as file:
        file.write('{"version":1,"time":"20')
    assert list_jobs(outputs) == [LINE]
    add_job(outputs, LINE)
    assert list_jobs(outputs) == [LINE, LINE]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LINE.model_dump_json().replace('"version":1', '"version":2'), r"line 1: version=2"),
        (LINE.model_dump_json().replace('"41"', '"41 --user=x"'), 'line 1: job="41 --user=x"'),
        ("{}", "line 1: time is missing"),
        ("{]}", "line 1"),
    ],
)
def test_what_is_no_line_of_ours_is_named(tmp_path: Path, text: str, message: str) -> None:
    outputs = Outputs(tmp_path)
    outputs.slurm.mkdir()
    outputs.slurm_jobs.write_text(f"{text}\n")
    with pytest.raises(InputError, match=message):
        list_jobs(outputs)


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "_slurm").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        add_job(Outputs(tmp_path), LINE)


@pytest.mark.parametrize(
    ("answer", "job"),
    [
        ("41\n", SlurmId("41")),
        ("41;big", SlurmId("41", "big")),
        ("Submitted batch job 41", None),
        ("", None),
        ("0", None),
    ],
)
def test_the_answer_of_sbatch_is_a_number(answer: str, job: SlurmId | None) -> None:
    assert SlurmId.parse(answer) == job
