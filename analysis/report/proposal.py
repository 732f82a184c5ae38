"""The proposal as a page: what was seen, what is to run, what it can find, and what to do next."""

from collections.abc import Sequence

from analysis.numbers import count_noun
from analysis.proposal.outlook import forecast_round, price_round
from analysis.proposal.round_plan import RoundPlan
from analysis.report.formats.markdown import escape_text, join_blocks
from analysis.report.sections.proposals.outlook import (
    render_cost_of,
    render_power,
    render_steps_to_take,
)
from analysis.report.sections.proposals.sets import render_base, render_claims, render_sets
from analysis.report.sections.proposals.trends import render_observed
from analysis.runs.run import Run
from trial_sets.linting.remark import Remark
from trial_sets.study import Study
from trial_sets.wording import join_words


def render_proposal(
    plan: RoundPlan,
    study: Study,
    source: str,
    *,
    run: Run | None,
    commands: Sequence[tuple[str, str]],
    remarks: Sequence[Remark],
) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    study
        As the proposed files come to.
    source
        What the results are called.
    run
        That they are from, where it is one of ours.
    commands
        The next steps, in words, and their commands.
    remarks
        What the linter says of the study.
    """
    rows, claims = forecast_round(study, plan, run)
    n_trials = len(plan.evidence.frame.configured)
    said = (
        f"From {count_noun(n_trials, 'finished trial')} of {escape_text(source, longest=200)}. "
        "What they suggest is exploratory: each set below is a question, and its claim, written "
        "before it runs, is what answers it. Edit anything; `--list` says what an edit broke."
    )
    blocks = [
        f"# Supplementary trials: {escape_text(study.name)}",
        said,
        f"## Observed trends\n\n{render_observed(plan)}",
        f"## Base\n\n{render_base(plan)}",
        f"## Phases and sets\n\n{render_sets(plan)}",
        f"## Claims\n\n{render_claims(plan, study)}",
        f"## What the round can find\n\n{render_power(study, plan, rows, claims)}",
        f"## Resources\n\n{render_cost_of(plan, price_round(plan, study.folds), study)}",
        f"## Next steps\n\n"
        f"{render_steps_to_take(commands, remarks, list_assumptions(plan, study))}",
    ]
    return join_blocks(*blocks) + "\n"


def list_assumptions(plan: RoundPlan, study: Study) -> list[str]:
    """Return what was guessed, and is for a person to check."""
    said = list(plan.evidence.frame.assumptions)
    terms = plan.base.terms
    if terms.study is None and terms.trainer is not None:
        rule = study.label
        said.append(
            f"The results do not say their label: taken is a price that goes {rule.direction} by "
            f"{rule.threshold:g} within {count_noun(rule.horizon, 'day')}, at tier {study.tier}, "
            "with the usual split; change label, tier and split in study.json where they were "
            "others."
        )
    if terms.study is None and terms.trainer is None:
        said.append(
            "The hyperparameters are none of a network of this project, so that study.json "
            "declares them as parameters: give what trains with --trainer FILE.py:function or "
            "--command to each command."
        )
    renamed = {one: name for one, name in terms.names.items() if one != name}
    if held := [one for one in plan.evidence.frame.params if one in renamed]:
        named = join_words([f"{renamed[one]} for {one}" for one in held])
        said.append(f"The files say {named}.")
    if not plan.is_rope_said:
        said.append(f"rope={plan.rope:g} is a guess; say which difference matters.")
    return said
