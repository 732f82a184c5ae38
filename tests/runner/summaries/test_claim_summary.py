"""What the command says of each claim: fixed since when, or why not."""

import re
from pathlib import Path

import pytest

from runner.batch.claim_entry import enter_claims
from runner.planning.plan import make_plan
from runner.summaries.claim_summary import ClaimStatus, summarize_claims
from tests.claimed import DECLARED, REVERSED, Bench
from trial_sets.records.layout import Outputs
from trial_sets.records.run_info import describe_validation


@pytest.fixture
def bench(tiny_study: Path, tmp_path: Path) -> Bench:
    return Bench(tiny_study, tmp_path / "outputs")


def list_claims(bench: Bench, *, epochs: int | None = None) -> list[ClaimStatus]:
    """Return what --list says, which --dry-run must agree with where both know."""
    plan = make_plan(bench.ask(epochs=epochs))
    return list(summarize_claims(plan.info.study, Outputs(bench.outputs)))


def plan_claims(bench: Bench, *, epochs: int | None = None) -> list[ClaimStatus]:
    plan = make_plan(bench.ask(epochs=epochs))
    rows = describe_validation(plan.info.data)
    return list(summarize_claims(plan.info.study, plan.outputs, rows))


def test_nothing_is_fixed_at_first(bench: Bench) -> None:
    expected = ClaimStatus(
        set_name="A",
        sentence="A2 beats A1",
        status="not fixed yet",
        since=None,
        text="not fixed yet",
    )
    assert list_claims(bench) == plan_claims(bench) == [expected]


def test_what_is_fixed_says_since_when(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    (claim,) = list_claims(bench)
    assert list_claims(bench) == plan_claims(bench)
    assert (claim.status, claim.since) == ("fixed", bench.read_lines()[0]["time"])
    assert claim.text.startswith("fixed since 20")
    assert claim.text.endswith(" UTC, before its trials were scored")


def test_what_was_fixed_for_another_length_is_said_to_be_that(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    (claim,) = plan_claims(bench, epochs=13)
    assert claim.status == "not fixed yet"
    assert re.fullmatch(
        "not fixed yet as it stands here; what was fixed 20.+ UTC is the same with other epochs, "
        "context, margin or ROPE",
        claim.text,
    )


def test_what_would_be_post_hoc_is_known_before_it_is_entered(bench: Bench) -> None:
    bench.batch()
    bench.declare(REVERSED, DECLARED)
    turned, same = plan_claims(bench)
    assert (turned.status, turned.since, same.status) == ("post hoc", None, "fixed")
    assert turned.text.startswith("post hoc: not fixed before A1 had been scored (run sp500-")
    assert list_claims(bench)[0].status == "not fixed yet"  # a list knows no rows
    bench.batch()
    (turned, _) = list_claims(bench)
    assert turned.text.startswith("post hoc: first seen 20")
    assert "after A1 had been scored (run sp500-" in turned.text


def test_another_length_than_was_fixed_is_post_hoc(bench: Bench) -> None:
    bench.batch()
    assert [claim.status for claim in plan_claims(bench, epochs=13)] == ["post hoc"]


def test_a_ledger_that_was_changed_is_told_of(bench: Bench) -> None:
    bench.batch()
    text = bench.ledger.read_text()
    bench.ledger.write_text(text.replace("A2 beats A1", "A1 beats A2"))
    (claim,) = list_claims(bench)
    assert (claim.status, claim.since) == ("undated", None)
    assert "line 1 was changed" in claim.text
    bench.ledger.write_text("notes")
    assert list_claims(bench)[0].status == "not fixed yet"  # a line that was only begun
    bench.ledger.write_text("notes\n")
    assert "not valid JSON" in list_claims(bench)[0].text
