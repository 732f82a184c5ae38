"""The options of ``run_supplementary``, by what they are about, and the request they make.

A search takes those that say which data and study, and how fits are run, from here too.
"""

import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import BaseModel

from runner.planning.request import Request
from scripts.ranges import FiniteRange
from scripts.running.look_options import DECIDING
from trial_sets.files import MOST_FOLDS
from trial_sets.records.layout import OUTPUTS
from trial_sets.records.request import (
    DEFAULT_STUDY,
    DataRequest,
    RunRequest,
    StudyOverrides,
    flag_of,
)
from trial_sets.wording import is_well_formed

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
LONGEST_NAME = 255  # bytes, of every file system in use
COUNT = click.IntRange(min=1)
SECONDS = FiniteRange(min=0, min_open=True, max=1e8)  # three years


def split_names(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Let ``--set A,B`` stand for ``--set A --set B``."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _option(*names: str, about: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401
    return click.option(*names, help=about, **settings)


def _given(
    model: type[BaseModel],
    name: str,
    *,
    about: str,
    **settings: Any,  # noqa: ANN401
) -> Callable[[Command], Command]:
    """Return the option that sets a field of what identifies a run."""
    return _option(flag_of(model, name), name, about=about, **settings)


SELECTION = (
    _option("--set", "sets", multiple=True, callback=split_names, metavar="NAME[,NAME]",
            about="Sets to run with their controls: A, or A,B, or all."),
    _option("--trial", "trials", multiple=True, callback=split_names, metavar="NAME",
            about="A trial to run alone, without a control; repeatable."),
    _option("--no-controls", "controls", flag_value=False, default=True,
            about="Leave out the sets' controls."),
)  # fmt: skip
BASELINES = (
    _option("--no-baselines", "baselines", flag_value=False, default=True,
            about="Leave out the baselines on the same rows."),
)  # fmt: skip
FITS = (
    _option("--seeds", type=COUNT, metavar="N",
            about="Run the first N of the study's seeds, by default one; only missing fits are "
                  "added."),
    _given(RunRequest, "folds", type=click.IntRange(1, MOST_FOLDS), metavar="K",
           about="Validate on K consecutive periods, each trained on all that lies before it, "
                 "instead of what the study says."),
    _given(RunRequest, "sets_file", metavar="FILE[:NAME]",
           about="Trials of one's own from a file, JSON, YAML or Python literals, in place of the "
                 "study's."),
)  # fmt: skip
STUDY = (
    _given(RunRequest, "study", default=DEFAULT_STUDY, show_default=True, metavar="NAME|FOLDER",
           about="A built-in study, or a folder with study.json and a file for each set."),
)  # fmt: skip
DATA = (
    _given(DataRequest, "path", type=FILE, metavar="FILE",
           about="Prices or a feature table as CSV or Parquet; by default the embedded daily "
                  "S&P 500, 1999 to 2018."),
    _given(DataRequest, "feature_table", is_flag=True,
           about="Take a file with prices as a finished feature table."),
    _given(DataRequest, "date_column", metavar="NAME",
           about="Column of the dates, if not found by itself."),
    _given(DataRequest, "date_format", metavar="FORMAT",
           about="How its dates are written, such as %d/%m/%Y, if the rows do not show it."),
    _given(DataRequest, "ticker", metavar="NAME",
           about="Whose prices are read of a file that holds several."),
    _given(DataRequest, "label_column", metavar="NAME",
           about="Column of 0/1 labels, instead of the label rule."),
    _given(DataRequest, "tier", metavar="NAME",
           about="Tier of indicators, a50 or a100, not the study's."),
    _given(DataRequest, "threshold", type=float, metavar="SHARE",
           about="Label rule: share of the close that a price must reach, such as 0.01."),
    _given(DataRequest, "horizon", type=int, metavar="ROWS",
           about="Label rule: rows looked ahead."),
    _given(DataRequest, "direction", metavar="up|down",
           about="Label rule: the highest high or lowest low."),
    _given(DataRequest, "train_start", metavar="DATE", about="First day of the training period."),
    _given(DataRequest, "val_start", metavar="DATE",
           about="First day of the validation period, which --folds then cuts."),
    _given(DataRequest, "test_start", metavar="DATE", about="First day of the test period."),
    _given(DataRequest, "test_end", metavar="DATE", about="First day after the test period."),
    _given(DataRequest, "val_fraction", type=float, metavar="SHARE",
           about="Share of the rows to validate on, in place of dates."),
    _given(DataRequest, "test_fraction", type=float, metavar="SHARE",
           about="Share of the rows kept for the test, in place of dates."),
)  # fmt: skip
TRAINING = (
    _given(StudyOverrides, "epochs", type=COUNT, metavar="N",
           about="Train at most N epochs, instead of what the trials say."),
    _given(StudyOverrides, "context", type=COUNT, metavar="ROWS",
           about="Rows a window, instead of what the trials say."),
    _given(RunRequest, "trainer", metavar="FILE.py:FUNCTION",
           about="Train with a function of one's own in place of the transformer."),
    _given(RunRequest, "command", metavar="TEMPLATE",
           about="Train with a command of one's own, such as 'python train.py --lr {lr} --seed "
                 "{seed} --out {out}'; it writes {out}/metrics.json and, if it likes, "
                 "{out}/predictions.csv."),
    _given(RunRequest, "python", metavar="PATH",
           about="The Python that runs --trainer, or python in --command: of another environment."),
)  # fmt: skip
TESTING = (
    _option("--evaluate-test", metavar="TRIAL",
            about="Refit a trial and its control, by default with all seeds, and score the test "
                  "period; every look is counted."),
    _option("--again", is_flag=True, about="Allow another look at a test period."),
)  # fmt: skip
EXECUTION = (
    _given(RunRequest, "precision", type=click.Choice(["fp32", "tf32", "bf16"]), default="fp32",
            show_default=True,
            about="Of the large matrix products: single precision, TensorFloat-32 (CUDA alone), or "
                  "bfloat16 with single-precision weights."),
    _option("--device", default="auto", show_default=True, metavar="NAME",
            about="auto, cpu, mps, cuda, or such as cuda:0,1."),
    _option("--jobs", type=click.IntRange(min=1, max=1024), metavar="N",
            about="Worker processes; by default one a core, or one a GPU, or one a --launch."),
    _option("--launch", multiple=True, metavar="PREFIX",
            about="Words before a worker's command that start it elsewhere, such as 'ssh host', "
                  "'srun --ntasks=1 --exact' or 'docker run -i IMAGE'; repeatable: the workers "
                  "take them in turn, and --jobs says how many there are in all."),
    _option("--launch-python", metavar="PATH",
            about="The Python there that has this project's packages, if not at the path of the "
                  "one that runs this."),
    _option("--output", type=click.Path(path_type=Path, file_okay=False),
            default=OUTPUTS, show_default=True, metavar="FOLDER",
            about="Where the records go."),
    _option("--retries", type=click.IntRange(0, 100), default=1, show_default=True, metavar="N",
            about="Try a fit again up to N times when its worker crashed or hung, the system took "
                  "its memory, or its device was lost."),
    _option("--timeout", "timeout_s", type=SECONDS, metavar="SECONDS",
            about="End a fit that takes longer."),
    _option("--hang-after", "hang_s", type=SECONDS, default=300.0, show_default=True,
            metavar="SECONDS",
            about="Take a worker as hung that so long neither reports nor uses its processor."),
    _option("--keep-going", "on_failure", flag_value="keep_going",
            about="Run all fits, even when the first three fail for one reason."),
    _option("--fail-fast", "on_failure", flag_value="fail_fast",
            about="Stop at the first failure."),
)  # fmt: skip
REPEATING = (
    _option("--rerun-failed", is_flag=True,
            about="Run fits again that diverged; other failures are tried again anyway."),
    _option("--force", is_flag=True,
            about="Run finished fits and baselines again and replace their records."),
)  # fmt: skip


# In the order of --help.
SETS = (
    *SELECTION, *BASELINES, *FITS, *STUDY, *DECIDING, *DATA, *TRAINING, *TESTING, *EXECUTION,
    *REPEATING,
)  # fmt: skip


def add_options(command: Command) -> Command:
    """Give a command all options that make a request."""
    for option in reversed(SETS):
        command = option(command)
    return command


def make_request(options: dict[str, Any]) -> Request:
    """Turn the options into a request.

    Raises
    ------
    UsageError
        If run.json could not keep a name, no file can have it, or options do not go together.
    """
    for model in (DataRequest, StudyOverrides, RunRequest):
        for name in model.model_fields:
            if not is_well_formed(str(options.get(name, ""))):
                raise click.UsageError(f"{flag_of(model, name)}: the name is not UTF-8")
    for flag, path in (("--data", options["path"]), ("--output", options["output"])):
        if path is not None and any(len(os.fsencode(part)) > LONGEST_NAME for part in path.parts):
            raise click.UsageError(f"{flag}: no name has more than {LONGEST_NAME} bytes")
    if options.get("launch_python") and not options.get("launch"):
        raise click.UsageError("--launch-python: says which Python --launch starts; there is none")
    data = DataRequest(**{name: options[name] for name in DataRequest.model_fields})
    overrides = StudyOverrides(**{name: options[name] for name in StudyOverrides.model_fields})
    rest = {f.name: options[f.name] for f in fields(Request) if f.name in options}
    rest["on_failure"] = options["on_failure"] or "same_error"
    return Request(data=data, overrides=overrides, **rest)
