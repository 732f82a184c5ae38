"""What the fits of one run have in common: the schema of run.json."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from trial_sets.configuration import StrictModel
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.records.request import Precision, RunRequest
from trial_sets.strict_json import check, parse_json, read_text
from trial_sets.study import Study

MOST_RUN_BYTES = 64 * 1024 * 1024  # of a run.json: it holds every trial of its study


class SplitSummary(StrictModel):
    """The rows of one split: a row is the last day of a window."""

    rows: int
    positives: int | None  # of two classes; None in other tasks
    first: str  # ISO 8601 date of the first row; empty where rows have no time
    last: str
    classes: dict[str, int] = Field(default_factory=dict)  # rows of each of several classes
    mean: float | None = None  # of labels that are numbers
    deviation: float | None = None  # the root of their mean squared distance from the mean
    rows_digest: str = ""  # of which rows they are, where no dates say so

    @model_serializer(mode="wrap")
    def _drop_unused(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what a split of dated rows with two classes has not, as older files do."""
        fields = type(self).model_fields
        return {
            name: value
            for name, value in write(self).items()
            if fields[name].is_required()
            or getattr(self, name) != fields[name].get_default(call_default_factory=True)
        }

    @property
    def smallest_class(self) -> int | None:
        """The rows of the rarest class; None where labels are numbers."""
        if self.positives is not None:
            return min(self.positives, self.rows - self.positives)
        return min(self.classes.values(), default=None)

    def describe_labels(self) -> str:
        """Say what the labels of the rows are."""
        if self.positives is not None:
            return f"{self.positives:,} positive"
        if self.classes:
            least, most = min(self.classes.values()), max(self.classes.values())
            return f"{len(self.classes)} classes of {least:,} to {most:,} rows"
        return f"mean {self.mean:.4g}, standard deviation {self.deviation:.4g}"

    def describe_period(self) -> str:
        """Say from when to when the rows are, with a comma before; nothing without time."""
        return f", {self.first} to {self.last}" if self.first else ""


class FoldSummary(StrictModel):
    """One of several validation periods, and what is trained on before it."""

    number: Annotated[int, Field(ge=1)]
    train: SplitSummary | None  # None where the fold is dropped
    validation: SplitSummary | None
    dropped: str = ""  # why it has no fits


class DataSummary(StrictModel):
    """The data of a run, as far as a reader needs it to judge the results."""

    name: str
    fingerprint: str  # SHA-256 of the dates and values
    tier: str
    label: str  # what makes a row positive, in words
    features: int
    context: int
    splits: dict[Literal["train", "validation", "test"], SplitSummary]  # of folds: see `folds`
    folds: tuple[FoldSummary, ...] = ()  # in time order; none where there is one period alone
    notices: tuple[str, ...] = ()
    reading: str = ""  # what a person's file was understood to be

    @property
    def fold_numbers(self) -> tuple[int | None, ...]:
        """The folds that have fits; None stands for the one period of a run without folds."""
        return tuple(f.number for f in self.folds if not f.dropped) or (None,)

    def count_rows(self, fold: int | None) -> tuple[int, int]:
        """Return how many rows a fit trains on, and on how many it is validated."""
        found = next((one for one in self.folds if one.number == fold), None)
        train = self.splits.get("train") if found is None else found.train
        validation = self.splits.get("validation") if found is None else found.validation
        return (train.rows if train else 0), (validation.rows if validation else 0)


def describe_validation(data: DataSummary) -> HoldoutPeriod:
    """Return the rows that a run validates on, without a sketch of them.

    Of rows without time, and where a run knows no data, all of them: they have no first and last.
    """
    split = data.splits.get("validation")
    first, last = ("", "") if split is None else (split.first, split.last)
    return HoldoutPeriod(data=data.fingerprint, name=data.name, first=first, last=last)


class RunInfo(StrictModel):
    """Everything that makes the fits below one run folder comparable, and the study's copy."""

    schema_version: Literal[5] = 5
    run: Annotated[str, Field(min_length=1)]  # the folder's name
    study: Study
    data: DataSummary
    overrides: dict[str, int | float | str | bool]  # of every configuration, such as epochs
    precision: Precision  # of the large matrix products
    trainer: str | None = None  # FILE.py:function of a trainer of one's own
    training_version: int  # of the code that trains: results of other versions do not mix
    request: RunRequest | None = None  # None in a run from before it was kept


def read_run_info(path: Path) -> RunInfo:
    """Return what a run.json of any version says.

    Version 1 kept no request, and the study's label rule a second time; claims that a version
    before 3 holds are about the means of their sides; version 3 knew no folds, and version 4 no
    metric but AUC.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    content = parse_json(read_text(path, MOST_RUN_BYTES), str(path))
    if isinstance(content, dict) and content.get("schema_version", 1) == 1:
        content = {name: value for name, value in content.items() if name != "label"}
        content["schema_version"] = 2
    if isinstance(content, dict) and content.get("schema_version") == 2:
        content["schema_version"] = 3
        for claim in _list_claims(content):
            if "better" in claim:
                claim.setdefault("sides", "mean")
    if isinstance(content, dict) and content.get("schema_version") == 3:
        content["schema_version"] = 4
    if isinstance(content, dict) and content.get("schema_version") == 4:
        content["schema_version"] = 5
        for claim in _list_claims(content):
            if claim.get("metric") == "auc":
                claim["metric"] = None
    return check(RunInfo, content, str(path))


def _list_claims(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the claims of an older run.json, as far as they have a claim's form."""
    study = content.get("study")
    sets = study.get("sets") if isinstance(study, dict) else None
    for part in sets if isinstance(sets, list) else ():
        claims = part.get("expectations") if isinstance(part, dict) else None
        for claim in claims if isinstance(claims, list) else ():
            if isinstance(claim, dict):
                yield claim
