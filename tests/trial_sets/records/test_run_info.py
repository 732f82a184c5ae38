"""What a run's fits have in common, as run.json of any version says it."""

import json
from pathlib import Path

import pytest

from trial_sets.errors import InputError
from trial_sets.records.run_info import RunInfo, SplitSummary, read_run_info
from trial_sets.strict_json import MAX_BYTES
from trial_sets.task import AUC

(EXAMPLE,) = (Path(__file__).resolve().parents[3] / "outputs" / "example").glob("*/run.json")


def test_a_run_of_the_first_version_is_read(tmp_path: Path) -> None:
    content = json.loads(EXAMPLE.read_text())
    del content["request"]
    old = {**content, "schema_version": 1, "label": content["study"]["label"]}
    (tmp_path / "run.json").write_text(json.dumps(old))
    info = read_run_info(tmp_path / "run.json")
    assert info == read_run_info(EXAMPLE).model_copy(update={"request": None})


@pytest.mark.parametrize("version", [0, 6, "2"])
def test_a_run_of_a_version_that_is_not_known_is_refused(tmp_path: Path, version: object) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({**json.loads(EXAMPLE.read_text()), "schema_version": version}))
    with pytest.raises(InputError, match="schema_version"):
        read_run_info(path)


def test_every_field_survives_the_file(tmp_path: Path) -> None:
    info = read_run_info(EXAMPLE)
    again = RunInfo.model_validate_json(info.model_dump_json(by_alias=True))
    assert again == info


def test_a_claim_of_an_older_run_that_names_auc_is_about_the_studys_metric(tmp_path: Path) -> None:
    content = json.loads(EXAMPLE.read_text())
    assert content["schema_version"] <= 4
    content["schema_version"] = 4
    (claim, *_) = (c for part in content["study"]["sets"] for c in part["expectations"])
    claim["metric"] = "auc"
    (tmp_path / "run.json").write_text(json.dumps(content))
    info = read_run_info(tmp_path / "run.json")
    assert all(claim.is_of_study_metric for _, claim in info.study.expectations())
    assert (info.schema_version, info.study.metric, info.study.task) == (5, AUC, "binary")


OLD = {"rows": 424, "positives": 75, "first": "2015-04-28", "last": "2016-12-29"}


def test_a_split_of_two_classes_is_written_as_ever() -> None:
    split = SplitSummary(**OLD)  # type: ignore[arg-type]
    assert split.model_dump() == OLD
    assert json.loads(split.model_dump_json()) == OLD
    assert split.describe_labels() == "75 positive"
    assert split.describe_period() == ", 2015-04-28 to 2016-12-29"
    assert split.smallest_class == 75
    content = json.loads(EXAMPLE.read_text())["data"]["splits"]
    read = read_run_info(EXAMPLE).model_dump(mode="json")["data"]["splits"]
    assert read == content


def test_a_split_of_several_classes_or_numbers_says_what_it_has() -> None:
    several = SplitSummary(
        rows=9, positives=None, first="", last="", classes={"a": 4, "b": 2, "c": 3}, rows_digest="f"
    )
    assert several.describe_labels() == "3 classes of 2 to 4 rows"
    assert (several.describe_period(), several.smallest_class) == ("", 2)
    numbers = SplitSummary(rows=9, positives=None, first="", last="", mean=1 / 3, deviation=20.0)
    assert numbers.describe_labels() == "mean 0.3333, standard deviation 20"
    assert numbers.smallest_class is None
    for split in (several, numbers):
        assert SplitSummary.model_validate_json(split.model_dump_json()) == split
    assert set(numbers.model_dump()) == {"rows", "positives", "first", "last", "mean", "deviation"}


def test_a_run_of_a_large_study_may_be_larger_than_other_json(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(EXAMPLE.read_text() + " " * (MAX_BYTES + 1))
    assert read_run_info(path) == read_run_info(EXAMPLE)
