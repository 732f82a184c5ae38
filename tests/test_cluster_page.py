"""The page on several machines: three runners share a folder, and every command is understood."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from runner.storage.claims import BEAT_S, LEASE_S
from scripts.endings import EXIT_BAD_INPUT, EXIT_TERMINATED
from scripts.run_supplementary import main as run_supplementary
from tests.pages import DOCS, follow, list_sections

ROOT = DOCS.parent
PAGE = (DOCS / "cluster.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
SCRIPTS = [text for kind, _, text in BLOCKS if kind == "sh"]
COMMANDS = sorted(set(re.findall(r"run_supplementary( --[^'\"`&|;>\n]*)", PAGE)))
(MANIFEST,) = (text for _, file, text in BLOCKS if file == "runners.yaml")


def understand(arguments: list[str]) -> click.Context:
    """Read a command's options as the command does, and run nothing."""
    return run_supplementary.make_context("run_supplementary", arguments)


def test_three_runners_share_a_folder_word_for_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "run_supplementary"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scripts.run_supplementary "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("COLUMNS", "140")
    folder = tmp_path / "shared"
    folder.mkdir()
    monkeypatch.chdir(folder)
    follow(list_sections("cluster.md")["Three runners on one folder"])
    fits = Path("fits.txt").read_text().splitlines()
    assert len(fits) == len(set(fits)) == 15
    assert len(list(Path("outputs").rglob("seed-*/record.json"))) == 15
    assert not list(Path("outputs").rglob(".*.claim-*"))
    for number in (1, 2, 3):
        assert "15 fits complete." in Path(f"runner-{number}.log").read_text()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command: str) -> None:
    assert understand(shlex.split(command)).params["study"] is not None


def test_all_ways_to_start_runners_have_a_command() -> None:
    assert len(COMMANDS) >= 5
    whole = "".join(text for _, _, text in BLOCKS)
    assert whole.count("run_supplementary") >= 9


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_one(script: str) -> None:
    subprocess.run(["bash", "-n", "-c", script], check=True)


def test_the_manifest_is_of_an_indexed_job_that_runs_the_command() -> None:
    manifest = yaml.safe_load(MANIFEST)
    spec = manifest["spec"]
    assert (manifest["kind"], spec["completionMode"]) == ("Job", "Indexed")
    assert spec["completions"] == spec["parallelism"]
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    program, *arguments = container["command"]
    assert program == "run_supplementary"
    understood = understand(arguments)
    assert str(understood.params["jobs"]) == container["resources"]["limits"]["cpu"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}
    assert container["workingDir"] in mounts.values()


def test_the_manifest_ends_the_job_on_bad_input_alone() -> None:
    manifest = yaml.safe_load(MANIFEST)
    fail, ignore = manifest["spec"]["podFailurePolicy"]["rules"]
    assert (fail["action"], fail["onExitCodes"]["values"]) == ("FailJob", [EXIT_BAD_INPUT])
    assert ignore["action"] == "Ignore"
    assert manifest["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_the_unit_takes_a_termination_for_no_failure() -> None:
    (unit,) = (text for _, file, text in BLOCKS if file == "parabola.service")
    assert f"SuccessExitStatus={EXIT_TERMINATED}" in unit.splitlines()


def test_lease_and_beat_are_those_of_the_claims() -> None:
    assert f"A lease is {LEASE_S:g} s and renewed every {BEAT_S:g} s" in PAGE
    assert f"stand still for {LEASE_S:g} s" in PAGE
