"""Jobs that do nothing, given to one peer: run by the interpreter of the peers' environment.

``python jobs.py PEER N FOLDER`` prints the seconds that N jobs took, after one that does not
count, so that no peer is charged for its start.
"""
# ruff: noqa: PLC0415 - only the peer that is asked for is imported

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna


def run_optuna(n: int, storage: "optuna.storages.BaseStorage | str") -> float:
    """Run enqueued trials; the clock starts when the first of them has been stored."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage=storage, direction="maximize")
    for number in range(n + 1):
        study.enqueue_trial({"dropout": number / (n + 1)})
    ends = []

    def objective(trial: "optuna.Trial") -> float:
        trial.suggest_float("dropout", 0.0, 1.0)
        return 0.5

    def note(*_: object) -> None:
        ends.append(time.perf_counter())

    study.optimize(objective, n_trials=n + 1, n_jobs=1, callbacks=[note])
    return ends[-1] - ends[0]


def run_optuna_sqlite(n: int, folder: Path) -> float:
    """Store the trials in an SQLite file, with Optuna's own settings."""
    return run_optuna(n, f"sqlite:///{folder}/optuna.db")


def run_optuna_journal(n: int, folder: Path) -> float:
    """Store the trials in a journal file."""
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return run_optuna(n, JournalStorage(JournalFileBackend(f"{folder}/journal.log")))


def write_result(folder: Path, number: int) -> None:
    """Write a job's result beside its place, flush it and rename it, as a careful person would."""
    temporary = folder / f".{number}.json"
    with temporary.open("w") as file:
        json.dump({"number": number, "val_auc": 0.5}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / f"{number}.json")


def run_joblib(n: int, folder: Path) -> float:
    """Run the jobs in one loky process; each writes its result."""
    from joblib import Parallel, delayed

    # joblib runs n_jobs=1 in the calling process: the second worker has nothing to do.
    with Parallel(n_jobs=2, backend="loky", batch_size=1, pre_dispatch=1) as parallel:
        parallel([delayed(write_result)(folder, 0)])
        started = time.perf_counter()
        parallel(delayed(write_result)(folder, number) for number in range(1, n + 1))
        return time.perf_counter() - started


def run_ray_tune(n: int, folder: Path) -> float:
    """Run trials on one reused actor; the clock starts when the first of them has ended."""
    import ray
    from ray import tune

    os.environ.update({"RAY_AIR_NEW_OUTPUT": "0", "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1"})
    ends = []

    class Note(tune.Callback):  # type: ignore[misc]
        def on_trial_complete(self, *_: object, **__: object) -> None:
            ends.append(time.perf_counter())

    def objective(config: dict[str, float]) -> dict[str, float]:
        return {"val_auc": 0.5}

    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    results = tune.Tuner(
        objective,
        param_space={"dropout": tune.grid_search([i / (n + 1) for i in range(n + 1)])},
        tune_config=tune.TuneConfig(max_concurrent_trials=1, reuse_actors=True),
        run_config=tune.RunConfig(storage_path=str(folder), verbose=0, callbacks=[Note()]),
    ).fit()
    assert [result.metrics["val_auc"] for result in results] == [0.5] * (n + 1), "all have ended"
    assert len(ends) == n + 1
    return ends[-1] - ends[0]


PEERS = {
    "optuna-sqlite": run_optuna_sqlite,
    "optuna-journal": run_optuna_journal,
    "joblib": run_joblib,
    "ray-tune": run_ray_tune,
}

if __name__ == "__main__":
    peer, count, place = sys.argv[1:]
    print(json.dumps({"seconds": PEERS[peer](int(count), Path(place))}))
