"""What the command tells a person or, as JSON, a program of a study, before there is a plan."""

from collections import defaultdict

from runner.summaries.claim_summary import ClaimStatus, summarize_claims
from trial_sets.claim import Claim
from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.linting.linter import lint_study
from trial_sets.records.layout import Outputs
from trial_sets.study import Study, Trial


class TrialLine(StrictModel):
    """One trial of a study."""

    name: str
    same_as: tuple[str, ...]  # other names of its configuration
    note: str
    configuration: AnyConfiguration


class SetSummary(StrictModel):
    """One set of a study."""

    name: str
    title: str
    phase: str
    control: str | None
    trials: tuple[TrialLine, ...]
    expectations: tuple[Claim, ...]


class StudySummary(StrictModel):
    """A study: its sets, trials with notes, controls and expected outcomes."""

    name: str
    title: str
    sets: tuple[SetSummary, ...]
    controls: tuple[TrialLine, ...]
    claims: tuple[ClaimStatus, ...]  # one an expectation, in their order
    looks: tuple[int, ...] | None  # the plan of looks, in seeds
    notices: tuple[str, ...]  # how a file of trials was understood
    findings: tuple[str, ...]  # of the linter


def summarize_study(study: Study, outputs: Outputs) -> StudySummary:
    """Return what ``--list`` shows.

    Parameters
    ----------
    study
        The study.
    outputs
        Where the ledger of its claims lies, if there is one.
    """
    names: dict[AnyConfiguration, list[str]] = defaultdict(list)
    for trial in study.trials():
        names[trial.configuration].append(trial.name)

    def line(trial: Trial) -> TrialLine:
        others = tuple(name for name in names[trial.configuration] if name != trial.name)
        return TrialLine(
            name=trial.name, same_as=others, note=trial.note, configuration=trial.configuration
        )

    return StudySummary(
        name=study.name,
        title=study.title,
        sets=tuple(
            SetSummary(
                name=trial_set.name,
                title=trial_set.title,
                phase=trial_set.phase,
                control=trial_set.control,
                trials=tuple(line(trial) for trial in trial_set.trials),
                expectations=trial_set.expectations,
            )
            for trial_set in study.sets
        ),
        controls=tuple(line(trial) for trial in study.controls),
        claims=summarize_claims(study, outputs),
        looks=study.looks,
        notices=study.notices,
        findings=describe_findings(study),
    )


def describe_findings(study: Study) -> tuple[str, ...]:
    """Return what the linter finds, a sentence each."""
    return tuple(map(str, lint_study(study)))
