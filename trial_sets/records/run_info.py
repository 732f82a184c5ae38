"""What the fits of one run have in common: the schema of run.json."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from trial_sets.configuration import StrictModel
from trial_sets.records.request import Precision, RunRequest
from trial_sets.strict_json import check, read_json
from trial_sets.study import Study


class SplitSummary(StrictModel):
    """The rows of one split: a row is the last day of a window."""

    rows: int
    positives: int
    first: str  # ISO 8601 date of the first row
    last: str


class DataSummary(StrictModel):
    """The data of a run, as far as a reader needs it to judge the results."""

    name: str
    fingerprint: str  # SHA-256 of the dates and values
    tier: str
    label: str  # what makes a row positive, in words
    features: int
    context: int
    splits: dict[Literal["train", "validation", "test"], SplitSummary]
    notices: tuple[str, ...] = ()
    reading: str = ""  # what a person's file was understood to be


class RunInfo(StrictModel):
    """Everything that makes the fits below one run folder comparable, and the study's copy."""

    schema_version: Literal[3] = 3
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
    before 3 holds are about the means of their sides.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    content = read_json(path)
    if isinstance(content, dict) and content.get("schema_version", 1) == 1:
        content = {name: value for name, value in content.items() if name != "label"}
        content["schema_version"] = 2
    if isinstance(content, dict) and content.get("schema_version") == 2:
        content["schema_version"] = 3
        for claim in _list_claims(content):
            claim.setdefault("sides", "mean")
    return check(RunInfo, content, str(path))


def _list_claims(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the claims of an older run.json, as far as they have a claim's form."""
    study = content.get("study")
    sets = study.get("sets") if isinstance(study, dict) else None
    for part in sets if isinstance(sets, list) else ():
        claims = part.get("expectations") if isinstance(part, dict) else None
        for claim in claims if isinstance(claims, list) else ():
            if isinstance(claim, dict) and "better" in claim:
                yield claim
