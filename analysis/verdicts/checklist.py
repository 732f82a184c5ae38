"""The checklist: what each outcome that a study expects came to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.statistics.contrast import Contrast
from analysis.statistics.power import BatchPower, summarise_power
from analysis.verdicts.verdict import Judgement, Missing, judge_expectations
from trial_sets.claim import Claim


@dataclass(frozen=True, slots=True)
class Observation:
    """The plain reading: the difference of the mean metrics, whatever may be said about it.

    Attributes
    ----------
    better, than : float
        Mean over the trials of either side, each the mean of its complete fits.
    n_better, n_than : int
        Trials with a result on either side.
    """

    better: float
    than: float
    n_better: int
    n_than: int

    @property
    def difference(self) -> float:
        """Better less than."""
        return self.better - self.than

    @property
    def is_yes(self) -> bool:
        """Whether the outcome was observed, noise or not."""
        return self.difference > 0


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about one expectation before it is judged.

    Attributes
    ----------
    evidence : Contrast or Missing
    last_epoch : Contrast or None
        The same contrast with the scores of the last epoch.
    observation : Observation or None
        None where a side has no result.
    seeds : tuple of int
        That any trial of the claim was run with.
    """

    set_name: str
    expectation: Claim
    evidence: Contrast | Missing
    last_epoch: Contrast | None
    observation: Observation | None
    seeds: tuple[int, ...]


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


Advise = Callable[[Case, Judgement], Advice]


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One expectation, its verdict, and what would change it."""

    case: Case
    judgement: Judgement
    advice: Advice


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every declared expectation, judged as one family.

    Attributes
    ----------
    rope : float
        Half-width of the region of practical equivalence, in AUC.
    power : BatchPower or None
        The differences that this batch could have detected; None without any contrast.
    """

    rows: tuple[ChecklistRow, ...]
    rope: float
    power: BatchPower | None

    def count_verdicts(self) -> dict[str, int]:
        """Return the number of expectations with each verdict that occurs."""
        verdicts = [row.judgement.verdict.value for row in self.rows]
        return {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}


def draw_up_checklist(
    cases: Sequence[Case], rope: float, advise: Advise = lambda case, judgement: Advice()
) -> Checklist:
    """Judge the cases together; see `analysis.verdicts.verdict.judge_expectations`.

    Parameters
    ----------
    advise
        Says what would complete or decide a claim; by default nothing.
    """
    judgements = judge_expectations([case.evidence for case in cases], rope=rope)
    contrasts = [case.evidence for case in cases if isinstance(case.evidence, Contrast)]
    return Checklist(
        rows=tuple(
            ChecklistRow(case, judgement, advise(case, judgement))
            for case, judgement in zip(cases, judgements, strict=True)
        ),
        rope=rope,
        power=summarise_power(contrasts, family_size=len(cases), rope=rope) if contrasts else None,
    )
