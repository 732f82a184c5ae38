"""Where results lie, and which folders are a fit's."""

import json
import os
import shutil
from pathlib import Path

import pytest

from analysis.runs.run import count_records, read_run
from runner.planning.plan import is_first_batch
from runner.planning.request import Request
from runner.storage.outputs import RunFolder
from trial_sets.errors import InputError
from trial_sets.records.layout import (
    Outputs,
    RunLayout,
    is_study_name,
    is_taken,
    read_record,
    record_of,
)

ROOT = Path(__file__).resolve().parents[3]
FIT = Path("A1", "seed-0")


@pytest.fixture
def run(tmp_path: Path) -> RunLayout:
    """Return a copy of the real run that comes with the project."""
    (source,) = (ROOT / "outputs" / "example").glob("sp500-*")
    shutil.copytree(source, tmp_path / "outputs" / "example" / source.name)
    return RunLayout(tmp_path / "outputs" / "example" / source.name)


def test_paths_are_those_of_the_documented_tree() -> None:
    run = RunLayout(Path("o/s/r"))
    assert str(run.fit("A1", 3)) == "o/s/r/A1/seed-3"
    assert str(run.of_test().fit("A1", 3)) == "o/s/r/_test/A1/seed-3"
    assert (str(run.outputs.looks), str(run.outputs.machine)) == (
        "o/test-looks.json",
        "o/machine.json",
    )
    assert str(Outputs().report("trials")) == "outputs/reports/trials/report.md"


@pytest.mark.parametrize(
    "name",
    ["seed-0.damaged-1", "seed-0.superseded-2", ".seed-0.ab12.ready", "seed-00", "seed-", "seed-²"],
)
def test_runner_and_analysis_agree_on_what_is_no_fits_folder(run: RunLayout, name: str) -> None:
    n_fits = len(run.list_fits())
    shutil.copytree(run.path / FIT, run.path / "A1" / name)
    assert len(run.list_fits()) == n_fits
    assert count_records(run.path) == n_fits
    assert len(list(RunFolder(run.path).records())) == n_fits
    assert len(read_run(run.path).fits) == n_fits
    assert read_run(run.path).notes == ()


def test_a_batch_after_damage_alone_is_a_first_one(run: RunLayout) -> None:
    request = Request(study="example", output=run.path.parents[1])
    assert not is_first_batch(request)
    for fit in run.list_fits():
        fit.rename(fit.with_name(f"{fit.name}.damaged-1"))
    assert is_first_batch(request)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 9}, "the record says that it is A1/seed-9"),
        ({"names": ["A2"]}, "the record says that it is A2/seed-0"),
        ({"key": "0" * 12}, "key 000000000000 is not its configuration's"),
        ({"configuration": None}, "a trial without a configuration"),
    ],
)
def test_a_record_of_another_fit_than_its_place_says_is_refused_by_both(
    run: RunLayout, changes: dict[str, object], message: str
) -> None:
    path = record_of(run.path / FIT)
    content = json.loads(path.read_text())
    del content["sha256"]
    path.write_text(json.dumps(content | changes))
    for read in (
        lambda: read_record(run, run.path / FIT),
        lambda: RunFolder(run.path).read_record("A1", 0),
    ):
        with pytest.raises(InputError, match=message):
            read()


@pytest.mark.parametrize("name", ["figures", "baseline-x", "CON", "lpt1", "Figures"])
def test_names_of_other_folders_are_taken(name: str) -> None:
    assert is_taken(name)
    assert not is_study_name(name)


@pytest.mark.parametrize(
    ("name", "expected"), [("a50", True), ("reports", False), (".x", False), ("a" * 101, False)]
)
def test_a_studys_name_can_be_a_folders(name: str, expected: bool) -> None:
    assert is_study_name(name) is expected


@pytest.mark.parametrize("below", [".", "outputs", "outputs/example"])
def test_the_outputs_folder_is_the_same_from_wherever_it_is_looked_at(
    run: RunLayout, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = run.path.parents[1]
    monkeypatch.chdir(outputs.parent / below)
    for path in (run.path, Path(os.path.relpath(run.path))):
        assert RunLayout(path).outputs.path.absolute() == outputs


def test_a_run_looked_at_from_within_finds_its_outputs_folder(
    run: RunLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run.path)
    assert RunLayout(Path()).outputs.path == run.path.parents[1]
    monkeypatch.chdir(run.path.parents[2])
    assert RunLayout(run.path).outputs == Outputs()
