"""A script is submitted, or Slurm's words say why not."""

import re

import pytest

from runner.cluster import sbatch
from runner.cluster.sbatch import submit_script
from runner.cluster.sbatch_options import SbatchOption
from runner.cluster.slurm_job import SlurmId
from runner.cluster.slurm_script import SlurmScript
from runner.errors import JobRefused, RunError
from tests.stand_ins import StandIns

SCRIPT = SlurmScript([SbatchOption.of("array", "0-1")], ["true"])


def test_a_script_is_handed_over_whole(programs: StandIns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SBATCH_ARRAY_INX", "0-99")
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "1")  # as in a job of its own
    programs.make(
        "sbatch",
        'cat > script; echo "$@ $SBATCH_ARRAY_INX$SLURM_CPUS_PER_TASK" > words\n'
        "echo Welcome; echo '41;big'",
    )
    assert submit_script(SCRIPT) == SlurmId("41", "big")
    assert (
        programs.read("script") == SCRIPT.write() == "#!/bin/sh\n#SBATCH --array=0-1\nexec true\n"
    )
    assert programs.read("words") == "--parsable \n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("echo 'sbatch: error: invalid\n partition' >&2; exit 1",
         "sbatch took no job: sbatch: error: invalid partition"),
        ("exit 3", "sbatch took no job: exit code 3"),
        ("echo what?", "sbatch took no job: what?"),
    ],
)  # fmt: skip
def test_what_sbatch_says_is_told(programs: StandIns, body: str, message: str) -> None:
    programs.make("sbatch", f"cat > script\n{body}")
    with pytest.raises(JobRefused, match=f"^{re.escape(message)}$"):
        submit_script(SCRIPT)


def test_an_sbatch_that_does_not_answer_is_not_waited_for(
    programs: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sbatch, "ANSWER_S", 0.2)
    programs.make("sbatch", "exec sleep 60")
    with pytest.raises(JobRefused, match=r"did not answer within 0\.2 s; squeue says whether"):
        submit_script(SCRIPT)


def test_without_sbatch_nothing_can_be_submitted(programs: StandIns) -> None:
    assert not list(programs.folder.iterdir())
    with pytest.raises(RunError, match="found no sbatch on the path of programs"):
        submit_script(SCRIPT)
