"""What a proposed round was made of: the results, the best of them, and each move with its reason.

``analyze --propose`` writes it into study.json, and run.json keeps a copy, so that a later reader
can hold what came against what was said before. Nothing that runs depends on it, and a person may
strike it out.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.metric_names import Direction
from trial_sets.texts import Name, ShortLine, Text

_Measured = Annotated[float, Field(allow_inf_nan=False)]
_Values = Annotated[dict[str, OptionValue], Field(max_length=1_000)]


class OriginSource(StrictModel):
    """Results that a round was proposed from: a run or a search of ours, or a file."""

    study: ShortLine | None = None  # of the run, or in the file
    run: ShortLine | None = None  # the folder's name
    search: ShortLine | None = None  # of the run, where the trials are a search's
    file: ShortLine | None = None  # another tool's, without its folder
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None  # of the file

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        is_run = self.study is not None and self.run is not None
        if is_run == (self.file is not None):
            raise ValueError("a source is a study with a run, or a file")
        return self

    def is_of(self, other: Self) -> bool:
        """Return whether both are the same results: of files, whatever they are called."""
        if self.file is None or other.file is None or self.sha256 is None:
            return self == other
        return (self.sha256, self.study) == (other.sha256, other.study)


class OriginChampion(StrictModel):
    """The best of the results by its mean, which the round departs from."""

    name: ShortLine
    values: _Values  # its hyperparameters, by the study's names
    score: _Measured  # the mean over its fits, in the metric's own direction
    fits: Annotated[int, Field(ge=1)]
    configurations: Annotated[int, Field(ge=1)]  # that it is the best of
    control: Name | None = None  # the control of the study that runs it again


class OriginMove(StrictModel):
    """What a rule proposed, and on what evidence."""

    rule: ShortLine
    hyperparameter: ShortLine | None = None  # None of a set that is about several
    values: tuple[OptionValue, ...] = ()
    is_established: bool  # whether the levels were told apart; otherwise it is a hunch
    evidence: Text
    set_name: Name | None = Field(default=None, alias="set")  # whose claim tests it; None: none


class Origin(StrictModel):
    """What a proposed round was made of."""

    version: Literal[1] = 1
    sources: Annotated[tuple[OriginSource, ...], Field(min_length=1, max_length=1_000)]
    metric: ShortLine
    direction: Direction
    trials: Annotated[int, Field(ge=1)]  # that finished
    champion: OriginChampion
    moves: Annotated[tuple[OriginMove, ...], Field(max_length=1_000)] = ()

    def list_moves(self, set_name: str) -> tuple[OriginMove, ...]:
        """Return the moves that the claims of a set test."""
        return tuple(move for move in self.moves if move.set_name == set_name)
