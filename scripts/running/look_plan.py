"""The plan of looks that a batch follows until its claims are decided, and the fits it asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analysis.numbers import count_noun
from analysis.statistics.planning.looks import USUAL_PLAN
from analysis.verdicts.stopping import LookRule
from runner.errors import RunError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.planning.requested_study import load_declared_study
from scripts.running.look_options import Stopping
from trial_sets.claims.binding import BoundClaim, bind_each
from trial_sets.claims.sentence import write_sentence
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.claim_lines import ClaimLine, list_trial_keys
from trial_sets.records.claim_standing import SoughtClaim, find_standing, list_known
from trial_sets.records.claim_stops import list_plan
from trial_sets.records.run_info import describe_validation
from trial_sets.study import Study
from trial_sets.task import SHARES
from trial_sets.wording import join_words

MANY_ROWS = 3_000  # of validation: so many can tell the smaller difference
_DESIGN, _DESIGN_OF_MANY = 0.02, 0.01  # of AUC
LARGEST_DESIGN = 0.5  # of a metric between 0 and 1
_LEAST_ROPES = 2


@dataclass(frozen=True, slots=True)
class LookPlan:
    """What is settled before the first look.

    Attributes
    ----------
    request : Request
        What was asked for, with the looks.
    plan : Plan
        Of everything asked for with one seed: the study, the rows, the run's folder.
    rule : LookRule
        The looks, and when a claim is stopped.
    claims : tuple of BoundClaim
        Of the sets asked for.
    notes : tuple of str
        What else is to be said, a sentence each.
    """

    request: Request
    plan: Plan
    rule: LookRule
    claims: tuple[BoundClaim, ...]
    notes: tuple[str, ...]

    def ask(self, claims: Iterable[BoundClaim], n_seeds: int) -> Request:
        """Return the request for the trials of some claims, and their sets' controls."""
        study = self.plan.info.study
        names = {trial.name for claim in claims for trial in claim.trials}
        controls = (study.find_set(claim.set_name).control for claim in claims)
        if self.request.controls:
            names |= {name for name in controls if name is not None}
        chosen = tuple(trial.name for trial in study.trials() if trial.name in names)
        return replace(self.request, sets=(), trials=chosen, seeds=n_seeds)

    def join_plans(self, wanted: Iterable[tuple[BoundClaim, int]]) -> Plan:
        """Return one plan of the fits that claims need, each with a number of seeds of its own."""
        claims: dict[int, list[BoundClaim]] = {}
        for claim, n_seeds in wanted:
            claims.setdefault(n_seeds, []).append(claim)
        plans = [make_plan(self.ask(claims[n], n)) for n in sorted(claims) if n]
        fits = {planned.fit: planned for plan in plans for planned in plan.fits}
        order = {seed: place for place, seed in enumerate(self.plan.info.study.seeds)}
        found = sorted(fits.values(), key=lambda planned: order[planned.fit.seed])
        return replace(plans[-1] if plans else self.plan, fits=tuple(found))


def settle_looks(request: Request, stopping: Stopping) -> LookPlan:
    """Settle the plan of looks: the study's, or the one asked for, or the usual one.

    Claims whose trials have been scored keep the plan that they were fixed with, and a batch that
    goes on finds it in the ledger.

    Raises
    ------
    InputError, DataError, RunError
        If the plans contradict each other, the study has too few seeds or no claim, or anything
        else that was asked for cannot be done.
    """
    declared = load_declared_study(replace(request, looks=None))
    asked = _find_asked(declared, request.looks)
    plan = make_plan(replace(request, seeds=1))
    claims, notes = _bind_asked(plan, request)
    entries = _list_held(plan, claims)
    held = list(dict.fromkeys(entry.looks for entry in entries))
    looks = _choose_looks(asked, [one for one in held if one is not None])
    _refuse_reordered(plan.info.study, entries, looks)
    if looks[-1] > len(declared.seeds):
        raise RunError(_describe_shortage(declared, looks))
    if None in held:
        notes = (*notes, _UNPLANNED)
    study = plan.info.study.model_copy(update={"looks": looks})
    plan = replace(
        plan,
        info=plan.info.model_copy(update={"study": study}),
        declared=plan.declared.model_copy(update={"looks": looks}),
    )
    rule = LookRule(looks, _choose_design(plan, stopping), stopping.minds_futility)
    return LookPlan(replace(request, looks=looks), plan, rule, claims, notes)


_UNPLANNED = (
    "Some claims were fixed without a plan of looks before their trials were scored, which holds: "
    "their p is multiplied by the number of the look, and no look leaves out seeds that they have"
)


def _find_asked(study: Study, looks: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Return the plan that the study or the command names."""
    if looks is not None and study.looks is not None and looks != study.looks:
        raise RunError(
            f"--looks {list_plan(looks)}: study {study.name} declares looks at "
            f"{list_plan(study.looks)}, which hold; leave out --looks"
        )
    return looks or study.looks


def _bind_asked(plan: Plan, request: Request) -> tuple[tuple[BoundClaim, ...], tuple[str, ...]]:
    """Return the claims of the sets asked for, and what is to be said of broken ones."""
    study = plan.info.study
    is_all = not request.sets or any(name.casefold() == "all" for name in request.sets)
    chosen = study.sets if is_all else tuple(study.find_set(name) for name in request.sets)
    asked = {part.name for part in chosen}
    claims, notes = [], []
    for part, claim, bound in bind_each(study):
        if part.name not in asked:
            continue
        if isinstance(bound, BoundClaim):
            claims.append(bound)
        else:
            notes.append(f"Left out: {write_sentence(claim, study.metric)}: {bound}")
    if not claims:
        names = join_words([part.name for part in chosen])
        raise RunError(f"--until-decided: study {study.name} expects nothing of {names}")
    return tuple(claims), tuple(notes)


def _list_held(plan: Plan, claims: Iterable[BoundClaim]) -> list[ClaimLine]:
    """Return with what claims were fixed whose trials have been scored."""
    study = plan.info.study
    ledger = read_claims(plan.outputs.claims)
    rows = ledger.complete(describe_validation(plan.info.data))

    def list_entries() -> Iterator[ClaimLine]:
        for claim in claims:
            sides = list_trial_keys(claim.claiming)
            sought = SoughtClaim(study.name, claim.digest(study.rope), sides)
            standing = find_standing(ledger, sought, rows)
            if standing.fixed and any(list_known(ledger, sides, [rows])):
                yield standing.fixed[-1]

    return list(list_entries())


def _refuse_reordered(study: Study, entries: Iterable[ClaimLine], looks: tuple[int, ...]) -> None:
    """Refuse looks at other seeds than the first of those that claims were fixed with."""
    last = looks[-1]
    for entry in entries:
        fixed = (entry.seeds or ())[:last]
        if fixed != study.seeds[: len(fixed)]:
            raise RunError(
                f"seeds: study {study.name} begins with {_list(study.seeds[:last])} by now, and "
                f"the claim that {entry.sentence} was fixed with {_list(fixed)}, in this order, "
                "which holds, since its trials have been scored"
            )


def _list(numbers: Iterable[int]) -> str:
    return join_words([str(number) for number in numbers])


def _choose_looks(asked: tuple[int, ...] | None, held: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the plan to follow, which is one that holds already, if any does."""
    shown = join_words([list_plan(one) for one in held])
    if asked is not None:
        if held and asked not in held:
            raise RunError(
                f"looks at {list_plan(asked)}: the claims were fixed with looks at {shown}, which "
                "hold, since their trials have been scored"
            )
        return asked
    if len(held) > 1:
        raise RunError(f"the claims were fixed with looks at {shown}: name one plan with --looks")
    return held[0] if held else USUAL_PLAN


def _describe_shortage(study: Study, looks: tuple[int, ...]) -> str:
    n_seeds = len(study.seeds)
    fewer = [number for number in looks if number < n_seeds]
    nearest = f", or say --looks {list_plan([*fewer, n_seeds])}" if n_seeds > 1 else ""
    return (
        f"--until-decided: the last look, of {list_plan(looks)}, wants {looks[-1]} seeds, and "
        f"study {study.name} declares {count_noun(n_seeds, 'seed')}: declare more{nearest}"
    )


def _choose_design(plan: Plan, stopping: Stopping) -> float:
    """Return the difference that the looks are meant to find, in units of the metric."""
    study = plan.info.study
    if stopping.design is not None:
        if study.metric.name in SHARES and stopping.design > LARGEST_DESIGN:
            raise RunError(
                f"--design {stopping.design:g}: expected a difference of {study.metric.title} of "
                f"{LARGEST_DESIGN:g} at most"
            )
        return stopping.design
    if not study.metric.is_auc:
        if not study.rope:
            raise RunError(
                f"--until-decided: study {study.name} has a ROPE of 0: say with --design which "
                f"difference of {study.metric.title} the looks are meant to find"
            )
        return _LEAST_ROPES * study.rope
    rows = plan.info.data.splits["validation"].rows
    usual = _DESIGN if rows < MANY_ROWS else _DESIGN_OF_MANY
    return max(usual, _LEAST_ROPES * study.rope)
