"""What Optuna, plain joblib and this project lose to the same faults.

Twenty tasks of a third of a second run on two workers. A second after the first task began, a
worker or the whole process group is killed with SIGKILL; or one task raises. Then the same command
is given again, as a person would, and what there is afterwards is counted.

``python -m benchmarks.faults_against_peers`` prints the table; Optuna must be installed.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.status import StatusSummary
from tests.drill.batch import Batch

N_TASKS, TASK_S = 20, 0.35
ENDS_WITHIN_S = 180.0
FAULTS = ("none", "a worker is killed", "everything is killed", "a task raises")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What there is after the second command."""

    codes: tuple[int, int]  # exit codes of the two commands
    done_first: int  # tasks whose result was there after the first command
    done: int
    trained: int  # how often a task was run to its end, in both commands
    for_ever_running: int


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


def try_peer(peer: str, fault: str, folder: Path) -> Outcome:
    """Give a peer's command twice, the first time with a fault."""
    codes, counts = [], []
    for injected in (fault, "none"):
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.faults_against_peers", peer, injected, str(folder)],
            start_new_session=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if injected in {"a worker is killed", "everything is killed"}:
            while not (folder / "began").exists():
                time.sleep(0.02)
            time.sleep(1.0)
            if injected == "everything is killed":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                os.kill(_find_worker(process.pid), signal.SIGKILL)
        try:
            codes.append(process.wait(ENDS_WITHIN_S))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            codes.append(process.wait())
        counts.append(PEERS[peer][1](folder))
    trained = len((folder / "diary").read_text().split())
    return Outcome((codes[0], codes[1]), counts[0][0], counts[1][0], trained, counts[1][1])


def _find_worker(parent: int) -> int:
    """Return a child process that does the work."""
    found = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, check=True, text=True)
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in found.stdout.split()}
    return next(pid for pid, command in commands.items() if b"resource_tracker" not in command)


def try_ours(fault: str, folder: Path) -> Outcome:
    """Give this project's command twice, the first time with a fault."""
    batch = Batch(folder / "batch", folder / "outputs", built_in=False, n_trials=N_TASKS // 2)
    codes: list[int] = []
    states: list[StatusSummary] = []
    for injected in (fault, "none"):
        if injected == "a task raises":
            (batch.folder / "raise").touch()
        process = batch.start()
        time.sleep(1.0 if injected in {"a worker is killed", "everything is killed"} else 0.0)
        if injected == "a worker is killed":
            os.kill(batch.workers()[0], signal.SIGKILL)
        elif injected == "everything is killed":
            process.kill()
        codes.append(process.wait(ENDS_WITHIN_S))
        states.append(batch.survey())
    done = [state.counts.get("done", 0) for state in states]
    running = states[1].counts.get("running", 0)
    return Outcome((codes[0], codes[1]), done[0], done[1], len(batch.read_diary()), running)


def main() -> None:
    """Print the table, or run one peer's tasks when asked to."""
    if len(sys.argv) == 4:
        peer, fault, folder = sys.argv[1:]
        PEERS[peer][0](Path(folder), raises=fault == "a task raises")
        return
    print(
        "| fault | what | exit codes | done after the 1st | after the 2nd | tasks run | running |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for fault in FAULTS:
        for name in (*PEERS, "this project"):
            with tempfile.TemporaryDirectory() as folder:
                at = Path(folder)
                o = try_ours(fault, at) if name == "this project" else try_peer(name, fault, at)
            codes = f"{o.codes[0]}, {o.codes[1]}"
            print(
                f"| {fault} | {name} | {codes} | {o.done_first} | {o.done} | {o.trained} | "
                f"{o.for_ever_running} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
