"""``--slurm`` submits this very command, or says in one sentence why not."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.run_search import main as run_search
from scripts.run_supplementary import main as run_supplementary
from tests.scripts.test_light_install import call
from tests.stand_ins import StandIns

SET = ("--set", "A", "--seeds", "2", "--device", "cpu")
PARABOLA = ("--trials", "9", "--device", "cpu")


@pytest.fixture(autouse=True)
def _work(tiny_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work beside the study; the command is called as a module."""
    monkeypatch.chdir(tiny_study.parent)
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "scripts.run_supplementary", "..."])
    monkeypatch.setattr(sys, "argv", ["run_supplementary", "..."])


def batch(*options: str) -> Result:
    return CliRunner().invoke(run_supplementary, ["--study", "tiny", *SET, *options])


def search(*options: str) -> Result:
    return CliRunner().invoke(run_search, ["--study", "lstm", *PARABOLA, *options])


def find_command(script: str) -> list[str]:
    return shlex.split(script.splitlines()[-1])


def test_the_command_is_submitted_and_then_its_report(programs: StandIns) -> None:
    programs.make_sbatch()
    done = batch("--slurm", "3", "--sbatch", "--time=60 -p gpu", "--output", "my outputs")
    assert (done.exit_code, done.stderr) == (0, "")
    words = "--set A --seeds 2 --study tiny --device cpu --output 'my outputs'"
    assert done.stdout == (
        "Slurm job 41: 3 runners\nSlurm job 42: the report, once they have ended\n"
        f"Logs: my outputs/_slurm\nStatus: run_supplementary {words} --status\n"
    )
    array, report = programs.list_scripts()
    own = [sys.executable, "-m", "scripts.run_supplementary"]
    assert find_command(array) == ["exec", *own, *shlex.split(words)]
    assert find_command(report) == [
        *("exec", sys.executable, "-m", "scripts.submitting.report_job", *own),
        *shlex.split(words),
    ]
    assert "#SBATCH --array=0-2\n" in array
    assert "#SBATCH --dependency=afterany:41\n" in report
    assert "#SBATCH -p gpu\n" in array
    assert "#SBATCH -p gpu\n" in report
    assert "--time=60" not in report
    assert Path("my outputs/_slurm").is_dir()


def test_the_words_of_the_command_are_read_back_as_they_were_given(programs: StandIns) -> None:
    programs.make_sbatch()
    options = ["--study", "tiny", *SET, "--until-decided", "--looks", "2,3", "--keep-going"]
    options.remove("--seeds")
    options.remove("2")
    done = CliRunner().invoke(run_supplementary, [*options, "--slurm", "2"])
    assert done.exit_code == 0, done.stderr
    again = find_command(programs.list_scripts()[0])[4:]
    meant = run_supplementary.make_context("run_supplementary", options).params
    assert run_supplementary.make_context("run_supplementary", again).params == meant


def test_workers_of_a_runner_may_be_started_by_what_only_nodes_have(programs: StandIns) -> None:
    done = batch("--slurm", "2", "--launch", "node-only exec image", "--dry-run")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "--launch 'node-only exec image'" in done.stdout
    assert not list(programs.folder.iterdir())


def test_a_dry_run_prints_the_script_and_nothing_else(programs: StandIns) -> None:
    done = batch("--slurm", "2", "--dry-run")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("#!/bin/sh\n#SBATCH --job-name=supplementary-tiny\n")
    assert done.stdout.endswith(" --device cpu\n")
    assert subprocess.run(["sh", "-n"], input=done.stdout.encode(), check=True).returncode == 0
    assert not list(programs.folder.iterdir())
    assert not Path("outputs").exists()


def test_programs_are_told_the_numbers(programs: StandIns) -> None:
    programs.make_sbatch()
    said = json.loads(batch("--slurm", "3", "--json").stdout)
    assert (said["job"], said["report_job"], said["runners"]) == ("41", "42", 3)
    assert "--json" not in programs.list_scripts()[0]


def test_logs_of_ones_own_are_not_said_to_lie_elsewhere(programs: StandIns) -> None:
    programs.make_sbatch()
    done = batch("--slurm", "3", "--sbatch", "-o elsewhere/%j")
    assert "Logs" not in done.stdout
    assert programs.list_scripts()[0].count("elsewhere/%j") == 1
    assert "--output=" not in programs.list_scripts()[0]


def test_the_status_shows_the_jobs_beside_the_fits(programs: StandIns) -> None:
    programs.make_sbatch()
    programs.make(
        "squeue", "echo '41|0|RUNNING|None\n41|1|PENDING|Resources\n42|N/A|PENDING|Dependency'"
    )
    assert batch("--slurm", "2").exit_code == 0
    shown = batch("--status").stdout
    assert shown.endswith(
        "Slurm job 41, 2 runners: 1 running, 1 queued (Resources)\n"
        "Slurm job 42, report: queued (Dependency)\n"
    )
    programs.make("squeue", "echo down >&2; exit 1")
    shown = batch("--status")
    assert shown.exit_code == 0
    assert "Slurm job 41, runners, submitted 20" in shown.stdout
    assert shown.stdout.endswith("not known\nSlurm: squeue: down.\n")
    told = json.loads(batch("--status", "--json").stdout)
    assert told["queue"]["note"] == "squeue: down"
    assert [job["job"] for job in told["queue"]["jobs"]] == ["41", "42"]


def test_without_jobs_the_status_is_what_it_was(programs: StandIns) -> None:
    assert "Slurm" not in batch("--status").stdout
    assert json.loads(batch("--status", "--json").stdout)["queue"] is None


def test_a_search_is_submitted_alike(programs: StandIns) -> None:
    programs.make_sbatch()
    done = search("--slurm", "2")
    assert done.exit_code == 0, done.stderr
    array, _ = programs.list_scripts()
    assert find_command(array)[4:] == ["--trials", "9", "--study", "lstm", "--device", "cpu"]
    assert "#SBATCH --job-name=supplementary-lstm\n" in array
    assert search("--slurm", "2", "--dry-run").stdout == array


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--sbatch", "--time=5"], "--sbatch goes with --slurm"),
        (["--slurm", "2", "--status"], "--slurm: leave out --status; it runs no fit"),
        (["--slurm", "2", "--list"], "--slurm: leave out --list; it runs no fit"),
        (["--slurm", "2", "--force"], "--slurm: leave out --force; a runner that Slurm starts"),
        (["--slurm", "1", "--evaluate-test", "A1"], "would count as a look at the test period"),
        (["--slurm", "0"], "0 is not in the range"),
        (["--slurm", "2", "--sbatch", "--array=0-9"], "--array=0-9: leave it out"),
        (["--slurm", "2", "--set", "Z"], "there is no set 'Z'"),
        (["--slurm", "2", "--seeds", "9"], "declares 2 seeds"),
        (["--slurm", "2", "--trainer", "none.py:train"], "none.py"),
        (["--slurm", "2", "--study", "no-such"], "no-such"),
        (["--slurm", "2", "--device", "mps"], "Slurm has no such device"),
        (["--slurm", "2", "--launch", ""], "--launch '': expected a program and its words"),
        (["--slurm", "2"], "found no sbatch on the path of programs"),
    ],
)
def test_what_cannot_be_submitted_is_one_sentence(
    programs: StandIns, options: list[str], message: str
) -> None:
    done = batch(*options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not Path("outputs").exists()
    assert not list(programs.folder.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--slurm", "2", "--sampler", "manual", "--trials", "5"],
            "looks at each fit before the next",
        ),
        (["--slurm", "2", "--check"], "--slurm: leave out --check"),
        (["--slurm", "2", "--plan"], "--slurm: leave out --plan"),
        (["--slurm", "2", "--space", "none.json"], "none.json"),
        (["--slurm", "2", "--launch", "'"], "cannot be split into words"),
        (["--dry-run"], "--dry-run goes with --slurm"),
    ],
)
def test_what_does_not_go_with_a_search_is_one_sentence(options: list[str], message: str) -> None:
    done = search(*options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())


def test_what_slurm_refuses_is_told_in_its_words(programs: StandIns) -> None:
    programs.make("sbatch", "cat > script; echo 'invalid partition: gpu' >&2; exit 1")
    done = batch("--slurm", "2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: sbatch took no job: invalid partition: gpu\n"
    assert not Path("outputs/_slurm/jobs.jsonl").exists()


def test_a_report_that_slurm_refuses_takes_nothing_from_the_runners(programs: StandIns) -> None:
    programs.make(
        "sbatch", "cat > script; grep -q array script && echo 41 && exit; echo no >&2; exit 1"
    )
    done = batch("--slurm", "2")
    assert done.exit_code == 1
    assert done.stdout.startswith("Slurm job 41: 2 runners\nLogs: ")
    assert "the runners were submitted, and no report that follows them" in done.stderr
    assert len(Path("outputs/_slurm/jobs.jsonl").read_text().splitlines()) == 1


def test_logs_that_have_no_place_are_found_out_before(programs: StandIns) -> None:
    programs.make_sbatch()
    Path("outputs").write_text("")
    done = batch("--slurm", "2")
    assert done.exit_code == 2
    assert "outputs" in done.stderr
    assert not programs.list_scripts()


def test_neither_pytorch_nor_data_is_needed_where_it_is_submitted(tmp_path: Path) -> None:
    done = call(
        *("run_supplementary", "--study", "tiny", *SET, "--data", str(tmp_path / "elsewhere.csv")),
        *("--slurm", "2", "--dry-run"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "--data" in done.stdout
