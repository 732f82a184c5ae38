"""The lines of the ledger of claims, claims.jsonl: what was claimed, scored, judged and stopped."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from trial_sets.claims.binding import kin_of
from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.files import LabelRule
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.study import Trial

VERSION = 2  # the latest of the lines that this release writes
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Time = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT[0-9:.+Z-]{5,30}$")]  # ISO 8601, UTC
OneLine = Annotated[str, Field(max_length=100_000, pattern=r"^[^\x00-\x1f\x7f]*$")]

StopVerdict = Literal["confirmed", "refuted", "futile", "undecided"]  # the last: at the last look


class TrialKey(StrictModel):
    """A configuration, and what it has in common with those that differ in a run's length alone."""

    key: Key
    kin: Key

    @classmethod
    def of(cls, configuration: AnyConfiguration) -> "TrialKey":
        """Return the keys of a configuration."""
        return cls(key=configuration.key, kin=kin_of(configuration))


def list_trial_keys(trials: Iterable[Trial]) -> tuple[TrialKey, ...]:
    """Return the keys of some trials' configurations."""
    return tuple(TrialKey.of(trial.configuration) for trial in trials)


class KnownTrial(TrialKey):
    """A configuration that had been scored already when a claim about it was entered."""

    run: OneLine
    time: Time  # when it had been
    other_length: bool = False  # whether only its kin had been


class LedgerLine(StrictModel):
    """What every line says."""

    version: Literal[1, 2] = 1
    time: Time  # when it was written, by its writer's clock; the order of lines is what counts
    previous: Digest | None = None  # SHA-256 of the line before


class ClaimLine(LedgerLine):
    """A claim, as a study declared it when a batch began or it was fixed by hand."""

    version: Literal[1] = 1
    kind: Literal["claim"] = "claim"
    study: OneLine
    sentence: OneLine
    digest: Digest  # of the claim, with what the run overrides in every configuration
    declared: Digest  # without that: as the study's files say it
    question: Digest
    rope: float
    looks: tuple[int, ...] | None  # the plan of looks, in seeds
    seeds: tuple[int, ...] | None = None  # of the study, like the label; None before it was kept
    label: LabelRule | None = None
    rows: HoldoutPeriod  # that it is to be judged on
    claiming: tuple[TrialKey, ...]
    references: tuple[TrialKey, ...]
    known: tuple[KnownTrial, ...] = ()  # of the claiming side, scored on these rows before


class ScoredLine(LedgerLine):
    """Configurations that a batch is about to score for the first time on these rows."""

    version: Literal[1] = 1
    kind: Literal["scored"] = "scored"
    study: OneLine
    run: OneLine
    rows: HoldoutPeriod
    trials: tuple[TrialKey, ...]
    claims: tuple[Digest, ...] = ()  # as declared, that the study declared then: one family
    found: bool = False  # whether only records told of it: they are older than the ledger


class LookLine(LedgerLine):
    """A claim was judged on results that it had not been judged on before."""

    version: Literal[1] = 1
    kind: Literal["look"] = "look"
    study: OneLine
    run: OneLine
    digest: Digest
    question: Digest
    rows: HoldoutPeriod
    seeds: tuple[int, ...]
    folds: int = 1
    evidence: Digest  # of the results


class StopLine(LedgerLine):
    """At a look it was decided that no further look at a claim is needed, or it was the last."""

    version: Literal[2] = 2  # whoever does not know of stops must not judge by the ledger
    kind: Literal["stop"] = "stop"
    study: OneLine
    run: OneLine
    digest: Digest
    question: Digest
    rows: HoldoutPeriod
    seeds: tuple[int, ...]  # of the look, like folds and evidence
    folds: int = 1
    evidence: Digest
    plan: Annotated[tuple[int, ...], Field(min_length=1)]  # of looks, in seeds
    verdict: StopVerdict
    p_holm: Annotated[float, Field(ge=0, le=1)] | None  # over the family as it was, and the looks
    threshold: Annotated[float, Field(gt=0, le=1)]  # that it had to stay below
    is_planned: bool  # whether that is the plan's threshold
    design: float  # difference at which futility was judged
    pooled: tuple[Key, ...] = ()  # configurations that told how much seeds differ

    @model_validator(mode="after")
    def _refuse_unplanned(self) -> "StopLine":
        if len(self.seeds) not in self.plan:
            raise ValueError(f"seeds: {len(self.seeds)} of them, expected a number of the plan's")
        return self


Line = ClaimLine | ScoredLine | LookLine | StopLine
LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])
KINDS: dict[str, type[ClaimLine | ScoredLine | LookLine | StopLine]] = {
    "claim": ClaimLine,
    "scored": ScoredLine,
    "look": LookLine,
    "stop": StopLine,
}
