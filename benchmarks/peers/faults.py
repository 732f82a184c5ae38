"""The tasks of the fault comparison, in Optuna and in plain joblib: run with the peers' Python.

``faults.py PEER FAULT FOLDER`` runs the tasks, ``faults.py PEER count FOLDER`` says how
many have a result, and how many are said to be running.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

N_TASKS, TASK_S = 20, 0.35


def run_task(number: int, folder: Path, *, raises: bool) -> float:
    """Work a while, and note down that the work was done."""
    (folder / "began").touch()
    time.sleep(TASK_S)
    if raises and number == 5:
        raise ValueError("no luck")
    with (folder / "diary").open("a") as file:
        file.write(f"{number}\n")
    return float(number)


def run_joblib(folder: Path, *, raises: bool) -> None:
    """Run the tasks as joblib's manual does; results exist once all are there."""
    from joblib import Parallel, delayed  # noqa: PLC0415

    tasks = (delayed(run_task)(n, folder, raises=raises) for n in range(N_TASKS))
    results = Parallel(n_jobs=2)(tasks)
    (folder / "results").write_text("\n".join(map(str, results)))


def run_optuna(folder: Path, *, raises: bool) -> None:
    """Run enqueued trials from an SQLite file, as Optuna's manual does for several processes."""
    import optuna  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = f"sqlite:///{folder}/optuna.db"
    fresh = not (folder / "optuna.db").exists()
    study = optuna.create_study(storage=storage, study_name="s", load_if_exists=True)
    if fresh:
        for number in range(N_TASKS):
            study.enqueue_trial({"number": number})
    left = sum(t.state == optuna.trial.TrialState.WAITING for t in study.trials)
    if left == 0:
        return

    def optimize(n_trials: int) -> None:
        own = optuna.load_study(storage=storage, study_name="s")

        def objective(trial: optuna.Trial) -> float:
            number = trial.suggest_int("number", 0, N_TASKS - 1)
            return run_task(number, folder, raises=raises)

        own.optimize(objective, n_trials=n_trials, catch=(ValueError,))

    child = os.fork()
    optimize(left // 2)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def count_optuna(folder: Path) -> tuple[int, int]:
    """Return the complete and the running trials."""
    import optuna  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    trials = optuna.load_study(storage=f"sqlite:///{folder}/optuna.db", study_name="s").trials
    numbers = {t.params["number"] for t in trials if t.state == optuna.trial.TrialState.COMPLETE}
    return len(numbers), sum(t.state == optuna.trial.TrialState.RUNNING for t in trials)


def count_joblib(folder: Path) -> tuple[int, int]:
    """Return the results that a next command could use."""
    path = folder / "results"
    return (len(path.read_text().split()) if path.exists() else 0), 0


PEERS: dict[str, tuple[Callable[..., None], Callable[[Path], tuple[int, int]]]] = {
    "Optuna": (run_optuna, count_optuna),
    "joblib": (run_joblib, count_joblib),
}


def main() -> None:
    """Run a peer's tasks, or count what they left."""
    peer, what, folder = sys.argv[1:]
    run, count = PEERS[peer]
    if what == "count":
        print(*count(Path(folder)))
    else:
        run(Path(folder), raises=what == "a task raises")


if __name__ == "__main__":
    main()
