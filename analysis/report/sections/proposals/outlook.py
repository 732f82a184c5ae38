"""What the round can find, what it costs, and what to do next."""

from collections.abc import Sequence

from analysis.numbers import (
    choose_decimals,
    count_noun,
    format_difference,
    format_duration,
)
from analysis.proposal.outlook import REFERENCE_ROWS, ClaimOutlook, RoundCost, plan_rows
from analysis.proposal.round_plan import RoundPlan
from analysis.report.formats.markdown import code_span, escape_text, join_blocks, list_items
from analysis.verdicts.forecast import Rows
from trial_sets.study import Study
from trial_sets.wording import join_words

_EVEN = 0.5


def render_power(
    study: Study, plan: RoundPlan, rows: Rows | None, claims: Sequence[ClaimOutlook]
) -> str:
    """Return what the planned seeds and folds can detect, claim by claim."""
    seeds = count_noun(len(plan.seeds), "seed")
    if rows is None or not claims:
        return (
            f"Planned are {seeds} of every trial. What differences they can tell from chance is "
            f"not known before the first fits have run: nothing tells the error of "
            f"{escape_text(study.metric.title)} here. {_say_rope(plan)}"
        ).strip()
    known = "" if rows is not REFERENCE_ROWS else ", those of the reference, as these tell none"
    source = escape_text(claims[0].source, longest=None)
    design = plan_rows(study, plan, rows)
    text = (
        f"Planned are {seeds} and {count_noun(design.n_folds, 'fold')} of "
        f"{design.fold_rows} validation rows{known}; the error is {source}. "
        "On the data itself `--dry-run` says it again, and which plan would decide each claim."
    )
    powers = list_items(_say_power(study, one) for one in claims)
    return join_blocks(text, powers, _warn_of_power(claims), _say_rope(plan))


def _warn_of_power(claims: Sequence[ClaimOutlook]) -> str:
    """Say so where not even one of the differences that matter will be found."""
    likeliest = max(one.power.confirms for one in claims)
    if likeliest >= _EVEN:
        return ""
    return (
        "As planned, the round tells large differences alone: of those that it ought to confirm, "
        f"the likeliest is confirmed with {100 * likeliest:.0f} %. An inconclusive verdict then "
        "says nothing against a trial; more seeds, folds and rows make it say more."
    )


def render_cost_of(plan: RoundPlan, cost: RoundCost, study: Study) -> str:
    """Return the trials, fits and seconds."""
    folds = f" x {study.folds} folds" if study.folds > 1 else ""
    lines = [
        f"**Trials**: {plan.n_trials}, the control among them",
        f"**Fits**: {plan.n_trials} x {count_noun(len(plan.seeds), 'seed')}{folds} = "
        f"{cost.n_fits}; seeds {join_words(list(map(str, plan.seeds)))}, which no recorded fit had",
    ]
    if cost.seconds_a_fit is None or cost.seconds is None:
        lines.append("**Time**: not known; no trial recorded its seconds")
    else:
        lines += [
            f"**Time a fit**: {format_duration(cost.seconds_a_fit)}, the median of those measured",
            f"**Total**: about {format_duration(cost.seconds)} of one worker, on that machine",
        ]
    return list_items(lines)


def render_steps_to_take(
    commands: Sequence[tuple[str, str]], remarks: Sequence[object], assumptions: Sequence[str]
) -> str:
    """Return the next steps with their commands, numbered.

    Parameters
    ----------
    commands
        What each does, in Markdown, and its command.
    remarks
        Of the linter.
    assumptions
        That a person has to look at.
    """
    steps = [f"{n}. {what}: {code_span(one)}" for n, (what, one) in enumerate(commands, 1)]
    open_points = [escape_text(str(remark), longest=None) for remark in remarks]
    checks = [*(escape_text(one, longest=None) for one in assumptions), *open_points]
    return join_blocks(
        list_items(checks) and f"Check this before you approve:\n\n{list_items(checks)}",
        "\n".join(steps),
    )


def _say_power(study: Study, one: ClaimOutlook) -> str:
    power, decimals = one.power, choose_decimals(study.rope)
    sentence = escape_text(one.sentence, longest=None)
    if power.limits:
        return f"{sentence}: nothing can be confirmed or refuted: {join_words(power.limits)}."
    reach = (
        "nothing"
        if power.detectable is None
        else f"a difference of {format_difference(power.detectable, decimals=decimals)}"
    )
    truth = format_difference(one.truth, decimals=decimals)
    return (
        f"{sentence}: four of five rounds confirm {reach}; a true {truth} is confirmed with "
        f"{100 * power.confirms:.0f} %."
    )


def _say_rope(plan: RoundPlan) -> str:
    if plan.is_rope_said:
        return ""
    return (
        f"The ROPE of {plan.rope:g} is a guess, a fifth of the spread between configurations: say "
        "in study.json which difference matters."
    )
