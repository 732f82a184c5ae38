"""The form of study.json and of a set's file, as people write them."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from trial_sets.claim import Claim
from trial_sets.configuration import Overrides, StrictModel
from trial_sets.texts import Name, ShortLine, Text, Words

Tier = Literal["a50", "a100"]
TIERS: tuple[Tier, ...] = get_args(Tier)
Seed = Annotated[int, Field(ge=0, lt=2**32)]
FEWEST_LOOKED_AT, MOST_SEEDS = 2, 1_000  # seeds: with one nothing can be confirmed
MOST_LOOKS = 20
Look = Annotated[int, Field(ge=FEWEST_LOOKED_AT, le=MOST_SEEDS)]
MOST_FOLDS = 100
Folds = Annotated[int, Field(ge=1, le=MOST_FOLDS)]


class LabelRule(StrictModel):
    """A row is positive when a price within the next days moves far enough from its close."""

    threshold: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        default=0.01, description="Size of the move, as a share of the close."
    )
    horizon: Annotated[int, Field(ge=1, le=250)] = Field(
        default=1, description="Days looked ahead."
    )
    direction: Literal["up", "down"] = Field(
        default="up", description="up for the highest high, down for the lowest low."
    )


class TrialEntry(Overrides):  # type: ignore[misc,valid-type]
    """One trial as a set's file holds it: a note and the fields that differ from the base."""

    note: Text = Field(default="", description="Why this trial.")
    budget: ShortLine | None = Field(
        default=None, description="Size class, such as 20M, where it is not the set's."
    )


class AnnotatedFile(StrictModel):
    """What study and set files have in common: a place for notes, and the schema for editors."""

    editor_schema: Text | None = Field(
        default=None, alias="$schema", description="Where an editor finds this schema; ignored."
    )
    title: ShortLine = Field(description="What the command and the report call it.")
    description: Text = Field(default="", description="A place for notes; ignored.")


class SetFile(AnnotatedFile):
    """A set's file, ``A.json``: the file's name is the set's."""

    phase: Words = Field(default="", description="Phase of the investigation.")
    budget: ShortLine | None = Field(
        default=None, description="Size class of the trials, where it is not the study's."
    )
    control: Name | None = Field(
        default=None,
        description="The study's control that the trials are held against; it runs with them.",
    )
    base: Overrides = Field(  # type: ignore[valid-type]
        default_factory=Overrides,
        description="What all trials of the set change in the study's base.",
    )
    trials: Annotated[dict[Name, TrialEntry], Field(min_length=1, max_length=10_000)] = Field(
        description="The trials: a name each, and what it changes in the base.",
        json_schema_extra={"additionalProperties": False},
    )
    expectations: tuple[Claim, ...] = Field(
        default=(), description="The claims: the rows of the checklist that concern this set."
    )


class StudyFile(AnnotatedFile):
    """A study's file, ``study.json``: the folder's name is the study's."""

    tier: Tier = Field(default="a50", description="Indicators that are computed from prices.")
    label: LabelRule = Field(default=LabelRule(), description="What makes a row positive.")
    budget: Words = Field(default="", description="Size class of the trials, such as 20M.")
    rope: Annotated[float, Field(ge=0.0, lt=0.5)] = Field(
        default=0.005, description="Differences of AUC below this are practically nothing."
    )
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, max_length=MOST_SEEDS)] = Field(
        description="Seeds of the fits, the same for every trial; --seeds N takes the first N.",
        json_schema_extra={"uniqueItems": True},
    )
    folds: Folds = Field(
        default=1,
        description="Consecutive validation periods, each trained on all that lies before it.",
    )
    looks: tuple[Look, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_LOOKS,
        description="Numbers of seeds at which the claims will be judged, such as [2, 4, 7, 10]: "
        "a plan that lets them be judged before all seeds are run without confirming too often.",
    )
    base: Overrides = Field(  # type: ignore[valid-type]
        default_factory=Overrides,
        description="The configuration that trials and controls depart from.",
    )
    controls: dict[Name, TrialEntry] = Field(
        default_factory=dict,
        description="The current best configurations, run again in the same batch.",
        json_schema_extra={"additionalProperties": False},
    )
