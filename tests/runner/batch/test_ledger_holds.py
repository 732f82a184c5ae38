"""Whatever became of the ledger, no look that left records is forgotten."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.batch.look_ledger import close_look, ledger_path, open_look
from runner.errors import BatchStopped, RunError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from tests.conftest import TINY_SET, TINY_STUDY
from tests.json_values import any_json
from tests.runner.conftest import record
from tests.special import SPECIAL
from trial_sets.errors import InputError
from trial_sets.records.looks import HoldoutLook, LookLedger

values = any_json(10**400, "\ud800", "\x1b", "test", "validation", "2000-01-01")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return the plan of a second look, after a first that has left its record."""
    folder = tmp_path_factory.mktemp("looks")
    (folder / "tiny").mkdir()
    for name, content in {"study": TINY_STUDY, "A": TINY_SET}.items():
        (folder / "tiny" / f"{name}.json").write_text(json.dumps(content))
    asked = Request(study=str(folder / "tiny"), evaluate_test="A1", output=folder / "outputs")
    first = make_plan(asked)
    open_look(first, again=False)
    first.folder.write_run_info(first.info)
    first.folder.write_record(record(first.fits[0].fit), None)
    close_look(first)
    return make_plan(replace(asked, force=True))


def refuse_look(plan: Plan, content: bytes | None, kind: str = "") -> None:
    """Expect that no second look begins unasked when this is the ledger."""
    path = ledger_path(plan)
    kept = path.read_bytes()
    path.unlink()
    try:
        if kind:
            SPECIAL[kind](path)
        elif content is not None:
            path.write_bytes(content)
        with pytest.raises((RunError, InputError, BatchStopped)):
            open_look(plan, again=False)
    finally:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.write_bytes(kept)


def edit(plan: Plan, version: int, number: int, **said: object) -> bytes:
    """Return the ledger as one of a version with other words in an entry."""
    content = json.loads(ledger_path(plan).read_text())
    if version == 1:
        content = {"schema_version": 1, "looks": content["looks"]}
    content["looks"][number] |= said
    return json.dumps(content).encode()


def test_a_ledger_as_it_was_or_gone_counts_the_look(plan: Plan) -> None:
    refuse_look(plan, ledger_path(plan).read_bytes())
    refuse_look(plan, None)


@given(
    content=st.one_of(
        st.binary(max_size=30),
        values.map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {}, optional=dict.fromkeys(sorted(LookLedger.model_fields), values)
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_content(plan: Plan, content: bytes) -> None:
    refuse_look(plan, content)


@given(
    version=st.sampled_from([1, 2]),
    number=st.sampled_from([0, -1]),
    said=st.dictionaries(
        st.sampled_from(sorted(HoldoutLook.model_fields)), values, min_size=1, max_size=2
    ),
)
def test_any_field_of_an_entry(
    plan: Plan, version: int, number: int, said: dict[str, object]
) -> None:
    refuse_look(plan, edit(plan, version, number, **said))


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_file(plan: Plan, kind: str) -> None:
    refuse_look(plan, None, kind)
    Path(ledger_path(plan)).with_name("a-pipe").unlink(missing_ok=True)


@pytest.mark.parametrize(
    "said",
    [
        {"first": "1990-01-01", "last": "1991-01-01", "rows": None},
        {"data": "another", "name": "another", "rows": None},
        {"role": "validation"},
        {"run": "another"},
        {"key": "another"},
        {"finished": None},
        {"started": "1990-01-01"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_ledger_written_anew_does_not_hide_what_records_tell(
    plan: Plan, said: dict[str, object]
) -> None:
    content = json.loads(ledger_path(plan).read_text())
    looks = [{**look, **said, "previous": None} for look in content["looks"]]
    refuse_look(plan, json.dumps({"schema_version": 1, "looks": looks}).encode())
    ledger = LookLedger.model_validate({"schema_version": 1, "looks": looks}, strict=False)
    refuse_look(plan, ledger.added().model_dump_json().encode())
