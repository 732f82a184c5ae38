"""One listing of each folder tells which fits of many may have left something."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from runner.storage.fit_listing import FitListing
from runner.storage.outputs import RunFolder
from trial_sets.errors import InputError
from trial_sets.records.fit_id import FitId


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "study" / "run")


def test_a_run_without_a_folder_holds_nothing(folder: RunFolder) -> None:
    listing = FitListing(folder)
    assert not listing.may_hold(FitId("A1", 3))
    assert not listing.may_be_claimed(FitId("A1", 3))


def test_what_lies_there_is_told_by_trial_fold_and_seed(folder: RunFolder) -> None:
    folder.fit("A1", 3).mkdir(parents=True)
    folder.fit("A2", 3, 2).mkdir(parents=True)
    listing = FitListing(folder)
    held = [FitId("A1", 3), FitId("A2", 3, 2)]
    others = [FitId("A1", 4), FitId("A2", 3), FitId("A2", 3, 1), FitId("A3", 3)]
    assert [fit for fit in [*held, *others] if listing.may_hold(fit)] == held


def test_a_claim_is_no_record_and_a_record_no_claim(folder: RunFolder) -> None:
    folder.fit("A1", 3).mkdir(parents=True)
    folder.fit("A1", 5).with_name(".seed-5.claim-12").write_text("")
    listing = FitListing(folder)
    assert [listing.may_be_claimed(FitId("A1", seed)) for seed in (3, 5)] == [False, True]
    assert [listing.may_hold(FitId("A1", seed)) for seed in (3, 5)] == [True, False]


def test_a_trial_s_folder_is_listed_once_however_many_seeds_it_has(folder: RunFolder) -> None:
    for seed in range(50):
        folder.fit("A1", seed).mkdir(parents=True)
    with patch("os.scandir", wraps=os.scandir) as scan:
        listing = FitListing(folder)
        assert all(listing.may_hold(FitId("A1", seed)) for seed in range(50))
        assert not any(listing.may_hold(FitId(f"B{n}", 0)) for n in range(50))
    assert scan.call_count == 2  # the run's and the trial's


def test_a_name_whose_case_a_file_system_may_have_changed_is_looked_for(folder: RunFolder) -> None:
    folder.fit("a1", 3).mkdir(parents=True)
    with patch("os.scandir", wraps=os.scandir) as scan:
        FitListing(folder).may_hold(FitId("A1", 3))
    assert scan.call_count == 2


@pytest.mark.parametrize("place", ["A1", "A1/seed-3"])
def test_a_link_on_the_way_is_refused(folder: RunFolder, tmp_path: Path, place: str) -> None:
    link = folder.path / place
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path)
    with pytest.raises(InputError, match="a symbolic link, which is not followed"):
        FitListing(folder).may_hold(FitId("A1", 3))


def test_what_cannot_be_listed_may_hold_anything(folder: RunFolder) -> None:
    folder.fit("A1", 3).parent.mkdir(parents=True)
    with patch("os.scandir", side_effect=PermissionError):
        listing = FitListing(folder)
        assert listing.may_hold(FitId("A1", 3))
        assert listing.may_be_claimed(FitId("A1", 3))
