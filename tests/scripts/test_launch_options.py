"""What --launch cannot start is refused in one sentence, before anything is written."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.run_search import main as search
from scripts.run_supplementary import main as run


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        ("shh host", "--launch 'shh host': there is no program 'shh'"),
        ("A=1 ssh host", "variables are set by 'env A=1'"),
        ("env 'A=1", "cannot be split into words: No closing quotation"),
    ],
)
def test_a_prefix_that_starts_nothing_is_refused(
    prefix: str, message: str, tiny_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["--study", str(tiny_study), "--launch", "env A=1", "--launch", prefix]
    done = CliRunner().invoke(run, [*asked, "--set", "A"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not Path("outputs").exists()
    done = CliRunner().invoke(search, [*asked, "--trials", "1", "--status"])
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_python_for_no_launch_is_refused(tiny_study: Path) -> None:
    asked = ["--study", str(tiny_study), "--launch-python", "python3"]
    for command, more in ((run, ["--set", "A"]), (search, ["--trials", "1"])):
        done = CliRunner().invoke(command, [*asked, *more])
        assert done.exit_code == 2
        assert "--launch-python: says which Python --launch starts" in done.stderr


def test_without_jobs_there_is_a_worker_a_prefix(
    tiny_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["--study", str(tiny_study), "--set", "A", "--dry-run"]
    for more, workers in (
        (["--launch", "env A=1"] * 3, 3),
        (["--launch", "env", "--jobs", "2"], 2),
    ):
        done = CliRunner().invoke(run, [*asked, *more])
        assert done.exit_code == 0, done.stderr
        assert f"{workers} workers" in done.stdout
