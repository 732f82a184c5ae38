"""The scripts ask for what a runner needs, and put it in the place of their shell."""

from pathlib import Path

import pytest

from runner.cluster.sbatch_options import SbatchOption, read_sbatch_options
from runner.cluster.slurm_job import SlurmId
from runner.cluster.slurm_script import SlurmPlace, Workload, write_array, write_follower
from runner.errors import RunError

PLACE = SlurmPlace("tiny", Path("/shared/my work"), Path("outputs/_slurm"))


def list_asked(device: str, jobs: int | None = None) -> list[str]:
    return [option.words[0] for option in Workload(device, jobs).list_options()]


def test_an_array_is_written_as_slurm_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/opt/it's/bin:/bin")
    monkeypatch.setenv("PYTHONPATH", "/opt/my packages:lib")
    command = ["/env/bin/python", "/env/bin/run_supplementary", "--set", "A B", "--seeds", "5"]
    theirs = read_sbatch_options(["--time=12:00:00 -p gpu"])
    assert write_array(command, 8, PLACE, Workload("auto", None), theirs).write() == (
        "#!/bin/sh\n"
        "#SBATCH --job-name=supplementary-tiny\n"
        '#SBATCH "--chdir=/shared/my work"\n'
        '#SBATCH "--output=/shared/my work/outputs/_slurm/%A_%a.log"\n'
        "#SBATCH --open-mode=append\n"
        "#SBATCH --array=0-7\n"
        "#SBATCH --ntasks=1\n"
        "#SBATCH --gpus-per-task=1\n"
        "#SBATCH --cpus-per-task=4\n"
        "#SBATCH --requeue\n"
        "#SBATCH --signal=B:TERM@60\n"
        "#SBATCH --time=12:00:00\n"
        "#SBATCH -p gpu\n"
        "export PATH='/opt/it'\"'\"'s/bin:/bin'\n"
        "export PYTHONPATH='/opt/my packages:lib'\n"
        "exec /env/bin/python /env/bin/run_supplementary --set 'A B' --seeds 5\n"
    )


def test_the_report_waits_for_the_array_and_is_no_array(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    theirs = read_sbatch_options(["--account=group --gres=gpu:1 --time=12:00:00 --export=NONE"])
    place = SlurmPlace("tiny", Path("/w"), Path("/elsewhere/outputs/_slurm"))
    assert write_follower(["report"], SlurmId("41"), place, theirs).write() == (
        "#!/bin/sh\n"
        "#SBATCH --job-name=supplementary-tiny-report\n"
        "#SBATCH --chdir=/w\n"
        "#SBATCH --output=/elsewhere/outputs/_slurm/%j_report.log\n"
        "#SBATCH --open-mode=append\n"
        "#SBATCH --ntasks=1\n"
        "#SBATCH --cpus-per-task=1\n"
        "#SBATCH --requeue\n"
        "#SBATCH --dependency=afterany:41\n"
        "#SBATCH --account=group\n"
        "#SBATCH --export=NONE\n"
        "export PATH=/bin\n"
        "exec report\n"
    )


@pytest.mark.parametrize(
    ("device", "jobs", "asked"),
    [
        ("auto", None, ["--gpus-per-task=1", "--cpus-per-task=4"]),
        ("cuda", 6, ["--gpus-per-task=1", "--cpus-per-task=6"]),
        ("cuda:0,1", None, ["--gpus-per-task=2", "--cpus-per-task=8"]),
        ("cpu", None, ["--cpus-per-task=1"]),
        ("cpu", 16, ["--cpus-per-task=16"]),
    ],
)
def test_a_runner_gets_what_its_device_and_jobs_need(
    device: str, jobs: int | None, asked: list[str]
) -> None:
    assert list_asked(device, jobs) == asked


def test_a_device_that_slurm_lacks_is_refused() -> None:
    with pytest.raises(RunError, match="--device mps: Slurm has no such device"):
        list_asked("mps")
    with pytest.raises(RunError, match="--device gpu: expected auto, cpu"):
        list_asked("gpu")


def test_a_folder_is_taken_at_its_word() -> None:
    place = SlurmPlace("tiny", Path("/w"), Path("50%a #1/_slurm"))
    assert place.list_options("n", "%A.log")[2] == SbatchOption.of(
        "output", "/w/50%%a #1/_slurm/%A.log"
    )
    for name in ("back\\slash", "new\nline"):
        with pytest.raises(RunError, match="Slurm writes no log below"):
            SlurmPlace("tiny", Path("/w"), Path(name)).list_options("n", "%A.log")


def test_a_folder_that_would_end_its_line_is_refused() -> None:
    place = SlurmPlace("tiny", Path("/w\n#SBATCH --account=other"), Path("/outputs/_slurm"))
    with pytest.raises(RunError, match="--slurm: Slurm starts nothing in"):
        place.list_options("n", "%A.log")
