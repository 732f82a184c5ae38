"""How far each claim has got through a plan of looks, as ledger and records tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.runs.run import Run, read_run
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.dating import Dating, date_claims
from analysis.verdicts.look_seeds import count_needed
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.stopping import LookRule
from runner.errors import RunError
from runner.summaries.claim_summary import summarize_claims
from scripts.running.look_plan import LookPlan
from trial_sets.claims.binding import BoundClaim, bind_each
from trial_sets.errors import InputError
from trial_sets.records.claim_stops import list_plan
from trial_sets.records.run_info import describe_validation
from trial_sets.wording import join_words


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim and the last look at it.

    Attributes
    ----------
    claim : BoundClaim
    digest : str
        Of the claim.
    dating : Dating
        When it was fixed, and where it was stopped.
    n_seeds : int
        On which it was judged last in this run; zero before the first look.
    n_there : int
        Of the smallest look that leaves out no seed that its trials have.
    is_new : bool
        Whether it is yet to be entered in the ledger, in time.
    """

    claim: BoundClaim
    digest: str
    dating: Dating
    n_seeds: int
    n_there: int
    is_new: bool

    def is_stopped(self, rule: LookRule) -> bool:
        """Return whether no further look at it is wanted."""
        stop = self.dating.stop
        return stop is not None and (rule.minds_futility or stop.verdict != "futile")

    def is_due(self, n_seeds: int, rule: LookRule) -> bool:
        """Return whether it is to be judged at a look: one of its own plan, or on all seeds."""
        if self.n_seeds > n_seeds or self.is_stopped(rule):
            return False
        return self.n_there <= n_seeds or n_seeds in (self.dating.plan or ())

    def count_wanted(self, rule: LookRule) -> int:
        """Return the seeds of the last look at it, if it goes on as long as it can."""
        is_over = self.is_stopped(rule) or not (self.dating.is_fixed or self.is_new)
        return self.n_seeds if is_over else max(self.n_seeds, rule.plan[-1])


def read_looked_at(looks: LookPlan) -> Run:
    """Return the run as it is, of the study as it is looked at; without fits before the first."""
    info, folder = looks.plan.info, looks.plan.folder.path
    try:
        return replace(read_run(folder), info=info)
    except InputError:
        return Run(folder, info, (), (), (), ())


def list_states(looks: LookPlan, run: Run) -> list[ClaimState]:
    """Return how far the claims of the sets asked for have got, in study order.

    Parameters
    ----------
    run
        As `read_looked_at` returned it; the ledger is read anew.
    """
    study = looks.plan.info.study
    every, statuses = _bind_what_can_be(looks)
    dated = date_claims(run, every, study.rope)
    wanted = {claim.digest(study.rope) for claim in looks.claims}
    return [
        ClaimState(
            claim=claim,
            digest=digest,
            dating=dating,
            n_seeds=_count_seeds(dating, run.info.run),
            n_there=count_needed(run, claim, dating),
            is_new=status == "not fixed yet",
        )
        for claim, status, dating in zip(every, statuses, dated.claims, strict=True)
        if (digest := claim.digest(study.rope)) in wanted
    ]


def refuse_prefixes(states: Sequence[ClaimState], rule: LookRule) -> None:
    """Refuse looks that would leave out seeds of claims that were fixed without this plan.

    Raises
    ------
    RunError
        If the trials of an open claim have more seeds than the last look.
    """
    last = rule.plan[-1]
    for state in states:
        is_open = state.dating.is_fixed and not state.is_stopped(rule)
        is_judged = state.n_seeds >= state.n_there
        if is_open and not is_judged and not state.is_due(last, rule) and state.n_there > last:
            raise RunError(_describe_refusal(state, rule))


def _describe_refusal(state: ClaimState, rule: LookRule) -> str:
    trials = state.claim.own_trials
    have = "has" if len(trials) == 1 else "have"
    return (
        f"looks at {list_plan(rule.plan)}: the claim that {state.claim.sentence} was "
        f"fixed without this plan, {join_words([trial.name for trial in trials])} {have} "
        f"{state.n_there} seeds already, and a plan of looks cannot leave them out; `analyze` "
        "judges it on all of them"
    )


def judge_last_looks(
    run: Run, states: Sequence[ClaimState], asked: Mapping[str, int]
) -> Checklist | None:
    """Judge the claims as at their last looks; None before the first fit. Nothing is entered.

    Parameters
    ----------
    asked
        By digest: seeds that a claim was to be judged on, where it could not be.
    """
    numbers = {state.digest: state.n_seeds for state in states} | dict(asked)
    stopped = {state.digest for state in states if state.dating.stop is not None}
    at = {digest: n for digest, n in numbers.items() if n and digest not in stopped}
    return judge_run(run, at=at) if run.fits else None


def _count_seeds(dating: Dating, run: str) -> int:
    """Return on how many seeds a claim was judged last; where it was stopped, that look counts."""
    if dating.stop is not None:
        return len(dating.stop.seeds)
    looks = [look for look in dating.looks if look.run == run]
    return len(looks[-1].seeds) if looks else 0


def _bind_what_can_be(looks: LookPlan) -> tuple[list[BoundClaim], list[str]]:
    """Return the claims of the study, and whether each is fixed."""
    info = looks.plan.info
    rows = describe_validation(info.data)
    statuses = summarize_claims(info.study, looks.plan.outputs, rows, info.run)
    pairs = [
        (bound, status.status)
        for (_, _, bound), status in zip(bind_each(info.study), statuses, strict=True)
        if isinstance(bound, BoundClaim)
    ]
    return [bound for bound, _ in pairs], [status for _, status in pairs]
