"""The data of a run: what a plan says of it and, where something is trained on it, all of it.

To prepare it takes half a second: pandas is imported and every indicator computed. A batch leaves
a note of what the data came to, under a digest of all that it was made from: whoever looks at the
same data later reads the note.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import models.data
import models.errors
import models.task
from models.data.embedded import find_embedded_file
from models.errors import DataError
from runner.errors import RunError
from runner.storage.durable import write_whole
from runner.storage.outputs import RunFolder
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.opening import hash_file
from trial_sets.records.layout import list_runs
from trial_sets.records.looks import KeptRows, RowSketch
from trial_sets.records.request import DataRequest
from trial_sets.records.run_info import DataSummary, FoldSummary
from trial_sets.strict_json import check, read_json
from trial_sets.study import Study

if TYPE_CHECKING:
    from models.data.dataset import Dataset
    from models.data.preparation import PreparedFolds

CODE = (  # what decides what data comes to
    *sorted(Path(models.data.__path__[0]).rglob("[a-z]*.py")),
    Path(models.errors.__file__),
    Path(models.task.__file__),
    Path(__file__).with_name("preparation.py"),
    Path(__file__).with_name("data_choice.py"),
)
LIBRARIES = ("numpy", "pandas", "pyarrow", "TA-Lib")


class DataNote(StrictModel):
    """What data came to, once it was prepared."""

    schema_version: Literal[3] = 3
    made_from: str  # SHA-256 of the file, the options, the code and its libraries
    data: DataSummary
    sha256: str = ""  # of everything else, as `sealed` writes it

    def sealed(self) -> "DataNote":
        """Return the note with the checksum by which a later change is noticed."""
        return self.model_copy(update={"sha256": self._digest()})

    @property
    def is_whole(self) -> bool:
        """Whether the note is what was written; a name that leads elsewhere never was."""
        return self.sha256 == self._digest() and Path(self.data.name).name == self.data.name

    def _digest(self) -> str:
        said = self.model_dump(mode="json", exclude={"sha256"})
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def describe_question(study: Study) -> dict[str, Any]:
    """Return what a study asks otherwise than a study did before it could: part of digests."""
    said: dict[str, Any] = {}
    if study.task != "binary":
        said["task"] = study.task
    if study.split is not None:
        said["split"] = study.split.model_dump(exclude_none=True)
    return said


def describe_no_data(study: Study, owner: str) -> DataSummary:
    """Return what a plan says where a trainer or command brings data of its own.

    Its rows are taken for the same in all runs of the study: whoever saw some results has seen
    of the others.
    """
    name = re.sub(r"[^a-z0-9]+", "-", owner.casefold()).strip("-")[:40] or "own"
    folds = range(1, study.folds + 1) if study.folds > 1 else ()
    return DataSummary(
        name=name,
        fingerprint=hashlib.sha256(f"of its own: {study.name}".encode()).hexdigest(),
        tier="own",
        label="",
        features=0,
        context=1,
        splits={},
        folds=tuple(FoldSummary(number=n, train=None, validation=None) for n in folds),
    )


@dataclass(frozen=True)
class RunData:
    """The data that a study is to run on."""

    study: Study
    request: DataRequest
    runs: Path  # the folder of the study's runs, where notes may lie
    owner: str | None = None  # what brings data of its own, in place of any

    @cached_property
    def prepared(self) -> "PreparedFolds":
        """The data itself, of each fold, prepared when it is first asked for.

        Raises
        ------
        DataError, RunError
            If the data or its split cannot be used.
        """
        from runner.planning.preparation import load_folds_for  # noqa: PLC0415 - takes half a second

        return load_folds_for(self.study, self.request)

    def find_dataset(self, fold: int | None) -> "Dataset":
        """Return the data of one fold; raises as `prepared` does."""
        return next(dataset for dataset in self.prepared.datasets if dataset.fold == fold)

    @cached_property
    def summary(self) -> DataSummary:
        """What a plan says of the data.

        Raises
        ------
        DataError, RunError
            If the data or its split cannot be used.
        """
        if self.owner is not None:
            return describe_no_data(self.study, self.owner)
        return self._note[1].data if self._note else self._summarize()

    @property
    def sketches(self) -> dict[Literal["validation", "test"], RowSketch]:
        """What is kept of the values in these rows, as `kept_rows`."""
        return {side: kept.rows for side, kept in self.kept_rows.items()}

    @cached_property
    def kept_rows(self) -> dict[Literal["validation", "test"], KeptRows]:
        """What is kept of these rows; nothing if the file cannot be read twice.

        Raises
        ------
        DataError, RunError
            If the data or its split cannot be used.
        """
        from runner.planning.preparation import sketch_splits  # noqa: PLC0415 - takes half a second

        if self.owner is not None or self._made_from is None:
            return {}
        return sketch_splits(self.study, self.request, self.prepared.datasets)

    def refuse_change(self) -> None:
        """Check that the data are still those that the run was planned for.

        Raises
        ------
        RunError
            If the file is another by now, or the note of it that was believed is a forgery: a seal
            without a secret shows only that a note was changed, and not who wrote it.
        """
        if self.owner is not None or self._summarize() == self.summary:
            return
        name = self.request.path or "the embedded data"
        if self._note is not None and self._made_from == self._digest():
            raise RunError(f"{self._note[0]}: says of {name} what is not so; delete this file")
        raise RunError(f"{name}: has changed since the run was planned")

    def write_note(self, folder: RunFolder) -> None:
        """Leave a note in a run's folder, unless the data's file cannot be told from another."""
        if self.owner is not None:
            return
        if self._made_from is not None and self._made_from == self._digest():
            note = DataNote(made_from=self._made_from, data=self.summary)
            write_whole(folder.data_note, note.sealed())

    def _summarize(self) -> DataSummary:
        from runner.planning.preparation import summarize_data  # noqa: PLC0415 - takes half a second

        return summarize_data(self.prepared)

    @cached_property
    def _note(self) -> tuple[Path, DataNote] | None:
        """The first whole note of this data, and where it lies."""
        notes = self._read_notes() if self._made_from else ()
        return next(((p, note) for p, note in notes if note.made_from == self._made_from), None)

    def _read_notes(self) -> Iterator[tuple[Path, DataNote]]:
        """Yield the notes of the study's runs that are what was written, and where they lie."""
        for run in list_runs(self.runs):
            try:
                note = check(DataNote, read_json(run.data_note), str(run.data_note))
            except InputError:
                continue  # then the data is prepared again
            if note.is_whole:
                yield run.data_note, note

    @cached_property
    def _made_from(self) -> str | None:
        return self._digest()

    @cached_property
    def file_sha256(self) -> str | None:
        """The SHA-256 of a person's own file; None for the embedded data."""
        return None if self.request.path is None or self.owner else self._hash_file()

    def _hash_file(self) -> str | None:
        """Return the SHA-256 of the data's file as it is now.

        None where it cannot be read twice, which whoever prepares it explains.
        """
        try:
            path = self.request.path or find_embedded_file()
        except DataError:
            return None
        return hash_file(path)

    def _digest(self) -> str | None:
        """Return the SHA-256 of everything that decides what the data comes to.

        None where the file cannot be read twice.
        """
        if (file := self._hash_file()) is None:
            return None
        made_from = {
            "file": file,
            "options": self.request.model_dump(mode="json"),
            "tier": self.study.tier,
            "label": self.study.label.model_dump(),
            **describe_question(self.study),
            "context": self.study.longest_context(),
            "folds": self.study.folds,
            "code": [hash_file(path) for path in sorted(CODE)],
            "libraries": [version(name) for name in LIBRARIES],
        }
        text = json.dumps(made_from, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
