"""What to try first where something simpler beats all that was tuned."""

from analysis.findings.trial_rules import compare_references
from analysis.proposal.round_set import PHASES, RoundSet, claim_any
from analysis.proposal.round_trial import RoundBase


def find_reference(base: RoundBase) -> str | None:
    """Return the sentence on a baseline that beats every trial by more than its error."""
    for reference in compare_references(base.evidence):
        if reference.role == "baseline" and reference.rule == "reference wins":
            return reference.sentence
    return None


def give_what_it_has(base: RoundBase, name: str) -> RoundSet | None:
    """Return the set that gives the network what a baseline has and it lacks.

    A baseline sees the level of the features, which normalising each window by itself (RevIN)
    takes away; and it has no capacity to spare. None where the network has no RevIN, or has it off.
    """
    column = next((c for c, n in base.terms.names.items() if n == "revin"), "revin")
    is_on = base.values.get(column, "True") == "True"
    if base.terms.trainer != "patch_transformer" or not is_on:
        return None
    trial = base.depart({column: "False"}, "Windows keep their level, as the baseline sees it")
    if trial is None:
        return None
    return RoundSet(
        name=name,
        title="What the baseline has: RevIN off",
        phase=PHASES[0],
        trials={f"{name}1": trial},
        claims=(
            claim_any(
                [f"{name}1"],
                "Normalising each window takes away what the baseline lives on",
                "Keep RevIN off in all sets before anything finer is tuned",
            ),
        ),
        evidence=(find_reference(base) or "",),
    )
