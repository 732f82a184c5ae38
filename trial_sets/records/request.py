"""What was asked for when a run began: the options from which the same run is planned again.

The options are declared here, once: the command takes them from here, and a report writes them.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from trial_sets.configuration import StrictModel
from trial_sets.redaction import find_home

DEFAULT_STUDY = "a50"
Precision = Literal["fp32", "tf32", "bf16"]


def _option(flag: str, default: Any = None) -> Any:  # noqa: ANN401 - as pydantic's Field
    return Field(default=default, json_schema_extra={"flag": flag})


class DataRequest(StrictModel):
    """Which data, how it is read, labelled and split; None stands for the default."""

    path: Path | None = _option("--data")  # None for the embedded S&P 500
    feature_table: bool = _option("--feature-table", default=False)
    date_column: str | None = _option("--date-column")
    date_format: str | None = _option("--date-format")  # as strptime takes it
    ticker: str | None = _option("--ticker")  # of a file with several
    label_column: str | None = _option("--label")  # a 0/1 column instead of the label rule
    tier: str | None = _option("--tier")
    threshold: float | None = _option("--threshold")  # of the label rule
    horizon: int | None = _option("--horizon")  # in rows
    direction: str | None = _option("--direction")
    train_start: str | None = _option("--train-start")  # ISO 8601; a split ends where the next
    val_start: str | None = _option("--val-start")  # one starts
    test_start: str | None = _option("--test-start")
    test_end: str | None = _option("--test-end")  # exclusive
    val_fraction: float | None = _option("--val-fraction")  # of the rows, where there are no dates
    test_fraction: float | None = _option("--test-fraction")


class StudyOverrides(StrictModel):
    """What stands in every configuration, instead of what the trials say."""

    epochs: int | None = _option("--epochs")
    context: int | None = _option("--context")

    def given(self) -> dict[str, int]:
        """Return those that were given."""
        return self.model_dump(exclude_none=True)


class RunRequest(StrictModel):
    """Everything that was asked for and is part of what identifies a run."""

    study: str = _option("--study", DEFAULT_STUDY)
    sets_file: str | None = _option("--trials")  # FILE or FILE:NAME, in place of the study's sets
    data: DataRequest = DataRequest()
    data_sha256: str | None = None  # of the file, which may have another path elsewhere
    folder: str | None = None  # from which relative paths count, seen from the run's folder
    overrides: StudyOverrides = StudyOverrides()
    trainer: str | None = _option("--trainer")  # FILE.py:function, in place of the transformer
    command: str | None = _option("--command")  # template of a command, in place of both
    python: str | None = _option("--python")  # that runs the trainer or the command's python
    folds: int | None = _option("--folds")  # in place of the study's
    precision: Precision = _option("--precision", "fp32")  # of the large matrix products

    def located(self, run: Path, study_is_folder: bool) -> "RunRequest":
        """Return the request with paths that hold from the current folder.

        Parameters
        ----------
        run
            The run's folder.
        study_is_folder
            Whether the study is a person's own, and so a path.
        """
        start = Path(os.path.normpath(Path.cwd() / run / find_home(self.folder or "")))

        def locate(path: str) -> str:
            place = os.path.normpath(start / find_home(path))
            here = f"{Path.cwd()}{os.sep}"
            return place.removeprefix(here) if self.folder is not None else find_home(path)

        path = self.data.path
        return self.model_copy(
            update={
                "study": locate(self.study) if study_is_folder else self.study,
                "sets_file": self.sets_file and locate(self.sets_file),
                "trainer": self.trainer and locate(self.trainer),
                "python": self.python and find_home(self.python),
                "data": self.data.model_copy(
                    update={"path": None if path is None else Path(locate(str(path)))}
                ),
            }
        )

    def render(self) -> list[str]:
        """Return the options, as the command takes them, that ask for just this."""
        return [word for words in _render(self) for word in words]


def flag_of(model: type[BaseModel], name: str) -> str:
    """Return the option that sets a field."""
    extra = model.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["flag"])


def _render(model: BaseModel) -> Iterator[list[str]]:
    """Yield the options of the fields that are not as they are without one."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _render(value)
        elif field.json_schema_extra is not None and value != field.default:
            flag = flag_of(type(model), name)
            yield [flag] if value is True else [flag, str(value)]
