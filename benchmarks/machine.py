"""The machine that a benchmark ran on, and where its table goes."""

import json
import os
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tabulate import tabulate

Row = dict[str, Any]
Machine = dict[str, Any]

RESULTS = Path(__file__).with_name("results")
SIZE, REPEATS = 2048, 7  # of the square matrices that are multiplied, and how often


def describe_machine() -> Machine:
    """Return processor, cores, memory, versions and the measured peaks in GFLOP/s.

    Takes some seconds, and imports PyTorch: call it after what is timed, not before.
    """
    import torch  # noqa: PLC0415 - so that --help answers at once

    from runner.planning.device_choice import count_cores  # noqa: PLC0415
    from runner.workers.training import describe_machine as ask_torch  # noqa: PLC0415

    cores = count_cores()
    seen = ask_torch()
    return {
        "processor": seen.processor,
        "cores": cores,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "gpus": [device.name for device in seen.cuda],
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "platform": platform.platform(),
        "load_average": round(os.getloadavg()[0], 2),
        **_measure_peaks(cores),
    }


def _measure_peaks(cores: int) -> dict[str, float]:
    """Return the best speed of large products; bfloat16 only where it is the faster."""
    import torch  # noqa: PLC0415

    from models.network.matmul import choose_path, use_path  # noqa: PLC0415

    before = torch.get_num_threads()
    peaks = {}
    torch.set_num_threads(1)
    use_path(choose_path())
    for threads, name in ((1, "one_core"), (cores, "all_cores")):
        torch.set_num_threads(threads)
        single, half = (_measure_gflops(kind) for kind in (torch.float32, torch.bfloat16))
        peaks[f"fp32_gflops_{name}"] = single
        if half > single:
            peaks[f"bf16_gflops_{name}"] = half
    torch.set_num_threads(before)
    return peaks


def _measure_gflops(dtype: Any) -> float:  # noqa: ANN401 - a torch.dtype
    """Return the best of several products of two large square matrices."""
    import torch  # noqa: PLC0415

    x = torch.ones(SIZE, SIZE, dtype=dtype)
    times = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        torch.mm(x, x)
        times.append(time.perf_counter() - started)
    return round(2 * SIZE**3 / min(times[1:]) / 1e9, 1)


def say_machine(machine: Machine) -> str:
    """Say the machine in one line."""
    gpus = f", {', '.join(machine['gpus'])}" if machine.get("gpus") else ""
    peaks = "; ".join(
        f"{kind} {machine[f'{kind}_gflops_one_core']:.0f} GFLOP/s on one core, "
        f"{machine[f'{kind}_gflops_all_cores']:.0f} on all"
        for kind in ("fp32", "bf16")
        if {f"{kind}_gflops_one_core", f"{kind}_gflops_all_cores"} <= machine.keys()
    )
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']:g} GiB{gpus}; "
        f"Python {machine['python']}, torch {machine['torch']}, {machine['platform']}; {peaks}; "
        f"load average {machine['load_average']:g}"
    )


def save_results(
    name: str,
    table: Sequence[Row],
    *,
    note: str = "",
    machine: Machine | None = None,
    folder: Path = RESULTS,
) -> Path:
    """Write a benchmark's table and its machine as JSON, and print both as Markdown.

    Parameters
    ----------
    name
        Of the benchmark; the file is ``<name>.json``.
    table
        Its rows.
    note
        What a reader must know to understand the figures.
    machine
        What `describe_machine` says; it is asked unless this is given.
    folder
        Where the file goes.

    Returns
    -------
    Path
        The file.
    """
    machine = describe_machine() if machine is None else machine
    when = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"name": name, "when": when, "machine": machine, "note": note, "table": list(table)}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{say_machine(machine)}\n", *([f"{note}\n"] if note else []), sep="\n")
    print(tabulate(table, headers="keys", tablefmt="github"), end="\n\n")
    return path
