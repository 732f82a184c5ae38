"""Cases are judged as one family, and advised one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.statistics.comparisons.inference import infer_difference
from analysis.statistics.planning.power import find_detectable_difference
from analysis.verdicts.checklist import Advice, Case, Checklist, draw_up_checklist
from analysis.verdicts.dating import DatedClaims, Dating, Look, WithdrawnClaim
from analysis.verdicts.verdict import ClaimTest, Judgement, Missing, Verdict
from tests.analysis.scored import contrast_scores
from tests.analysis.synthetic import claim, make_study
from trial_sets.claims.binding import BoundClaim, bind_claims

FIXED = Dating("fixed", "2026-01-28T12:00:00+00:00", ())
LOOK = Look("run", (0, 1, 2), 1, "0" * 64)


@pytest.fixture
def bound(tmp_path: Path) -> BoundClaim:
    study = make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])
    return bind_claims(study)[0]


@pytest.fixture
def pending(bound: BoundClaim) -> Case:
    return Case("A", bound.claim, bound, Missing(("A1 was not run",)), None, ())


@pytest.fixture
def confirmed(rng: np.random.Generator, pending: Case) -> Case:
    labels = rng.random(400) < 0.3
    better, than = (gain * labels + rng.standard_normal((1, 3, labels.size)) for gain in (3.0, 0.1))
    found = infer_difference(contrast_scores(labels, better, than, horizon_rows=1))
    return replace(pending, test=ClaimTest(found, rope=0.005, n_seeds=3))


def draw_up(*cases: Case, dating: Dating = FIXED, withdrawn: int = 0) -> Checklist:
    gone = (WithdrawnClaim("A1 beats A3", "2026-01-28T12:00:00+00:00"),) * withdrawn
    looks = [None if isinstance(case.test, Missing) else LOOK for case in cases]
    return draw_up_checklist(cases, 0.005, DatedClaims((dating,) * len(cases), gone), looks)


def test_pending_claims_count_in_the_family_and_not_in_the_power(
    confirmed: Case, pending: Case
) -> None:
    alone, among = draw_up(confirmed), draw_up(confirmed, *[pending] * 3)
    assert among.count_verdicts() == {"confirmed": 1, "pending": 3}
    p_alone, p_among = (one.rows[0].judgement.p_holm for one in (alone, among))
    assert p_alone is not None
    assert p_among == pytest.approx(4 * p_alone)
    assert among.power is not None
    assert (among.power.n_contrasts, among.power.family_size) == (1, 4)
    found = among.rows[0].judgement.inference
    assert found is not None
    expected = find_detectable_difference(found.standard_error, found.df, rope=0.005)
    assert among.power.median == pytest.approx(expected)


def test_withdrawn_claims_count_in_the_family_and_in_its_size(confirmed: Case) -> None:
    alone, among = draw_up(confirmed), draw_up(confirmed, withdrawn=2)
    p_alone, p_among = (one.rows[0].judgement.p_holm for one in (alone, among))
    assert p_alone is not None
    assert p_among == pytest.approx(3 * p_alone)
    assert (alone.family_size, among.family_size) == (1, 3)
    assert among.power is not None
    assert among.power.family_size == 3


def test_earlier_looks_cost_and_the_same_look_again_costs_nothing(confirmed: Case) -> None:
    other = replace(LOOK, seeds=(0, 1), evidence="1" * 64)
    first = draw_up(confirmed).rows[0]
    second = draw_up(confirmed, dating=replace(FIXED, looks=(other,))).rows[0]
    again = draw_up(confirmed, dating=replace(FIXED, looks=(LOOK, other))).rows[0]
    assert [row.look_number for row in (first, second, again)] == [1, 2, 1]
    assert first.judgement.p_holm is not None
    assert second.judgement.p_holm == pytest.approx(2 * first.judgement.p_holm)
    assert again.judgement.p_holm == first.judgement.p_holm


def test_without_a_contrast_there_is_no_power(pending: Case) -> None:
    assert draw_up(pending).power is None


def test_a_claim_about_means_is_judged_as_one_about_every_trial_too(confirmed: Case) -> None:
    (row,) = draw_up(replace(confirmed, every=Missing(("A2 failed",)))).rows
    assert row.judgement.verdict is Verdict.CONFIRMED
    assert row.every is not None
    assert row.every.verdict is Verdict.PENDING
    (plain,) = draw_up(confirmed).rows
    assert plain.every is None


def test_advice_follows_from_the_case_and_its_verdict(confirmed: Case, pending: Case) -> None:
    def advise(case: Case, judgement: Judgement, dating: Dating) -> Advice:
        is_open = judgement.verdict is Verdict.PENDING and dating.is_fixed
        return Advice("run it", case.set_name) if is_open else Advice()

    dated = DatedClaims((FIXED, FIXED))
    rows = draw_up_checklist([confirmed, pending], 0.005, dated, [LOOK, None], advise).rows
    assert [row.advice for row in rows] == [Advice(), Advice("run it", "A")]
    assert [row.case for row in rows] == [confirmed, pending]


def test_by_default_there_is_nothing_to_do(confirmed: Case) -> None:
    (row,) = draw_up(confirmed).rows
    assert row.advice == Advice(command=None, text="")
