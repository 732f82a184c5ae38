"""Whatever lies in a run's folder, `--status` tells what is so or says one sentence."""

import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.storage.liveness import describe_self
from runner.storage.owner import FitClaim, Runner
from scripts.run_supplementary import main
from tests.conftest import TINY_SET, TINY_STUDY
from tests.json_values import any_json
from tests.runner.conftest import record, write_claim
from tests.special import SPECIAL

values = any_json(10**400, -(10**30), 2**64, "\ud800", "\x1b[2J", "a\nb", 1e308)
PLACES = ("A1", "A1/seed-3", "A1/seed-3/record.json", "A1/seed-3/predictions.npz",
          "A2/.seed-3.claim-1", "data.json", "progress.log", "../another")  # fmt: skip


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return a plan of three fits of which the first is done."""
    folder = tmp_path_factory.mktemp("looks")
    (folder / "tiny").mkdir()
    for name, content in {"study": TINY_STUDY, "A": TINY_SET}.items():
        (folder / "tiny" / f"{name}.json").write_text(json.dumps(content))
    request = Request(study=str(folder / "tiny"), sets=("all",), output=folder / "outputs")
    plan = make_plan(request)
    plan.folder.write_record(record(plan.fits[0].fit), b"logits")
    plan.folder.write_run_info(plan.info)
    plan.data.write_note(plan.folder)
    return plan


@contextmanager
def kept(plan: Plan) -> Iterator[Path]:
    """Yield the run's folder, and put the whole outputs folder back afterwards."""
    outputs = plan.outputs.path
    copy = outputs.with_name("kept")
    shutil.copytree(outputs, copy)
    try:
        yield plan.folder.path
    finally:
        shutil.rmtree(outputs)
        copy.rename(outputs)


def look(plan: Plan, *words: str) -> Result:
    """Call the command and hold it to what every answer keeps."""
    outputs = plan.outputs.path
    asked = ["--study", str(outputs.parent / "tiny"), "--set", "all", "--output", str(outputs)]
    told = CliRunner().invoke(main, [*asked, *words])
    assert isinstance(told.exception, SystemExit | None), told.exception
    assert all(line.isprintable() for line in told.output.splitlines())
    if told.exit_code:
        assert told.exit_code == 2
        assert told.stderr.startswith("Error: ")
        assert len(told.stderr.splitlines()) == 1
    return told


def states(told: Result) -> dict[str, str]:
    """Return the states of the fits; nothing where the folder was refused."""
    if told.exit_code:
        return {}
    return {fit["names"][0]: fit["state"] for fit in json.loads(told.stdout)["fits"]}


TRUE = {"A1": "done", "A2": "missing", "K": "missing"}


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_says_nothing_of_other_fits(planned: Plan, place: str, kind: str) -> None:
    with kept(planned) as run:
        path = run / place
        path.parent.mkdir(exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        SPECIAL[kind](path)
        told = look(planned, "--status", "--json")
        assert told.exit_code == 0 or "a symbolic link, which is not followed" in told.stderr
        own = place.partition("/")[0]
        expected = {name: state for name, state in TRUE.items() if name != own}
        assert expected.items() <= states(told).items() or told.exit_code
        assert states(told).get(own, "missing") in {"done", "missing", "running"}


def say_claim(plan: Plan, content: bytes) -> None:
    """Look at the run when a fit's claim holds this."""
    path = write_claim(plan.folder.fit("A2", 3), describe_self())
    path.write_bytes(content)
    try:
        found = states(look(plan, "--status", "--json"))
        assert found.pop("A2") in {"running", "interrupted"}
        assert found.items() <= TRUE.items()
        assert "3 fits: " in look(plan, "--status").stdout
    finally:
        shutil.rmtree(path.parent)


@given(content=st.one_of(st.binary(max_size=40), values.map(lambda v: json.dumps(v).encode())))
def test_any_claim(planned: Plan, content: bytes) -> None:
    say_claim(planned, content)


@given(field=st.sampled_from(sorted({*FitClaim.model_fields, *Runner.model_fields})), value=values)
def test_any_field_of_a_claim(planned: Plan, field: str, value: object) -> None:
    said = FitClaim(runner=describe_self(), since="2026-01-28T12:00:00+00:00").model_dump()
    (said if field in said else said["runner"])[field] = value
    say_claim(planned, json.dumps(said).encode())


def test_a_folder_whose_claims_cannot_be_seen_is_named(
    planned: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(fit: Path) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(fit))

    monkeypatch.setattr("runner.storage.fit_listing._scan", lambda _: None)  # not to be listed
    monkeypatch.setattr("runner.summaries.status.find_claim", refuse)
    assert states(look(planned, "--status", "--json")) == TRUE
    assert look(planned, "--status").stdout.count("cannot be seen: Permission denied") == 2
