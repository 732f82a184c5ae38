"""The checklist: what each claim of a study came to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.statistics.planning.power import BatchPower, summarise_power
from analysis.verdicts.dating import DatedClaims, Dating, Look, WithdrawnClaim
from analysis.verdicts.observation import Observation
from analysis.verdicts.verdict import ClaimTest, Judgement, Missing, judge_claims
from trial_sets.claim import Claim
from trial_sets.claims.binding import BoundClaim
from trial_sets.claims.sentence import write_sentence
from trial_sets.task import AUC, Metric


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about one claim before it is judged.

    Attributes
    ----------
    bound : BoundClaim or None
        None for a claim that is broken.
    test : ClaimTest or Missing
    observation : Observation or None
        None where a trial has no result.
    seeds : tuple of int
        That the claim needs.
    every : ClaimTest, Missing or None
        Of a claim about means: what it would rest on if it were about every trial.
    pooled : tuple of str
        Keys of the configurations that told how much seeds differ; none where only the claim's
        own did.
    study_metric : Metric
        What the study is about.
    """

    set_name: str
    claim: Claim
    bound: BoundClaim | None
    test: ClaimTest | Missing
    observation: Observation | None
    seeds: tuple[int, ...]
    every: ClaimTest | Missing | None = None
    pooled: tuple[str, ...] = ()
    study_metric: Metric = AUC

    @property
    def sentence(self) -> str:
        """What is judged, in words."""
        return write_sentence(self.claim, self.study_metric)


@dataclass(frozen=True, slots=True)
class Advice:
    """What would complete or decide a claim.

    Attributes
    ----------
    command : str or None
        What to run.
    text : str
        What the command does, or why there is none; empty where nothing is left to do.
    """

    command: str | None = None
    text: str = ""


Advise = Callable[[Case, Judgement, Dating], Advice]


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One claim, its verdict, and what would change it.

    Attributes
    ----------
    dating : Dating
        When the claim was fixed.
    look : Look or None
        What it was judged on; None while it is pending.
    every : Judgement or None
        Of a claim about means: the verdict if it were about every trial.
    """

    case: Case
    judgement: Judgement
    dating: Dating
    look: Look | None
    advice: Advice
    every: Judgement | None = None

    @property
    def look_number(self) -> int:
        """Which look at the claim this is, from 1."""
        return _number_look(self.dating, self.look)


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every declared claim, judged as one family.

    Attributes
    ----------
    rope : float
        Half-width of the region of practical equivalence, in units of the metric.
    power : BatchPower or None
        The differences that this batch could have detected; None without any contrast.
    withdrawn : tuple of WithdrawnClaim
        Claims that were fixed and that the study no longer declares; they count in the family.
    notes : tuple of str
        What is to be said of all claims, a clause each.
    uncounted : str or None
        Why looks at claims could not be entered in the ledger, where they could not.
    """

    rows: tuple[ChecklistRow, ...]
    rope: float
    power: BatchPower | None
    withdrawn: tuple[WithdrawnClaim, ...] = ()
    notes: tuple[str, ...] = ()
    uncounted: str | None = None

    @property
    def family_size(self) -> int:
        """The number of claims over which p values are adjusted."""
        return len(self.rows) + len(self.withdrawn)

    def count_verdicts(self) -> dict[str, int]:
        """Return the number of claims with each verdict that occurs."""
        verdicts = [row.judgement.verdict.value for row in self.rows]
        return {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}


def draw_up_checklist(
    cases: Sequence[Case],
    rope: float,
    dated: DatedClaims,
    looks: Sequence[Look | None],
    advise: Advise = lambda case, judgement, dating: Advice(),
) -> Checklist:
    """Judge the cases together; see `analysis.verdicts.verdict.judge_claims`.

    Parameters
    ----------
    dated
        When each claim was fixed, and what the study has withdrawn.
    looks
        What each claim is judged on; None where it is pending.
    advise
        Says what would complete or decide a claim; by default nothing.
    """
    numbers = [_number_look(*pair) for pair in zip(dated.claims, looks, strict=True)]
    judgements, every = (
        judge_claims(evidence, dated.claims, numbers, n_withdrawn=len(dated.withdrawn))
        for evidence in (
            [case.test for case in cases],
            [case.every or case.test for case in cases],
        )
    )
    contrasts = [
        contrast
        for case in cases
        if isinstance(case.test, ClaimTest) and case.claim.is_of_study_metric
        for contrast in case.test.inference.contrasts[:1]
    ]
    family = len(cases) + len(dated.withdrawn)
    return Checklist(
        rows=tuple(
            ChecklistRow(
                case=case,
                judgement=judgement,
                dating=dating,
                look=look,
                advice=advise(case, judgement, dating),
                every=other if case.every is not None else None,
            )
            for case, judgement, dating, look, other in zip(
                cases, judgements, dated.claims, looks, every, strict=True
            )
        ),
        rope=rope,
        power=summarise_power(contrasts, family_size=family, rope=rope) if contrasts else None,
        withdrawn=dated.withdrawn,
        notes=dated.notes,
    )


def _number_look(dating: Dating, look: Look | None) -> int:
    return 1 if look is None else dating.number_look(look)
