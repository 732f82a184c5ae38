"""A look at a claim is entered once, by what it was judged on, or said not to be counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import read_run
from analysis.verdicts import judged_looks
from analysis.verdicts.judged_looks import describe_look, enter_looks
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import Verdict
from runner.planning.plan import Plan
from tests.analysis.synthetic import N_ROWS, Scores, claim, make_labels, make_study, write_run
from tests.claimed import DECLARED, Bench
from trial_sets.claims.binding import bind_claims
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.layout import RunLayout


@pytest.fixture
def bench(tiny_study: Path, tmp_path: Path) -> Bench:
    return Bench(tiny_study, tmp_path / "outputs")


def enter(bench: Bench, plan: Plan, *, judged: bool = True) -> str | None:
    run = bench.run_of(plan)
    claims = bind_claims(run.info.study)
    looks = [describe_look(run, claim, [3]) if judged else None for claim in claims]
    return enter_looks(run, claims, bench.date(plan), looks, run.info.study.rope)


def test_a_look_says_what_was_judged(bench: Bench) -> None:
    plan = bench.batch()
    assert enter(bench, plan) is None
    line, claim = bench.read_lines()[-1], bench.read_lines()[0]
    assert (line["kind"], line["study"], line["run"]) == ("look", "tiny", plan.info.run)
    assert [line[key] for key in ("digest", "question", "rows")] == [
        claim[key] for key in ("digest", "question", "rows")
    ]
    assert (line["seeds"], line["folds"]) == ([3], 1)
    (look,) = bench.only(plan).looks
    assert (look.run, look.seeds, look.evidence) == (plan.info.run, (3,), line["evidence"])


def test_another_time_of_the_same_fits_is_another_look_at_a_claim_about_time(bench: Bench) -> None:
    bench.declare({"better": ["A2"], "than": ["A1"], "metric": "seconds", "by": 1}, DECLARED)
    run = bench.run_of(bench.batch())
    slower = [
        replace(fit, record=fit.record.model_copy(update={"seconds": 9.0})) for fit in run.fits
    ]
    of_time, of_auc = (
        [describe_look(one, claim, [3]) for one in (run, replace(run, fits=tuple(slower)))]
        for claim in bind_claims(run.info.study)
    )
    assert of_time[0] != of_time[1]
    assert of_auc[0] == of_auc[1]


def test_a_claim_that_was_not_judged_was_not_looked_at(bench: Bench) -> None:
    plan = bench.batch()
    before = bench.ledger.read_bytes()
    assert enter(bench, plan, judged=False) is None
    assert bench.ledger.read_bytes() == before


def test_nothing_is_entered_where_there_is_no_ledger(bench: Bench) -> None:
    plan = bench.batch()
    bench.ledger.unlink()
    assert enter(bench, plan) is None
    assert not bench.ledger.exists()


def test_a_look_that_cannot_be_entered_is_said_not_to_count(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def refuse(_: Path) -> Iterator[None]:
        raise OSError(30, "Read-only file system")
        yield

    plan = bench.batch()
    monkeypatch.setattr(judged_looks, "open_claims", refuse)
    assert enter(bench, plan) == (
        "it cannot be entered in the ledger of claims (Read-only file system)"
    )


def test_no_look_is_entered_where_its_head_cannot_be_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    plan = bench.batch()
    before = bench.ledger.read_bytes()
    monkeypatch.setattr(judged_looks, "keep_head", refuse)
    assert enter(bench, plan) == (
        "it cannot be entered in the ledger of claims (Read-only file system)"
    )
    assert bench.ledger.read_bytes() == before


def test_a_look_that_cannot_be_entered_settles_nothing(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(30, "Read-only file system")

    labels, noise = make_labels(rng), rng.normal(size=(4, N_ROWS))
    scores: Scores = {
        (name, seed): gain * labels + noise[3] + noise[seed]
        for name, gain in (("A1", 3.0), ("A2", 0.2))
        for seed in (0, 1, 2)
    }
    claims = [claim(f"{a} beats {b}", [a], [b]) for a, b in (("A1", "A2"), ("A2", "A1"))]
    study = make_study(tmp_path / "tiny", claims)
    run = read_run(write_run(tmp_path / "outputs", study, labels, scores))
    ledger = RunLayout(run.folder).outputs.claims
    before = ledger.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(judged_looks, "open_claims", refuse)
        uncounted = judge_run(run, enter=True)
    assert ledger.read_bytes() == before
    reason = "it cannot be entered in the ledger of claims (Read-only file system)"
    assert uncounted.uncounted == reason
    for row in uncounted.rows:
        assert row.judgement.verdict is Verdict.INCONCLUSIVE
        assert row.judgement.reasons == (f"this look at it does not count: {reason}",)
        assert row.judgement.p_holm is None
    counted = judge_run(run, enter=True)
    assert counted.uncounted is None
    settled = {"confirmed": 1, "refuted": 1}
    assert counted.count_verdicts() == settled
    monkeypatch.setattr(judged_looks, "open_claims", refuse)
    assert judge_run(run, enter=True).count_verdicts() == settled  # both looks are in it
    assert [line.kind for line in read_claims(ledger).lines][-2:] == ["look", "look"]
