"""A trainer of a tenth of a second that writes down when it starts, and can be made endless."""

import os
import time
from pathlib import Path

import numpy as np


def train(configuration, data, context):  # noqa: ANN001, ANN201 - as a person would write it
    """Predict noise that the seed and the dropout decide."""
    diary = Path(os.environ["DRILL_DIARY"])
    with diary.open("a") as file:
        file.write(f"{configuration['dropout']} {context.seed}\n")
    if _take(diary.with_name("raise")):
        raise ValueError("no luck")
    if _take(diary.with_name("endless")):
        while True:
            pass
    rng = np.random.default_rng([context.seed, round(1000 * configuration["dropout"])])
    for _ in range(5):
        time.sleep(float(os.environ.get("DRILL_EPOCH_S", "0.02")))
        np.ones(2**21)  # a limit on memory is felt
        context.report_epoch(val_auc=float(rng.random()))
    context.save_predictions(rng.normal(size=len(data.val_rows)))


def _take(order: Path) -> bool:
    """Return whether there was such an order; only one fit gets it."""
    try:
        order.unlink()
    except FileNotFoundError:
        return False
    return True
