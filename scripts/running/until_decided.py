"""What ``run_supplementary --until-decided`` does: a batch a look, until no claim is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rich.console import Console

from analysis.numbers import count_noun
from analysis.runs.run import Run
from analysis.verdicts.checklist import ChecklistRow
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.stopping import enter_stops
from runner.batch.baseline_fits import baselines_to_replace, complete_baselines
from runner.batch.claim_entry import ClaimsEntered, enter_claims
from runner.errors import BatchStopped, RunError
from runner.planning.request import Request
from runner.storage.claims import exclusively
from runner.storage.durable import writing
from scripts.running.batch import run_batch, tell
from scripts.running.claim_state import (
    ClaimState,
    judge_last_looks,
    list_states,
    read_looked_at,
    refuse_prefixes,
)
from scripts.running.decisions import (
    DecisionSummary,
    describe_row,
    is_beyond_looks,
    print_decisions,
    summarize_decisions,
)
from scripts.running.live import add_to_log
from scripts.running.look_options import Stopping
from scripts.running.look_plan import LookPlan, settle_looks
from scripts.running.overview import print_summary
from trial_sets.claims.binding import BoundClaim
from trial_sets.records.claim_lines import StopVerdict
from trial_sets.records.claim_stops import list_plan, name_look


def run_until_decided(request: Request, stopping: Stopping, *, as_json: bool) -> bool:
    """Take the looks of a plan one after another, and print what was decided.

    A look that was taken before is not taken again: whoever calls once more goes on where it was,
    and runs nothing where nothing is open.

    Returns
    -------
    bool
        Whether every fit and baseline that the looks asked for is complete.

    Raises
    ------
    InputError, DataError, RunError
        If it cannot be done as it was asked for; nothing has run then.
    BatchStopped
        If a batch cannot go on, or a look cannot be entered in the ledger of claims.
    """
    looks = settle_looks(request, stopping)
    run = read_looked_at(looks)
    refuse_prefixes(list_states(looks, run), looks.rule)
    looks.plan.folder.refuse_unwritable()
    entered = enter_claims(looks.plan, scoring=False)
    if entered.head is None:
        raise RunError(f"--until-decided: {entered.note}")
    campaign = _Campaign(looks, run, entered, Console(stderr=True))
    campaign.begin()
    for n_seeds in looks.rule.plan:
        campaign.take_look(n_seeds)
    summary = campaign.end()
    print_summary(summary, print_decisions, as_json=as_json)
    return not summary.failed and not summary.failed_baselines


@dataclass
class _Campaign:
    """The looks of one call of the command."""

    looks: LookPlan
    run: Run  # as it was read behind the last batch
    entered: ClaimsEntered
    screen: Console
    left_out: set[str] = field(default_factory=set)  # digests of claims that no look decides
    asked: dict[str, int] = field(default_factory=dict)  # seeds that claims were to be judged on
    has_run: bool = False

    def begin(self) -> None:
        """Say by which plan, and which claims have been decided or cannot be."""
        rule = self.looks.rule
        self._tell(
            f"Looks at {list_plan(rule.plan)} seeds, to find a difference of "
            f"{rule.design:g} {self.looks.plan.info.study.metric.title}"
        )
        for note in self.looks.notes:
            self._tell(note)
        for state in list_states(self.looks, self.run):
            if not state.dating.is_fixed:
                self.left_out.add(state.digest)
                reasons = "; ".join(state.dating.reasons)
                self._tell(
                    f"Claim of set {state.claim.set_name}: {state.claim.sentence}: "
                    f"{state.dating.status}, so that no look decides it: {reasons}"
                )

    def take_look(self, n_seeds: int) -> None:
        """Run what the open claims lack, judge them, and stop those that are decided."""
        states = list_states(self.looks, self.run)
        due = [
            state
            for state in states
            if state.is_due(n_seeds, self.looks.rule) and state.digest not in self.left_out
        ]
        fresh = [state for state in due if state.n_seeds < n_seeds]
        if fresh:
            self._run([state.claim for state in fresh], n_seeds)
        if due:
            self.asked |= {state.digest: n_seeds for state in due}
            self._judge(states, due, n_seeds, says_all=bool(fresh))

    def end(self) -> DecisionSummary:
        """Return what came of it all; the run's baselines are there by then, or failed."""
        states = list_states(self.looks, self.run)
        plan = self.looks.join_plans(
            [(state.claim, self.asked.get(state.digest, state.n_seeds)) for state in states]
        )
        if not self.has_run:
            replacing = baselines_to_replace(plan, force=False)
            complete_baselines(plan, replacing, self.entered.head)
        checklist = judge_last_looks(self.run, states, self.asked)
        return summarize_decisions(self.looks, plan, checklist)

    def _run(self, claims: Sequence[BoundClaim], n_seeds: int) -> None:
        """Run a batch of what a look needs; the first brings the baselines."""
        look = name_look(self.looks.rule.plan, n_seeds)
        self._tell(f"{look}: {count_noun(len(claims), 'claim')} open")
        request = self.looks.ask(claims, n_seeds)
        has_baselines = request.baselines and not self.has_run
        run_batch(replace(request, baselines=has_baselines), self.screen)
        self.run, self.has_run = read_looked_at(self.looks), True

    def _judge(
        self,
        states: Sequence[ClaimState],
        due: Sequence[ClaimState],
        n_seeds: int,
        *,
        says_all: bool,
    ) -> None:
        """Judge claims at a look, enter look and stops, and say what each came to."""
        for row, stop in self._enter(states, due, n_seeds):
            if is_beyond_looks(row):
                self.left_out.add(self._find_digest(row))
            if says_all or stop is not None:
                rule = self.looks.rule
                self._log(f"{name_look(rule.plan, n_seeds)}, {describe_row(row, rule, stop)}")

    def _enter(
        self, states: Sequence[ClaimState], due: Sequence[ClaimState], n_seeds: int
    ) -> list[tuple[ChecklistRow, StopVerdict | None]]:
        """Judge claims at a look, and enter look and stops: one runner of several at a time."""
        run, rule, ledger = self.run, self.looks.rule, self.looks.plan.outputs.claims
        digests = {state.digest for state in due}
        others = {state.digest: state.n_seeds for state in states if self._is_open(state)}
        with writing(ledger), exclusively(ledger):
            checklist = judge_run(run, enter=True, at={**others, **dict.fromkeys(digests, n_seeds)})
            _refuse_uncounted(checklist.uncounted)
            rows = [row for row in checklist.rows if self._find_digest(row) in digests]
            decided = [(row, rule.decide(row)) for row in rows]
            stops = [(row, stop) for row, stop in decided if stop is not None]
            _refuse_uncounted(enter_stops(run, stops, rule))
        return decided

    def _is_open(self, state: ClaimState) -> bool:
        return state.n_seeds > 0 and not state.is_stopped(self.looks.rule)

    def _find_digest(self, row: ChecklistRow) -> str:
        bound = row.case.bound
        return "" if bound is None else bound.digest(self.looks.plan.info.study.rope)

    def _log(self, text: str) -> None:
        self._tell(text)
        add_to_log(self.looks.plan.folder.log, text)

    def _tell(self, text: str) -> None:
        tell(f"{text[:1].upper()}{text[1:]}", self.screen)


def _refuse_uncounted(reason: str | None) -> None:
    """Stop where a look or what it decided cannot be entered: it would not stand later."""
    if reason is not None:
        raise BatchStopped(f"a look at the claims settles nothing: {reason}")
