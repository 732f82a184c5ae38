"""The form of study.json and of a set's file, as people write them."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from trial_sets.configuration import Overrides, StrictModel

Text = Annotated[str, Field(max_length=2_000)]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
Tier = Literal["a50", "a100"]
TIERS: tuple[Tier, ...] = get_args(Tier)
Seed = Annotated[int, Field(ge=0, lt=2**32)]


class LabelRule(StrictModel):
    """A row is positive when a price within the next days moves far enough from its close."""

    threshold: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.01  # share of the close
    horizon: Annotated[int, Field(ge=1, le=250)] = 1  # days looked ahead
    direction: Literal["up", "down"] = "up"  # the highest high, or the lowest low


class TrialEntry(Overrides):  # type: ignore[misc,valid-type]
    """One trial as a set's file holds it: a note and the fields that differ from the base."""

    note: Text = ""
    budget: Line | None = None


class Expectation(StrictModel):
    """One row of the checklist, written before anything runs."""

    claim: Line = Field(alias="if")  # as a person says it: "A3-A4 beat A1-A2"
    better: Annotated[tuple[Name, ...], Field(min_length=1)]
    than: Annotated[tuple[Name, ...], Field(min_length=1)]
    shows: Line
    then: Line


class SetFile(StrictModel):
    """A set's file, ``A.json``: the file's name is the set's."""

    title: Line
    phase: Line = ""
    budget: Line | None = None
    control: Name | None = None
    base: Overrides = Overrides()  # type: ignore[valid-type]
    trials: Annotated[dict[Name, TrialEntry], Field(min_length=1, max_length=10_000)]
    expectations: tuple[Expectation, ...] = ()


class StudyFile(StrictModel):
    """A study's file, ``study.json``: the folder's name is the study's."""

    title: Line
    description: Text = ""
    tier: Tier = "a50"
    label: LabelRule = LabelRule()
    budget: Line = ""
    rope: Annotated[float, Field(ge=0.0, lt=0.5)] = 0.005
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, max_length=1_000)]
    base: Overrides = Overrides()  # type: ignore[valid-type]
    controls: dict[Name, TrialEntry] = Field(default_factory=dict)
