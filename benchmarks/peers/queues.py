"""The same fits by the queues of Dask and Ray: run by the interpreter of the peers' environment.

``python -m benchmarks.peers.queues PEER FITS WORKERS FOLDER`` runs the fits that have no result
file in a folder, as a script would that is written after the manual of either.
"""
# ruff: noqa: PLC0415 - only the peer that is asked for is imported

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.peers.jobs import write_result


def run_fit(number: int, folder: str) -> int:
    """Train once and write a result file, flushed and renamed."""
    sys.path.insert(0, folder)
    import queue_trainer  # type: ignore[import-not-found]  # lies in the folder

    queue_trainer.train({"number": number}, None, None)
    write_result(Path(folder) / "results", number)
    return number


def run_dask(numbers: Sequence[int], workers: int, folder: Path) -> None:
    """Run the fits on a local cluster of processes, each with a nanny, as is its default."""
    from distributed import Client, LocalCluster, as_completed

    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(folder / "dask"),
        ) as cluster,
        Client(cluster) as client,
    ):
        futures = client.map(run_fit, numbers, folder=str(folder), pure=False)
        for future in as_completed(futures):
            future.result()


def run_ray(numbers: Sequence[int], workers: int, folder: Path) -> None:
    """Run the fits as tasks of a local Ray with so many processors."""
    import ray

    ray.init(
        num_cpus=workers,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        _temp_dir=str(folder / "ray"),
    )
    task = ray.remote(run_fit)
    ray.get([task.remote(number, str(folder)) for number in numbers])
    ray.shutdown()


PEERS: dict[str, Callable[[Sequence[int], int, Path], None]] = {"dask": run_dask, "ray": run_ray}


def main() -> None:
    """Run what has no result yet."""
    peer, fits, workers, folder = sys.argv[1:]
    results = Path(folder, "results")
    results.mkdir(exist_ok=True)
    missing = [n for n in range(int(fits)) if not (results / f"{n}.json").exists()]
    PEERS[peer](missing, int(workers), Path(folder))


if __name__ == "__main__":
    main()
