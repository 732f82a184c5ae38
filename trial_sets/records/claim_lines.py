"""The lines of the ledger of claims, claims.jsonl: what was claimed, scored and judged."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from trial_sets.claims.binding import kin_of
from trial_sets.configuration import Configuration, StrictModel
from trial_sets.files import LabelRule
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.study import Trial

VERSION = 1  # of the lines that this release writes
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Time = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT[0-9:.+Z-]{5,30}$")]  # ISO 8601, UTC
OneLine = Annotated[str, Field(max_length=100_000, pattern=r"^[^\x00-\x1f\x7f]*$")]


class TrialKey(StrictModel):
    """A configuration, and what it has in common with those that differ in a run's length alone."""

    key: Key
    kin: Key

    @classmethod
    def of(cls, configuration: Configuration) -> "TrialKey":
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

    version: Literal[1] = 1
    time: Time  # when it was written, by its writer's clock; the order of lines is what counts
    previous: Digest | None = None  # SHA-256 of the line before


class ClaimLine(LedgerLine):
    """A claim, as a study declared it when a batch began or it was fixed by hand."""

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

    kind: Literal["scored"] = "scored"
    study: OneLine
    run: OneLine
    rows: HoldoutPeriod
    trials: tuple[TrialKey, ...]
    claims: tuple[Digest, ...] = ()  # as declared, that the study declared then: one family
    found: bool = False  # whether only records told of it: they are older than the ledger


class LookLine(LedgerLine):
    """A claim was judged on results that it had not been judged on before."""

    kind: Literal["look"] = "look"
    study: OneLine
    run: OneLine
    digest: Digest
    question: Digest
    rows: HoldoutPeriod
    seeds: tuple[int, ...]
    folds: int = 1
    evidence: Digest  # of the results


Line = ClaimLine | ScoredLine | LookLine
LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])
KINDS: dict[str, type[ClaimLine | ScoredLine | LookLine]] = {
    "claim": ClaimLine,
    "scored": ScoredLine,
    "look": LookLine,
}
