"""All forms that a test can write trials in, and which reader each goes through."""

from collections.abc import Callable

from tests.analysis.readers import tool_writers, writers
from tests.analysis.readers.writers import Made, Written

GENERAL = (
    writers.plain_csv,
    writers.semicolon_csv,
    writers.csv_of_mappings,
    writers.plain_json,
    writers.json_lines,
    writers.named_json,
    writers.nested_json,
    writers.pandas_columns,
    writers.pandas_split,
    writers.optuna_csv,
    writers.optuna_sqlite,
    writers.optuna_journal,
    writers.optuna_dump,
    writers.sklearn_csv,
    writers.fold_rows,
)
TOOLS = (
    tool_writers.keras_tuner,
    tool_writers.wandb_runs,
    tool_writers.wandb_api,
    tool_writers.wandb_chart,
    tool_writers.ray_results,
    tool_writers.ray_dataframe,
    tool_writers.epoch_rows,
    tool_writers.mlflow_csv,
    tool_writers.hyperopt_json,
    tool_writers.smac_lists,
    tool_writers.smac_flat,
    tool_writers.smac_objects,
    tool_writers.nni_json,
    tool_writers.katib_json,
    tool_writers.ax_csv,
)
WRITERS: dict[str, Callable[[list[Made]], Written]] = {
    writer.__name__: writer for writer in (*GENERAL, *TOOLS)
}
MINIMISED = {"hyperopt_json", "smac_lists", "smac_flat", "smac_objects"}  # the value's negative
# Which forms go through which reader.
READERS: dict[str, tuple[str, ...]] = {
    "csv": ("plain_csv", "semicolon_csv", "csv_of_mappings", "optuna_csv", "sklearn_csv",
            "fold_rows", "ray_dataframe", "epoch_rows", "mlflow_csv", "ax_csv"),
    "json": ("plain_json", "named_json", "nested_json", "pandas_columns", "pandas_split",
             "optuna_dump"),
    "json lines": ("json_lines", "ray_results"),
    "sqlite": ("optuna_sqlite",),
    "journal": ("optuna_journal",),
    "wandb": ("wandb_runs", "wandb_api", "wandb_chart"),
    "keras tuner": ("keras_tuner",),
    "hyperopt": ("hyperopt_json",),
    "smac": ("smac_lists", "smac_flat", "smac_objects"),
    "nni": ("nni_json",),
    "katib": ("katib_json",),
}  # fmt: skip
