"""What would complete a pending claim, or decide an open one."""

from analysis.runs.commands import count_seeds_up_to, write_command, write_decision_command
from analysis.runs.run import Run
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.power import count_deciding_seeds
from analysis.verdicts.checklist import Advice, Case
from analysis.verdicts.dating import Dating
from analysis.verdicts.verdict import ClaimTest, Judgement, Missing, Verdict

_SEEDS_TO_DECIDE = 5
_NEW_ROWS = "to confirm it, declare it before anything is scored on rows that nothing was seen of"


def advise(run: Run, case: Case, judgement: Judgement, dating: Dating) -> Advice:
    """Return what would change a verdict, with the command for it.

    Of a claim with a plan of looks that is what carries the plan on: other numbers of seeds would
    leave it.
    """
    if case.bound is None:
        return Advice()
    names = [trial.name for trial in case.bound.trials]
    if isinstance(case.test, Missing):
        if not case.test.can_be_run:
            return Advice()
        keys = [trial.configuration.key for trial in case.bound.trials]
        seeds = {seed for key in keys for seed in run.list_fits(key)}
        n_seeds = count_seeds_up_to(run.info.study, seeds)
        return Advice(write_command(run, names, n_seeds), "completes it")
    if judgement.verdict in {Verdict.POST_HOC, Verdict.UNDATED}:
        return Advice(text=_NEW_ROWS)
    if judgement.verdict is not Verdict.INCONCLUSIVE or case.test.limits:
        return Advice()
    return _advise_open(run, case, judgement, dating)


def _advise_open(run: Run, case: Case, judgement: Judgement, dating: Dating) -> Advice:
    """Say what would decide a claim that is open, or was stopped while it was."""
    test, plan = case.test, dating.plan
    assert isinstance(test, ClaimTest)
    assert case.bound is not None
    if dating.stop is not None and dating.stop.verdict == "futile":
        command = write_decision_command(run, case.set_name, despite_futility=True)
        return Advice(command, "goes on with it all the same")
    if judgement.is_planned and plan is not None and test.n_seeds < plan[-1]:
        due = min(number for number in plan if number > test.n_seeds)
        command = write_decision_command(run, case.set_name)
        return Advice(command, f"goes on to the planned look at {due} seeds")
    if test.inference.bound is None:
        names = [trial.name for trial in case.bound.trials]
        return _advise_seeds(run, names, test, _find_level(run, judgement))
    return Advice()


def _find_level(run: Run, judgement: Judgement) -> float:
    """Return the level that another look at a claim would be held to, for its p alone.

    What Holm and the earlier looks have made of p, they would make of the next one; where p has
    come to 1, as if the claim were the first of its family and looked at as often as it costs.
    """
    found, p_value = judgement.inference, judgement.p_holm
    if found is None or p_value is None or p_value >= 1 or found.p_value == 0:
        return ALPHA / max(1, sum(1 for _ in run.info.study.expectations()))
    return ALPHA * found.p_value / p_value


def _advise_seeds(run: Run, names: list[str], test: ClaimTest, level: float) -> Advice:
    """Say how many seeds may decide a claim that is open."""
    declared, wanted = len(run.info.study.seeds), _count_seeds(test, level)
    if wanted is None:
        return Advice(
            text="no number of seeds up to 30 would confirm it as it stands; more rows might"
        )
    if wanted > declared:
        return Advice(text=f"{wanted} seeds may decide it; the study declares {declared}")
    return Advice(write_command(run, names, wanted), f"{wanted} seeds may decide it")


def _count_seeds(test: ClaimTest, level: float) -> int | None:
    """Return how many seeds may decide a claim: as many as its hardest part wants."""
    contrasts = test.inference.contrasts
    if any(contrast.is_provisional for contrast in contrasts):
        return _SEEDS_TO_DECIDE
    wanted = [
        count_deciding_seeds(one, rope=test.margin, against=test.against, alpha=level)
        for one in contrasts
    ]
    known = [n for n in wanted if n is not None]
    return max(known) if known and len(known) == len(wanted) else None
