"""Guessing what the columns of a table are, from their names and, last, their values."""

import re
from collections.abc import Sequence

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from trial_sets.metric_names import guess_direction, squash_name
from trial_sets.wording import join_words

# Standard column -> the names it goes by, the surest first; written as `squash_name` gives them.
ALIASES: dict[str, tuple[str, ...]] = {
    "trial": (
        *("trial", "trial_name", "config_name", "name", "trial_id", "run_name", "config_id"),
        *("number", "id", "run", "run_id", "experiment", "configuration_name", "model"),
    ),
    "seed": ("seed", "random_seed", "random_state"),
    "state": ("state", "status", "trial_state"),
    "tier": ("tier",),
    "budget": ("budget",),
    "horizon": ("horizon", "horizon_days"),
    "role": ("role",),
    "duration_s": (
        *("duration_s", "duration_sec", "duration_seconds", "duration", "training_time_s"),
        *("train_time_s", "elapsed_s", "elapsed", "wall_time_s", "time_total_s", "runtime"),
        *("runtime_s", "runtime_sec", "seconds"),
    ),
    "epochs_run": ("epochs_run", "epochs_trained", "n_epochs_run", "epochs_completed"),
    "stopped_early": ("stopped_early", "early_stopped"),
    "train_metric": ("train_auc", "train_metric"),
    "prediction_low": ("prediction_low", "pred_min", "val_pred_min"),
    "prediction_high": ("prediction_high", "pred_max", "val_pred_max"),
    "positives": ("positives", "n_positives", "val_positives"),
    "negatives": ("negatives", "n_negatives", "val_negatives"),
}
_OBJECTIVES = ("value", "objective", "objective_value", "metric", "target")
_KNOWN_PARAMS = re.compile(
    r"^(lr|learning_?rate.*|init_lr|base_lr|max_lr|dropout.*|weight_?decay|wd|batch_?size|bs|d_model|"
    r"(n|num)_(layers|heads|units|filters|estimators|blocks|patches)|d_ff.*|hidden.*|units|depth|"
    r"width|heads|layers|optimi[sz]er|momentum|beta_?[12]?|alpha|gamma|lambda|l[12](_reg)?|epochs|"
    r"(n|num|max)_epochs|patience|warmup.*|lookback|seq(uence)?_len(gth)?|context(_len(gth)?)?|"
    r"kernel_size|stride|patch(_len|_size)?|max_depth|min_child_weight|subsample|colsample.*|"
    r"num_leaves|activation|scheduler|label_smoothing|temperature|clip.*|grad_clip.*|embed.*)$"
)
_OUTCOME_PREFIXES = ("train_", "val_", "valid_", "validation_", "test_", "best_", "final_", "eval_")
_FEW_VALUES = 12


def find_aliases(names: list[str]) -> dict[str, str]:
    """Return standard column -> the column of the table that plays it."""
    squashed = {squash_name(name): name for name in reversed(names)}
    found = {}
    for role, aliases in ALIASES.items():
        known = next((squashed[alias] for alias in aliases if alias in squashed), None)
        if known is not None:
            found[role] = known
    return found


def find_objectives(columns: pd.DataFrame) -> list[str]:
    """Return the columns that could be the objective; a column called so comes alone.

    Columns without a number (every trial failed) count only where no other does.
    """
    names = [str(name) for name in columns.columns]
    named = [name for name in names if squash_name(name) in _OBJECTIVES]
    outside = [name for name in names if not squash_name(name).startswith("train_")]
    telling = [name for name in outside if guess_direction(name) and "." not in name]
    numeric = {name for name in (*named, *telling) if is_number_like(columns[name])}
    groups = ([n for n in named if n in numeric], [n for n in telling if n in numeric])
    return next((group for group in (*groups, named, telling) if group), [])


def guess_params(columns: pd.DataFrame, trial: str | None) -> tuple[list[str], list[str]]:
    """Return the columns taken as hyperparameters, and those set aside, of the unused columns.

    Known names are taken. Another column is taken when it looks chosen rather than measured: few
    distinct values, no outcome's name, and the same value for all seeds of a trial.

    Parameters
    ----------
    columns
        The columns without a role, and the trial's own.
    trial
        The column that names the trial, if any.
    """
    rest = [name for name in columns.columns if name != trial]
    known = {name for name in rest if _KNOWN_PARAMS.match(squash_name(name))}
    names_once = trial is None or columns[trial].nunique() == len(columns)
    taken = [
        name
        for name in rest
        if name in known
        or _looks_chosen(columns, name, None if names_once else trial, is_alone=not known)
    ]
    chosen = set(taken)
    return taken, [name for name in rest if name not in chosen]


def is_number_like(column: pd.Series) -> bool:
    """Say whether a raw column holds mostly numbers."""
    if is_bool_dtype(column) or is_datetime64_any_dtype(column):
        return False
    if is_numeric_dtype(column):
        return bool(column.notna().any())
    present = column.dropna()
    numbers = present.map(lambda item: isinstance(item, int | float) and not isinstance(item, bool))
    return bool(len(present) and numbers.mean() > 0.5)


def _looks_chosen(columns: pd.DataFrame, name: str, trial: str | None, *, is_alone: bool) -> bool:
    squashed = squash_name(name)
    is_outcome = guess_direction(name) is not None or squashed.startswith(_OUTCOME_PREFIXES)
    is_time = {"date", "time", "datetime", "timestamp", "start", "complete"} & set(
        squashed.split("_")
    )
    column = columns[name]
    is_plain = not column.map(lambda item: isinstance(item, list | dict)).any()
    if is_outcome or is_time or "." in name or not is_plain or name.startswith("Unnamed"):
        return False
    n_values, n_rows = column.nunique(), int(column.notna().sum())
    if n_values < 2 or (n_values > max(_FEW_VALUES, n_rows // 4) and not is_alone):
        return False
    if not is_number_like(column) and n_values == n_rows:
        return False
    if trial is None:
        return True
    return bool((columns.groupby(trial, dropna=False)[name].nunique(dropna=False) <= 1).all())


def list_names(names: Sequence[str]) -> str:
    """Join names for a sentence, at most twelve of them and none longer than 60 characters."""
    shown = [" ".join(str(name).split())[:60] for name in names[:12]]
    return join_words([*shown, f"{len(names) - 12} more"] if len(names) > 12 else shown)
