"""A claim: one expected outcome of a study, in one of five forms, written before anything runs."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trial_sets.configuration import StrictModel
from trial_sets.metric_names import Direction, is_less_better
from trial_sets.task import Metric
from trial_sets.texts import Name, ShortLine, Words

Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=1_000)]
Margin = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Bound = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Sides = Literal["every", "mean"]


class ClaimForm(StrEnum):
    """What a claim says of its trials."""

    BEATS = "beats"  # each of some trials, or their mean, beats others
    EQUAL = "equal"  # some trials lie within a bound of each other
    ANY = "any"  # at least one of some trials beats a reference
    RISES = "rises"  # the metric gets better along a hyperparameter
    FALLS = "falls"  # it gets worse


class Claim(StrictModel):
    """One row of the checklist: the keys of just one form, and words beside it.

    The forms: `better` and `than`; `any_of` and `than`; `equal` and `within`; `rises_with`;
    `falls_with`.
    """

    words: ShortLine | None = Field(
        default=None,
        alias="if",
        description='In a person\'s own words, such as "A3-A4 beat A1-A2"; shown beside the '
        "sentence that is made of the other keys, which is what is judged.",
    )
    better: Names | None = Field(
        default=None, description="Names of the trials or controls that win if the claim is true."
    )
    than: Names | None = Field(
        default=None, description="Names of the trials or controls that they beat."
    )
    sides: Sides = Field(
        default="every",
        description="every: each trial of `better` beats each of `than`; mean: the mean of the "
        "ones beats the mean of the others.",
    )
    by: Margin | None = Field(
        default=None,
        description="How much better at least, in units of the metric (of a ratio, as a share: "
        "0.1 is 10 %): the test is against it. The estimate has to reach the ROPE too.",
    )
    any_of: Names | None = Field(
        default=None,
        description="Names of trials of which at least one beats the single trial of `than`.",
    )
    equal: Annotated[tuple[Name, ...], Field(min_length=2, max_length=100)] | None = Field(
        default=None, description="Names of trials that lie within `within` of each other."
    )
    within: Bound | None = Field(
        default=None, description="The largest difference that still counts as equal."
    )
    rises_with: ShortLine | None = Field(
        default=None,
        description="A hyperparameter with which the metric gets better, over the trials of the "
        "set and its control that differ in nothing else.",
    )
    falls_with: ShortLine | None = Field(
        default=None, description="A hyperparameter with which the metric gets worse."
    )
    up_to: float | None = Field(
        default=None, description="The largest value of the hyperparameter that counts."
    )
    among: Names | None = Field(
        default=None, description="The trials that count, where they are not all of the set."
    )
    metric: ShortLine | None = Field(
        default=None,
        description="Another metric than the study's that records hold, such as seconds, "
        "n_parameters or val_log_loss; better is less where less is better.",
    )
    direction: Direction | None = Field(
        default=None,
        description="Of another metric than the study's, where its name does not tell.",
    )
    ratio: bool = Field(
        default=False,
        description="Whether `by` or `within` is a share of the metric rather than a difference.",
    )
    shows: Words = Field(default="", description="What it shows if it is true.")
    then: Words = Field(default="", description="What follows from it.")

    @property
    def form(self) -> ClaimForm:
        """Which of the forms it has."""
        if self.better is not None:
            return ClaimForm.BEATS
        if self.any_of is not None:
            return ClaimForm.ANY
        if self.equal is not None:
            return ClaimForm.EQUAL
        return ClaimForm.RISES if self.rises_with is not None else ClaimForm.FALLS

    @property
    def hyperparameter(self) -> str | None:
        """The hyperparameter of a claim about a trend."""
        return self.rises_with if self.rises_with is not None else self.falls_with

    @property
    def is_of_study_metric(self) -> bool:
        """Whether it is about the metric that the study is about, whose ROPE it declares."""
        return self.metric is None

    @property
    def is_less_better(self) -> bool:
        """Whether less of another metric than the study's is better."""
        if self.direction is not None:
            return self.direction == "minimize"
        return self.metric is not None and bool(is_less_better(self.metric))

    def about(self, metric: Metric) -> "Claim":
        """Return the claim in a study of this metric: one that names it is of the study's.

        Raises
        ------
        ValueError
            If it says of the study's metric what does not go with it, or of another one not how
            much better is better.
        """
        if self.metric is None:
            return self
        if self.metric.removeprefix("val_") != metric.name:
            if self.form is not ClaimForm.EQUAL and not self.by:
                raise ValueError(
                    f"a claim about {self.metric} needs `by` above 0: how much better is better"
                )
            return self
        if self.ratio:
            raise ValueError(f"ratio=true goes with another metric than the study's {metric.name}")
        if self.direction not in {None, metric.direction}:
            raise ValueError(
                f"direction={self.direction}: of {metric.name} it is {metric.direction}"
            )
        return self.model_copy(update={"metric": None, "direction": None})

    def names(self) -> tuple[str, ...]:
        """Return every name that the claim holds, in the order of its keys."""
        sides = (self.better, self.any_of, self.equal, self.among, self.than)
        return tuple(name for side in sides if side is not None for name in side)

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        heads = ("better", "any_of", "equal", "rises_with", "falls_with")
        given = [head for head in heads if getattr(self, head) is not None]
        if len(given) != 1:
            found = " and ".join(given) if given else "none of them"
            raise ValueError(
                f"a claim needs one of {', '.join(heads[:-1])} and {heads[-1]}; got {found}"
            )
        (head,) = given
        _require(self, head, "than", head in {"better", "any_of"})
        _require(self, head, "within", head == "equal")
        trend = {"rises_with", "falls_with"}
        _refuse(self, head, "up_to", head in trend)
        _refuse(self, head, "among", head in trend)
        _refuse(self, head, "by", head != "equal")
        if self.sides != "every" and head != "better":
            raise ValueError(f"sides goes with better, not with {head}")
        if head == "any_of" and self.than is not None and len(self.than) != 1:
            raise ValueError(f"any_of beats one trial; than names {len(self.than)}")
        if self.ratio and self.is_less_better and (self.by or 0.0) >= 1:
            raise ValueError(f"by={self.by:g} of a ratio is a share below 1, such as 0.1 for 10 %")
        self._check_metric()
        return self

    def _check_metric(self) -> None:
        """Check what goes with another metric than the study's alone, and what that needs."""
        if self.metric is None:
            for key in ("ratio", "direction"):
                if getattr(self, key):
                    raise ValueError(f"{key} goes with another metric than the study's: name it")
        elif (self.direction or is_less_better(self.metric)) is None:
            raise ValueError(
                f"whether more or less {self.metric} is better is not known; say direction"
            )


def _require(claim: Claim, head: str, key: str, is_needed: bool) -> None:
    """Raise unless a key stands just where its form needs it."""
    if is_needed and getattr(claim, key) is None:
        raise ValueError(f"{head} needs {key}")
    _refuse(claim, head, key, is_needed)


def _refuse(claim: Claim, head: str, key: str, is_allowed: bool) -> None:
    if not is_allowed and getattr(claim, key) is not None:
        raise ValueError(f"{key} does not go with {head}")
