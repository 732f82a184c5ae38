"""A claim is fixed before its trials are scored, whatever is run when."""

import json
from pathlib import Path

import pytest

from runner.batch.claim_entry import enter_claims
from runner.planning.plan import make_plan
from tests.claimed import DECLARED, REVERSED, Bench
from trial_sets.records.request import DataRequest


@pytest.fixture
def bench(tiny_study: Path, tmp_path: Path) -> Bench:
    return Bench(tiny_study, tmp_path / "outputs")


def test_a_first_run_fixes_its_claims(bench: Bench) -> None:
    dating = bench.only(bench.batch())
    assert (dating.status, dating.reasons, dating.notes, dating.plan) == ("fixed", (), (), None)
    assert dating.is_fixed
    assert dating.since == bench.read_lines()[0]["time"]


def test_more_seeds_later_leave_it_fixed(bench: Bench) -> None:
    bench.batch(seeds=1)
    n = len(bench.read_lines())
    assert bench.only(bench.batch(seeds=2)).is_fixed
    assert len(bench.read_lines()) == n


def test_one_set_and_then_another_are_fixed_together(bench: Bench) -> None:
    bench.batch(trials=("A1",), sets=())
    assert bench.only(bench.batch(trials=("A2",), sets=())).is_fixed


def test_a_short_run_of_everything_spoils_nothing(bench: Bench) -> None:
    short = bench.batch(epochs=1)
    real = bench.batch()
    assert real.info.run != short.info.run
    assert bench.only(real).is_fixed
    assert bench.only(short).is_fixed


def test_an_interrupted_batch_goes_on(bench: Bench) -> None:
    bench.batch(kill_after=1)
    assert bench.only(bench.batch()).is_fixed


def test_a_trial_added_before_it_is_scored_has_its_claim_fixed(bench: Bench) -> None:
    bench.batch()
    path = bench.study / "A.json"
    content = json.loads(path.read_text())
    content["trials"]["A3"] = {"dropout": 0.4}
    content["expectations"].append({"better": ["A3"], "than": ["A1"]})
    path.write_text(json.dumps(content))
    first, added = bench.date(bench.batch()).claims
    assert first.is_fixed
    assert added.is_fixed
    assert "A1 had been scored (run " in added.notes[0]
    assert added.notes[1].endswith(
        "configurations had been scored on these rows before the claim was fixed"
    )
    assert first.notes == ()


def test_a_longer_trial_added_later_is_known_by_a_shorter_one_of_the_study(bench: Bench) -> None:
    path = bench.study / "A.json"
    content = json.loads(path.read_text())
    content["trials"] = {"A1": {"epochs": 2}, "A2": {"epochs": 3}}
    path.write_text(json.dumps(content))
    (bench.study / "B.json").unlink()
    bench.batch()
    content["trials"]["A3"] = {"epochs": 4}
    content["expectations"].append({"better": ["A3"], "than": ["A1"]})
    path.write_text(json.dumps(content))
    first, added = bench.date(bench.batch()).claims
    assert (first.status, added.status) == ("fixed", "post hoc")
    assert "first seen after A3, at another length, had been scored (run " in added.reasons[0]


def test_a_claim_fixed_by_hand_is_fixed(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    assert [line["kind"] for line in bench.read_lines()] == ["claim"]
    assert bench.only(bench.batch()).is_fixed


def test_claims_that_a_study_no_longer_declares_stay_in_the_family(bench: Bench) -> None:
    bench.declare(DECLARED, {"better": ["A2"], "than": ["K"]})
    bench.batch()
    bench.declare(DECLARED)
    dated = bench.date(bench.batch())
    assert dated.claims[0].is_fixed
    assert [claim.sentence for claim in dated.withdrawn] == ["A2 beats K"]


def test_a_claim_changed_before_anything_ran_is_not_withdrawn(bench: Bench) -> None:
    bench.declare(REVERSED)
    enter_claims(make_plan(bench.ask()), scoring=False)
    bench.declare(DECLARED)
    dated = bench.date(bench.batch())
    assert dated.claims[0].is_fixed
    assert dated.withdrawn == ()


def test_the_plan_of_looks_is_the_one_that_was_fixed(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    bench.change_study(looks=[2, 4])
    plan = bench.batch()
    assert bench.only(plan).plan == (2, 4)
    bench.change_study(looks=[2])
    dating = bench.only(bench.batch())
    assert (dating.status, dating.plan) == ("fixed", (2, 4))
    assert "fixed with looks at 2 and 4 seeds, which holds" in dating.notes[0]


def test_seeds_added_one_by_one_are_looks_one_by_one(bench: Bench) -> None:
    bench.change_study(seeds=[3, 5, 7])
    plan = bench.batch(seeds=1)
    assert [bench.look(plan, [3]) for _ in range(2)] == [1, 1]
    bench.batch(seeds=2)
    assert [bench.look(plan, [3, 5]) for _ in range(2)] == [1, 1]  # with one nothing is confirmed
    bench.batch(seeds=3)
    assert [bench.look(plan, [3, 5, 7]) for _ in range(2)] == [2, 2]
    assert bench.only(plan).is_fixed
    assert [line["kind"] for line in bench.read_lines()].count("look") == 3


def test_results_made_again_are_another_look_at_the_same_seeds(bench: Bench) -> None:
    plan = bench.batch(seeds=2)
    assert bench.look(plan, [3, 5]) == 1
    bench.batch(seeds=2, force=True, auc=0.8)
    assert bench.look(plan, [3, 5]) == 2


def test_the_reverse_in_another_study_is_noted(bench: Bench) -> None:
    other = bench.renamed("other")
    other.declare(REVERSED)
    enter_claims(make_plan(other.ask()), scoring=False)
    dating = bench.only(bench.batch())
    assert dating.is_fixed
    assert dating.notes == ('the study other has entered the reverse, "A1 beats A2"',)


def test_a_claim_about_lengths_alone_is_not_its_own_reverse(bench: Bench) -> None:
    content = json.loads((bench.study / "A.json").read_text())
    content["trials"]["A2"] = {**content["trials"]["A1"], "epochs": 1}
    (bench.study / "A.json").write_text(json.dumps(content))
    bench.declare(DECLARED)
    assert bench.only(bench.batch()).notes == ()


def test_families_split_over_studies_are_noted(bench: Bench) -> None:
    for name in ("b", "c"):
        other = bench.renamed(name)
        other.declare(DECLARED, {"better": ["A2"], "than": ["K"]})
        enter_claims(make_plan(other.ask(epochs=1)), scoring=False)
    dated = bench.date(bench.batch())
    assert dated.claims[0].is_fixed
    assert dated.notes == (
        "4 claims of 2 other studies (b and c) were fixed on these rows too, as families of their "
        "own: no p here is adjusted for them",
    )


def test_claims_that_another_study_made_after_the_fact_are_no_family(bench: Bench) -> None:
    plan = bench.batch()
    other = bench.renamed("other")
    other.batch()
    assert bench.date(plan).notes == ()
    assert bench.date(plan).claims[0].is_fixed


def test_a_near_copy_of_what_was_scored_is_noted(bench: Bench) -> None:
    plan = bench.batch()
    bench.look(plan, [3])
    other = bench.renamed("copy")
    content = json.loads((other.study / "A.json").read_text())
    content["trials"] = {"A1": {"dropout": 0.30001}, "A2": {"dropout": 0.20001}}
    (other.study / "A.json").write_text(json.dumps(content))
    dating = other.only(other.batch())
    scored = {trial["key"] for line in bench.read_lines()[:2] for trial in line.get("trials", [])}
    assert dating.is_fixed
    assert dating.notes == (
        f"{len(scored)} configurations had been scored on these rows before the claim was fixed",
    )


def test_a_plan_that_came_later_is_noted_whoever_declares_it(bench: Bench) -> None:
    bench.batch()
    plan = bench.batch(looks=(1, 2))
    said = (
        "fixed with no plan of looks, which holds; another is declared by now, in study or command"
    )
    assert bench.only(plan).notes == (said,)


def test_seeds_that_were_changed_are_noted(bench: Bench) -> None:
    plan = bench.batch()
    assert bench.read_lines()[0]["seeds"] == [3, 5]
    bench.change_study(seeds=[7, 9])
    dating = bench.only(bench.batch())
    assert dating.is_fixed
    assert dating.notes == ("fixed with the seeds 3 and 5; the study declares 7 and 9 by now",)
    assert bench.only(plan).notes == dating.notes  # its run.json is the last batch's


def test_seeds_changed_before_anything_ran_are_those_that_were_fixed(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    bench.change_study(seeds=[7, 9])
    dating = bench.only(bench.batch())
    assert (dating.status, dating.notes) == ("fixed", ())


def test_labels_that_were_changed_are_noted(bench: Bench) -> None:
    plan = bench.batch()
    dating = bench.only(bench.batch(data=DataRequest(horizon=5)))
    assert dating.is_fixed
    assert dating.notes == (
        "fixed for labels of threshold 0.01, horizon 1, up; these are of threshold 0.01, "
        "horizon 5, up",
    )
    assert bench.only(plan).notes == ()


def test_a_claim_entered_before_seeds_were_kept_is_not_entered_again(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    (line,) = bench.read_lines()
    del line["seeds"], line["label"]
    bench.ledger.write_text(json.dumps(line) + "\n")
    dating = bench.only(bench.batch())
    assert (dating.status, dating.notes) == ("fixed", ())
    assert [line["kind"] for line in bench.read_lines()] == ["claim", "scored"]


@pytest.mark.parametrize("looks", [(4, 2), (2, 2), ()])
def test_a_plan_that_does_not_grow_is_none(bench: Bench, looks: tuple[int, ...]) -> None:
    """As a release may have entered it that did not refuse it."""
    assert bench.only(bench.batch(looks=looks)).plan is None
    assert bench.read_lines()[0]["looks"] == list(looks)
