"""The form of study.json and of a set's file, as people write them.

A study that declares ``parameters`` of its own has another form of trial: see `FreeStudyFile`.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from trial_sets.claim import Claim
from trial_sets.configuration import OptionValue, Overrides, StrictModel
from trial_sets.metric_names import Direction
from trial_sets.origins.origin import Origin
from trial_sets.parameter import Parameters
from trial_sets.task import Task
from trial_sets.texts import Name, ShortLine, Text, Words

Tier = Literal["a50", "a100"]
TIERS: tuple[Tier, ...] = get_args(Tier)
Seed = Annotated[int, Field(ge=0, lt=2**32)]
FEWEST_LOOKED_AT, MOST_SEEDS = 2, 1_000  # seeds: with one nothing can be confirmed
MOST_LOOKS = 20
Look = Annotated[int, Field(ge=FEWEST_LOOKED_AT, le=MOST_SEEDS)]
MOST_FOLDS = 100
Folds = Annotated[int, Field(ge=1, le=MOST_FOLDS)]


PriceTarget = Literal["log_range", "return", "realized_volatility"]
_OF_A_MOVE = ("threshold", "direction")


class LabelRule(StrictModel):
    """What is to be predicted of a row: whether a price moves far enough, a column, or a number.

    Without `column` and `target`, a row is positive when a price within the next days moves far
    enough from its close.
    """

    threshold: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        default=0.01, description="Size of the move, as a share of the close."
    )
    horizon: Annotated[int, Field(ge=1, le=250)] = Field(
        default=1, description="Days looked ahead."
    )
    direction: Literal["up", "down"] = Field(
        default="up", description="up for the highest high, down for the lowest low."
    )
    column: ShortLine | None = Field(
        default=None,
        description="The column of a table that holds the label: 0 and 1, classes, or numbers.",
    )
    target: PriceTarget | None = Field(
        default=None,
        description="A number computed from the prices of the next horizon rows: log_range is the "
        "logarithm of the highest high over the lowest low, return the relative change of the "
        "close, realized_volatility the root of the sum of squared logarithmic returns.",
    )

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.column is not None and self.target is not None:
            raise ValueError("column and target exclude each other")
        kind = "column" if self.column is not None else "target"
        said = [name for name in _OF_A_MOVE if name in self.model_fields_set]
        if not self.is_move and any(
            getattr(self, name) != LabelRule.model_fields[name].default for name in said
        ):
            verb = "goes" if len(said) == 1 else "go"
            raise ValueError(f"{' and '.join(said)} {verb} with a move of prices, not with {kind}")
        return self

    @property
    def is_move(self) -> bool:
        """Whether it asks if a price moves far enough."""
        return self.column is None and self.target is None

    @model_serializer(mode="wrap")
    def _leave_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what a rule does not say that older files do not know."""
        said: dict[str, Any] = handler(self)
        return {k: v for k, v in said.items() if v is not None or k not in {"column", "target"}}


SplitKind = Literal["dates", "fractions", "random", "stratified", "groups", "column"]
UNORDERED: tuple[SplitKind, ...] = ("random", "stratified", "groups", "column")
_OF_KIND: dict[SplitKind, tuple[str, ...]] = {
    "dates": ("train_start", "val_start", "test_start", "test_end"),
    "fractions": ("val", "test"),
    "random": ("val", "test", "seed"),
    "stratified": ("val", "test", "seed"),
    "groups": ("column", "val", "test", "seed"),
    "column": ("column",),
}
_BORDERS = _OF_KIND["dates"]
USUAL_PART = 0.2  # of rows without time, unless given
Part = Annotated[float, Field(gt=0.0, lt=1.0)]


class SplitRule(StrictModel):
    """Which rows train, validate and test: by time, or of rows without time by chance."""

    kind: SplitKind = Field(
        description="dates or fractions of rows in time order; random, stratified by class, whole "
        "groups, or as a column says, of rows without time."
    )
    train_start: ShortLine | None = Field(default=None, description="First day that trains.")
    val_start: ShortLine | None = Field(default=None, description="First day that validates.")
    test_start: ShortLine | None = Field(default=None, description="First day that tests.")
    test_end: ShortLine | None = Field(default=None, description="First day after the test.")
    val: Part | None = Field(
        default=None,
        description="Share of the rows that validate; of rows without time 0.2 unless given.",
    )
    test: Part | None = Field(default=None, description="Share of the rows that test; likewise.")
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = Field(
        default=None, description="Of the chance that splits; 0 unless given."
    )
    column: ShortLine | None = Field(
        default=None,
        description="Of the groups; or of what says train, val and test, or the number of a fold.",
    )

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        known = _OF_KIND[self.kind]
        given = [
            name for name in self.model_fields_set - {"kind"} if getattr(self, name) is not None
        ]
        for name in sorted(given):
            if name not in known:
                raise ValueError(
                    f"{name} does not go with kind={self.kind}, which knows {', '.join(known)}"
                )
        if "column" in known and self.column is None:
            raise ValueError(f"kind={self.kind} needs column")
        if self.kind == "dates" and self.test_start is None:
            raise ValueError("kind=dates needs test_start")
        usual = 0.0 if self.is_ordered else USUAL_PART
        val, test = self.val or usual, self.test or usual
        if val + test >= 1:
            raise ValueError(f"val={val:g} and test={test:g} leave no row to train on")
        return self

    @property
    def is_ordered(self) -> bool:
        """Whether the rows follow each other in time."""
        return self.kind not in UNORDERED

    @property
    def borders(self) -> dict[str, str]:
        """The borders of the periods that are given, by name."""
        return {name: said for name in _BORDERS if (said := getattr(self, name)) is not None}


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
        default=(), description="The rows of the checklist that concern this set."
    )
    claims: tuple[Claim, ...] = Field(
        default=(), description="Another name of expectations, of which one is given."
    )

    @model_validator(mode="after")
    def _refuse_both(self) -> Self:
        if {"expectations", "claims"} <= self.model_fields_set:
            raise ValueError("expectations and claims are two names of one key: give one of them")
        return self

    def list_claims(self) -> Iterator[tuple[str, Claim]]:
        """Yield each claim after what errors call it: ``expectation 1``, or ``claim 1``."""
        for kind, claims in (("expectation", self.expectations), ("claim", self.claims)):
            for number, claim in enumerate(claims, 1):
                yield f"{kind} {number}", claim


class MetricChoice(StrictModel):
    """The metric that the claims are about, as a study names it."""

    name: ShortLine = Field(
        description="binary: auc, average_precision, log_loss, brier, accuracy; multiclass: "
        "macro_f1, accuracy, macro_auc, log_loss; regression: rmse, mae, mse, r2; none: any."
    )
    direction: Direction | None = Field(
        default=None, description="Whether more or less is better, where its name does not tell."
    )


BuiltInTrainer = Literal["patch_transformer", "lstm"]


class StudyFile(AnnotatedFile):
    """A study's file, ``study.json``: the folder's name is the study's."""

    task: Task = Field(
        default="binary",
        description="What is predicted: one of two classes, of several, a number, or none where "
        "the trainer returns nothing but its metric.",
    )
    metric: MetricChoice | None = Field(
        default=None,
        description="What the claims are about and epochs are selected by; auc, macro_f1 or rmse "
        "unless given.",
    )
    trainer: BuiltInTrainer = Field(
        default="patch_transformer",
        description="Of those that come with the project; one's own is named on the command line.",
    )
    split: SplitRule | None = Field(
        default=None, description="Which rows train, validate and test; options go before it."
    )
    tier: Tier = Field(default="a50", description="Indicators that are computed from prices.")
    label: LabelRule = Field(default=LabelRule(), description="What makes a row positive.")
    budget: Words = Field(default="", description="Size class of the trials, such as 20M.")
    rope: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Differences of the metric below this are practically nothing; of AUC 0.005 "
        "unless given.",
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
    origin: Origin | None = Field(
        default=None,
        description="Of a study that analyze --propose wrote: from which results it was proposed, "
        "and why. Nothing that runs depends on it; it may be struck out.",
    )


class FreeEntry(StrictModel):
    """One trial of a study that declares its own parameters: a note, and a value of each."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OptionValue]

    note: Text = Field(default="", description="Why this trial.")
    budget: ShortLine | None = Field(
        default=None, description="Size class, such as 20M, where it is not the set's."
    )

    @property
    def values(self) -> dict[str, OptionValue]:
        """The values of the parameters that it names."""
        return dict(self.__pydantic_extra__)


FreeTrials = Annotated[dict[Name, FreeEntry], Field(min_length=1, max_length=10_000)]


class FreeSetFile(SetFile):
    """A set's file in a study that declares its own parameters."""

    base: dict[str, OptionValue] = Field(
        default_factory=dict, description="What all trials of the set change in the study's base."
    )
    trials: FreeTrials = Field(  # type: ignore[assignment]
        description="The trials: a name each, and what it changes in the base.",
        json_schema_extra={"additionalProperties": False},
    )


class FreeStudyFile(StudyFile):
    """A study's file that declares its own parameters, for a trainer of one's own."""

    parameters: Annotated[Parameters, Field(min_length=1, max_length=1_000)] = Field(
        description="The hyperparameters that trials set, by name; every trial has a value of "
        "each.",
        json_schema_extra={"additionalProperties": False},
    )
    base: dict[str, OptionValue] = Field(
        default_factory=dict, description="The values that trials and controls depart from."
    )
    controls: dict[Name, FreeEntry] = Field(  # type: ignore[assignment]
        default_factory=dict,
        description="The current best configurations, run again in the same batch.",
        json_schema_extra={"additionalProperties": False},
    )
