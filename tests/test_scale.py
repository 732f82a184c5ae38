"""What many fits and many runners ask of a file system, counted: it grows no faster than they."""

from pathlib import Path

from benchmarks.claims_scale import SharedFolder, count_calls, describe, simulate
from benchmarks.workloads.many_fits import SEEDS_A_TRIAL, ask_all, file_records, write_large_study
from runner.planning.plan import make_plan
from runner.summaries.status import survey


def share(tmp_path: Path, n_runners: int, n_fits: int, *, spread: bool = True) -> SharedFolder:
    place = tmp_path / f"{n_runners}-{n_fits}-{spread}"
    place.mkdir()
    return simulate(n_runners, n_fits, place, spread=spread)


def test_simulated_runners_claim_every_fit_once_and_leave_no_claim(tmp_path: Path) -> None:
    seen = share(tmp_path, 5, 40)
    records = sorted(tmp_path.glob("*/study/run/T*/seed-*/record.json"))
    assert len(records) == 40
    assert seen.passes.count(0) > 0
    assert not list(tmp_path.glob("*/study/run/T*/.seed*"))
    assert describe(5, 40, seen)["writes a fit"] < 6


def test_what_a_fit_asks_of_the_disk_does_not_grow_with_the_fits(tmp_path: Path) -> None:
    few, many = (share(tmp_path, 1, n).calls.total() / n for n in (20, 80))
    assert many <= few


def test_runners_that_spread_out_come_to_fewer_fits_of_others(tmp_path: Path) -> None:
    spread, listed = (share(tmp_path, 10, 100, spread=which) for which in (True, False))
    assert sum(spread.passes) < sum(listed.passes) / 2
    assert sorted(spread.passes)[50] < 2
    assert sorted(listed.passes)[50] >= 8


def test_a_look_at_what_another_has_filed_writes_nothing(tmp_path: Path) -> None:
    seen = share(tmp_path, 10, 100)
    assert seen.walked > 0
    assert seen.walk["writes"] == 0
    assert seen.walk.total() <= 7 * seen.walked


def test_a_plan_and_its_status_list_each_trial_s_folder_once_and_read_each_record_once(
    tmp_path: Path,
) -> None:
    request = ask_all(write_large_study(tmp_path, 19))
    with count_calls() as bare:
        plan = make_plan(request)
        assert survey(plan).counts == {"missing": 20 * SEEDS_A_TRIAL}
    file_records(plan, plan.fits)
    with count_calls() as full:
        assert survey(make_plan(request)).counts == {"done": 20 * SEEDS_A_TRIAL}
    more = full - bare
    assert more["lists"] <= 2 * 20  # a plan's and a status's
    assert more["opens"] <= 20 * SEEDS_A_TRIAL + 1  # and what a run tells of its data
    assert more["looks"] <= 9 * 20 * SEEDS_A_TRIAL
    assert more["writes"] == 0
