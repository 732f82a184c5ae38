"""A trainer that writes down when it begins and ends, in which task, and who runs it."""

import os
import time
from pathlib import Path

import numpy as np


def train(configuration, data, context):  # noqa: ANN001, ANN201 - as a person would write it
    """Predict noise that the seed and the dropout decide."""
    diary = Path(os.environ["CLUSTER_DIARY"])
    fit = f"{configuration['dropout']}/{context.seed}"
    task = os.environ.get("SLURM_ARRAY_TASK_ID")
    _add(diary, f"begins {fit} {task} {os.getppid()}")
    rng = np.random.default_rng((context.seed, round(1000 * configuration["dropout"])))
    for _ in range(5):
        time.sleep(0.0 if diary.with_name("hurry").exists() else 0.4)
        context.report_epoch(val_auc=float(rng.random()))
    context.save_predictions(rng.normal(size=len(data.val_rows)))
    _add(diary, f"ends {fit} {task} {os.getppid()}")


def _add(diary: Path, line: str) -> None:
    with diary.open("a") as file:
        file.write(f"{line}\n")
