"""Options of ``sbatch`` are split as a shell does, and those of a person win."""

import pytest

from runner.cluster.sbatch_options import (
    SbatchOption,
    join_options,
    list_inherited,
    read_sbatch_options,
)
from runner.errors import RunError

OURS = [
    SbatchOption.of("job-name", "ours"),
    SbatchOption.of("gpus-per-task", 1),
    SbatchOption.of("cpus-per-task", 4),
    SbatchOption.of("requeue"),
]


def write(*texts: str) -> list[str]:
    return [option.write_line() for option in read_sbatch_options(texts)]


def test_options_are_split_as_a_shell_splits_them() -> None:
    assert write("--time=12:00:00 -p gpu --exclusive", "--comment 'two words'") == [
        "#SBATCH --time=12:00:00",
        "#SBATCH -p gpu",
        "#SBATCH --exclusive",
        '#SBATCH --comment "two words"',
    ]
    assert write("", "  ") == []


def test_words_are_quoted_as_slurm_reads_its_lines() -> None:
    """Of these very words a Slurm of version 22.05 has made the job's name."""
    line = SbatchOption.of("job-name", "a \"b\" \\c # d 'e' %A").write_line()
    assert line == '#SBATCH "--job-name=a \\"b\\" \\\\c # d \'e\' %A"'


@pytest.mark.parametrize(
    "text",
    ["--array=0-3", "--arr 0-3", "-a0-3", "-a 0-3", "--wrap=ls", "--parsable", "--chdir=/", "-D /",
     "-W", "--wait", "--test-only", "--help", "-V"],
)  # fmt: skip
def test_what_would_break_the_array_is_refused(text: str) -> None:
    with pytest.raises(RunError, match=r"--sbatch -\S+: leave it out; "):
        read_sbatch_options([f"--time=5 {text}"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gpu --time=5", "found 'gpu', expected options of sbatch, such as --time=12:00:00"),
        ("- 5", "found '-', expected options"),
        ("--comment='x", "no closing quotation"),
        ("--time=5\n#SBATCH --array=0", "expected options of sbatch on one line"),
        ("--comment=\ud800", "on one line"),
    ],
)
def test_what_is_no_option_is_named(text: str, message: str) -> None:
    with pytest.raises(RunError, match=message):
        read_sbatch_options([text])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("--time=5", ["job-name", "gpus-per-task", "cpus-per-task", "requeue", "time"]),
        ("-J theirs", ["gpus-per-task", "cpus-per-task", "requeue", "job-name"]),
        ("--gres=gpu:a100:1", ["job-name", "cpus-per-task", "requeue", "gres"]),
        ("-G2", ["job-name", "cpus-per-task", "requeue", "gpus"]),
        ("-c 8 --no-requeue", ["job-name", "gpus-per-task", "cpus-per-task", "no-requeue"]),
        ("--cpus-per-gpu=8", ["job-name", "gpus-per-task", "requeue", "cpus-per-gpu"]),
    ],
)
def test_what_a_person_says_takes_the_place_of_ours(text: str, kept: list[str]) -> None:
    joined = join_options(OURS, read_sbatch_options([text]))
    assert sorted(option.name for option in joined) == sorted(kept)


def test_what_follows_runs_where_the_runners_do_and_asks_for_no_gpu() -> None:
    theirs = read_sbatch_options(["-A group -p gpu --gres=gpu:1 --time=5 --qos=low"])
    assert [option.words for option in list_inherited(theirs)] == [
        ("-A", "group"),
        ("-p", "gpu"),
        ("--qos=low",),
    ]
