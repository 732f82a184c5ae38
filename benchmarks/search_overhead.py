"""What a search costs beyond its sampler: python -m benchmarks.search_overhead.

TPE looks for the least of x^2 - x + 1 over [-5, 5], which lies at 0.5: by `run_search` from the
command line, with a function or a command and one worker, each trial with a record that is flushed;
and by Optuna's `study.optimize` in one process, on the same kind of journal.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

STUDY = {
    "title": "A parabola",
    "task": "none",
    "metric": {"name": "y", "direction": "minimize"},
    "rope": 0.001,
    "seeds": [0],
    "parameters": {"x": {"type": "float", "low": -5, "high": 5}},
}
FUNCTION = """def train(configuration, data, context):
    return {"y": configuration["x"] ** 2 - configuration["x"] + 1}
"""
SCRIPT = r"""awk -v x="$1" 'BEGIN { printf "{\"y\": %.17g}\n", x * x - x + 1 }' > "$2/metrics.json"
"""
OURS, OURS_BY_COMMAND = "run_search --trainer", "run_search --command"
THEIRS = "Optuna, study.optimize"
Way = Callable[[int, int, Path], float]  # trials, seed and a folder to the best x


def search_by(*trainer: str) -> Way:
    """Return a way that calls `run_search` with some trainer."""

    def search(n: int, seed: int, folder: Path) -> float:
        (folder / "study").mkdir()
        (folder / "study" / "study.json").write_text(json.dumps(STUDY))
        (folder / "f.py").write_text(FUNCTION)
        (folder / "f.sh").write_text(SCRIPT)
        words = [
            sys.executable, "-m", "scripts.run_search", "--study", str(folder / "study"),
            "--sampler", "tpe", "--trials", str(n), "--seed", str(seed), "--jobs", "1",
            "--output", str(folder / "outputs"), "--json",
            *(word.format(folder=folder, x="{x}", out="{out}", seed="{seed}") for word in trainer),
        ]  # fmt: skip
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout)
        best = next(t for t in found["trials"] if t["number"] == found["best"][0])
        return float(best["values"]["x"])

    return search


def search_with_optuna(n: int, seed: int, folder: Path) -> float:
    """Return the best x that Optuna finds by itself."""
    import optuna  # noqa: PLC0415
    from optuna.storages import JournalStorage  # noqa: PLC0415
    from optuna.storages.journal import JournalFileBackend  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(folder / "journal"))),
        sampler=optuna.samplers.TPESampler(seed=seed),
    )

    def measure(trial: "optuna.Trial") -> float:
        x = trial.suggest_float("x", -5, 5)
        return x**2 - x + 1

    study.optimize(measure, n_trials=n)
    return float(study.best_params["x"])


WAYS: dict[str, Way] = {
    OURS: search_by("--trainer", "{folder}/f.py:train"),
    OURS_BY_COMMAND: search_by("--command", "sh {folder}/f.sh {x} {out} {seed}"),
    THEIRS: search_with_optuna,
}


@click.command()
@click.option("--trials", "n", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--repeats", type=click.IntRange(min=1), default=1, show_default=True)
def main(n: int, repeats: int) -> None:
    """Time searches of N trials that do nothing, and say what they found."""
    from benchmarks.machine import Row, save_results  # noqa: PLC0415

    table: list[Row] = []
    for seed in range(repeats):
        for name, search in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                best = search(n, seed, Path(folder))
                seconds = time.perf_counter() - started
            table.append(
                {
                    "way": name,
                    "seed": seed,
                    "seconds": round(seconds, 1),
                    "ms a trial": round(1000 * seconds / n, 2),
                    "best x": float(f"{best:.5f}"),
                }
            )
    note = f"{n} trials by TPE, one at a time, of x^2 - x + 1 over [-5, 5]; start-up included."
    save_results("search_overhead", table, note=note)


if __name__ == "__main__":
    main()
