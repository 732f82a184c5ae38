"""A command is called again as it was called."""

import sys

from scripts.submitting.invocation import call_module, find_call

MODULE = "scripts.submitting.report_job"


def test_a_program_is_called_by_its_full_path(monkeypatch) -> None:  # noqa: ANN001
    monkeypatch.chdir("/usr")
    call = find_call(["python", "bin/run_supplementary", "--set", "A"], 2)
    assert call == [sys.executable, "/usr/bin/run_supplementary"]
    assert call_module(call, MODULE) == [sys.executable, "-P", "-m", MODULE]


def test_a_module_is_called_as_one() -> None:
    call = find_call(["python", "-X", "dev", "-m", "scripts.run_search", "--trials", "3"], 2)
    assert call == [sys.executable, "-X", "dev", "-m", "scripts.run_search"]
    assert call_module(call, MODULE) == [sys.executable, "-X", "dev", "-m", MODULE]


def test_a_command_without_arguments_is_one_too() -> None:
    assert find_call(["python", "-m", "scripts.run_search"], 0)[1:] == ["-m", "scripts.run_search"]
