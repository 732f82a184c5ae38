"""What a range test leaves on disk."""

import json
from pathlib import Path

import pytest

from tests.runner.conftest import PROVENANCE, configuration
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.records.range_test import RangeTestRecord, SuggestedRates, read_range_test

SETTINGS = configuration()
SUGGESTED = SuggestedRates(low=1e-5, high=3e-4, steepest=1.2e-3)


def record(suggestion: SuggestedRates | None = SUGGESTED) -> RangeTestRecord:
    return RangeTestRecord(
        run="sp500-00000000", configuration=SETTINGS, key=SETTINGS.key, seed=3,
        rates=(1e-7, 1e-3, 10.0), losses=(0.7, 0.5, 2.0), smoothed_rates=(1e-7, 1e-5, 1e-2),
        smoothed_losses=(0.7, 0.6, 1.0), suggestion=suggestion, seconds=1.5,
        provenance=PROVENANCE,
    )  # fmt: skip


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "range-test.json"
    for written in (record(), record(None)):
        path.write_text(written.model_dump_json())
        assert read_range_test(path) == written


def test_it_says_what_the_losses_speak_for() -> None:
    said = record().describe()
    assert said == (
        "learning rates from 1.0e-05, where the loss begins to fall, to 3.0e-04, where it is "
        "least; it falls fastest at 1.2e-03, and 1.2e-03 is a rate to begin with "
        "(3 steps from 1e-07 to 1e+01)"
    )
    assert record(None).describe() == (
        "no learning rate: the loss falls no more than by chance (3 steps from 1e-07 to 1e+01)"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"losses": [0.7]}, "1 losses of 3 rates"),
        ({"rates": [], "losses": []}, "rates"),
        ({"smoothed_losses": []}, "0 smoothed_losses of 3 rates"),
        ({"rates": [0.0, 1.0, 2.0]}, "greater than 0"),
        ({"key": "other"}, "not its configuration's"),
        ({"schema_version": 2}, "schema_version"),
        ({"lossses": []}, "lossses"),
    ],
)
def test_what_is_no_range_test_is_refused(
    changes: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "range-test.json"
    path.write_text(json.dumps({**record().model_dump(mode="json"), **changes}))
    with pytest.raises(InputError, match=message):
        read_range_test(path)


def test_it_lies_in_the_runs_folder_and_is_no_fit(tmp_path: Path) -> None:
    run = RunLayout(tmp_path / "run")
    path = run.of_search("first").range_test("abc", 3)
    assert (
        path == run.range_test("abc", 3) == run.path / "_range-test" / "abc-3" / "range-test.json"
    )
    assert run.range_test("abc", 3, 2).parent.name == "abc-3-fold-2"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert run.list_fits() == []
    assert run.list_searches() == []
