"""How the time of ``analyze`` grows with the number of trials: python -m benchmarks.analysis_scale.

Whole processes on made-up tables of trials (seven hyperparameters with the first round's values,
AUC = a small effect of dropout and noise); 250 trials with figures, the larger tables without.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.machine import Row, save_results

VALUES = {
    "d_model": (48, 64, 96, 128, 192),
    "n_layers": (2, 4, 6, 7, 8),
    "n_heads": (2, 4, 8),
    "d_ff_ratio": (2, 4),
    "dropout": (0.1, 0.3, 0.5, 0.7),
    "learning_rate": (1e-5, 5e-5, 1e-4, 5e-4),
    "weight_decay": (0.0, 1e-5, 1e-4, 1e-3),
}
SIZES = ((250, True), (250, False), (1_000, False), (10_000, False), (100_000, False))


def write_trials(path: Path, n: int) -> None:
    """Write a table of ``n`` trials; the same ``n`` gives the same file."""
    rng = np.random.default_rng(n)
    table = {name: rng.choice(values, n) for name, values in VALUES.items()}
    table["val_auc"] = 0.7 + 0.02 * (table["dropout"] == 0.5) + rng.normal(0, 0.01, n)
    pd.DataFrame(table).to_csv(path, index_label="number")


def measure(n: int, *, with_figures: bool, folder: Path) -> float:
    """Return the seconds of one ``analyze`` of ``n`` trials."""
    path = folder / f"trials-{n}.csv"
    write_trials(path, n)
    command = [sys.executable, "-m", "scripts.analyze", str(path), "--output"]
    command += [str(folder / f"report-{n}.md"), *([] if with_figures else ["--no-figures"])]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Time every size, print and save."""
    with tempfile.TemporaryDirectory() as folder:
        table: list[Row] = [
            {"trials": n, "figures": figures, "seconds": round(seconds, 1)}
            for n, figures in SIZES
            for seconds in [measure(n, with_figures=figures, folder=Path(folder))]
        ]
    save_results("analysis_scale", table, note="Whole processes, once each, on made-up trials.")


if __name__ == "__main__":
    main()
