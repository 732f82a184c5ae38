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
    try:
        diary.with_name("endless").unlink()  # whoever removes it is the one fit without an end
    except FileNotFoundError:
        pass
    else:
        while True:
            pass
    rng = np.random.default_rng([context.seed, round(1000 * configuration["dropout"])])
    for _ in range(5):
        time.sleep(0.02)
        np.ones(2**21)  # a limit on memory is felt
        context.report_epoch(val_auc=float(rng.random()))
    context.save_predictions(rng.normal(size=len(data.val_rows)))
