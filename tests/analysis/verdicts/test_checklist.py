"""Cases are judged as one family, and advised one by one."""

import numpy as np
import pytest

from analysis.statistics.power import find_detectable_difference
from analysis.verdicts.checklist import Advice, Case, Observation, draw_up_checklist
from analysis.verdicts.verdict import Judgement, Missing, Verdict
from tests.analysis.scored import contrast_scores
from trial_sets.claim import Claim

CLAIM = Claim.model_validate(
    {"if": "A1 beats A2", "better": ("A1",), "than": ("A2",), "shows": "S", "then": "T"}
)
PENDING = Case("A", CLAIM, Missing(("A1 was not run",)), None, None, ())


@pytest.fixture
def confirmed(rng: np.random.Generator) -> Case:
    labels = rng.random(400) < 0.3
    better, than = (gain * labels + rng.standard_normal((1, 3, labels.size)) for gain in (3.0, 0.1))
    return Case("A", CLAIM, contrast_scores(labels, better, than, horizon_rows=1), None, None, ())


@pytest.mark.parametrize(("better", "is_yes"), [(0.71, True), (0.7, False), (0.69, False)])
def test_an_outcome_is_observed_where_better_is_better(better: float, is_yes: bool) -> None:
    seen = Observation(better, 0.7, 1, 2)
    assert seen.difference == pytest.approx(better - 0.7)
    assert seen.is_yes is is_yes


def test_pending_claims_count_in_the_family_and_not_in_the_power(confirmed: Case) -> None:
    alone, among = (draw_up_checklist([confirmed, *[PENDING] * n], 0.005) for n in (0, 3))
    assert among.count_verdicts() == {"confirmed": 1, "pending": 3}
    p_alone, p_among = (one.rows[0].judgement.p_holm for one in (alone, among))
    assert p_alone is not None
    assert p_among == pytest.approx(4 * p_alone)
    assert among.power is not None
    assert (among.power.n_contrasts, among.power.family_size) == (1, 4)
    contrast = among.rows[0].judgement.contrast
    assert contrast is not None
    expected = find_detectable_difference(contrast.standard_error, contrast.df, rope=0.005)
    assert among.power.median == pytest.approx(expected)


def test_without_a_contrast_there_is_no_power() -> None:
    assert draw_up_checklist([PENDING], 0.005).power is None


def test_advice_follows_from_the_case_and_its_verdict(confirmed: Case) -> None:
    def advise(case: Case, judgement: Judgement) -> Advice:
        is_open = judgement.verdict is Verdict.PENDING
        return Advice("run it", case.set_name) if is_open else Advice()

    rows = draw_up_checklist([confirmed, PENDING], 0.005, advise).rows
    assert [row.advice for row in rows] == [Advice(), Advice("run it", "A")]
    assert [row.case for row in rows] == [confirmed, PENDING]


def test_by_default_there_is_nothing_to_do(confirmed: Case) -> None:
    (row,) = draw_up_checklist([confirmed], 0.005).rows
    assert row.advice == Advice(command=None, text="")
