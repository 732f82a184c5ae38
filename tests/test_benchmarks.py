"""The benchmarks answer at once, and say on which machine they measured."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.batch_wall_time import count_fits
from benchmarks.machine import save_results, say_machine
from benchmarks.operations import count_operations, list_replicas
from benchmarks.queue_overhead import N_SEEDS, write_study
from benchmarks.strategies import STRATEGIES, Ran, describe_runs, run_strategy, spread_grid
from benchmarks.workloads.queue_work import Diary, write_work
from benchmarks.workloads.search_problems import make_branin, make_parabola
from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from trial_sets.loading.study_folder import load_study
from trial_sets.records.search_info import SamplerName

ROOT = Path(__file__).parent.parent
MACHINE = {
    "processor": "a processor", "cores": 2, "memory_gib": 23.5, "gpus": [], "python": "3.11",
    "torch": "2", "platform": "Linux", "load_average": 0.5,
    "fp32_gflops_one_core": 100.0, "fp32_gflops_all_cores": 200.0,
}  # fmt: skip


def test_results_are_a_file_and_a_table_with_the_machine_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save_results(
        "waiting", [{"what": "a fit", "seconds": 1.5}], note="Once.", machine=MACHINE,
        folder=tmp_path / "results",
    )  # fmt: skip
    found = json.loads(path.read_text())
    assert path.name == "waiting.json"
    assert found["machine"] == MACHINE
    assert found["table"] == [{"what": "a fit", "seconds": 1.5}]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("a processor, 2 cores, 23.5 GiB; Python 3.11")
    assert "| a fit  |       1.5 |" in lines


def test_a_peak_that_was_not_measured_is_not_said() -> None:
    said = say_machine(MACHINE)
    assert "fp32 100 GFLOP/s on one core, 200 on all" in said
    assert "bf16" not in said


@pytest.mark.parametrize(
    "name",
    [
        "queue_overhead",
        "start_up",
        "batch_wall_time",
        "operations",
        "strategies",
        "shared_folder",
        "claims_scale",
        "plan_scale",
    ],
)
def test_help_comes_without_pytorch(name: str) -> None:
    code = (
        f"import sys; sys.argv[1:] = ['--help']; from benchmarks.{name} import main\n"
        "try:\n    main()\nfinally:\n    assert 'torch' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Usage")


def test_the_study_of_the_queue_has_as_many_distinct_fits_as_it_says(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path, 101))
    assert len({trial.configuration for trial in study.trials()}) == 101
    assert len(study.seeds) == N_SEEDS


def test_the_diary_of_a_queue_tells_repeated_fits_from_those_that_still_run(tmp_path: Path) -> None:
    write_work(tmp_path, fits=3, workers=2, seconds=0.0)
    diary = tmp_path / "diary"
    diary.write_text("begin 0 7 1.0\nbegin 1 8 1.5\nend 0 7 3.0\nbegin 2 7 3.0\nbegin 1 9 4.0\n")
    with diary.open("a") as file:
        file.write("end 1 9 5.0\nend 2")  # the last line is being written
    read = Diary.read(tmp_path)
    assert read.find_busy() == [8, 7]
    assert (read.count_repeated("begin"), read.count_repeated("end")) == (1, 0)
    assert read.list_times("end") == [3.0, 5.0]
    study = load_study(tmp_path / "sleep")
    assert [trial.name for trial in study.trials()] == ["A1", "A2", "A3"]


def test_equal_trials_are_counted_as_one_fit() -> None:
    assert count_fits("A1", 1) == 1
    assert count_fits("A", 3) == 21
    assert count_fits("all", 1) == 30


SMALL = Architecture(2, context=8, patch=4, stride=4, d_model=8, n_layers=6, n_heads=2)
SMALL_LSTM = LstmArchitecture(2, context=20, hidden_size=4, n_layers=2)


@pytest.mark.parametrize("architecture", [SMALL, SMALL_LSTM])
def test_a_step_of_64_replicas_is_hardly_more_operations_than_a_step_of_one(
    architecture: AnyArchitecture,
) -> None:
    """With one optimizer as many, and with four at most a tenth more: and no step waits."""
    one = count_operations(architecture, list_replicas(1), 4).total()
    assert count_operations(architecture, list_replicas(64), 4).total() == one
    assert count_operations(architecture, list_replicas(64, mixed=True), 4).total() <= 1.1 * one


def test_the_functions_of_the_strategies_have_their_known_minima() -> None:
    parabola, branin = make_parabola(), make_branin()
    assert parabola.evaluate({"x": 0.5}) == parabola.best
    for x, y in ((-math.pi, 12.275), (math.pi, 2.275), (9.42478, 2.475)):
        assert branin.evaluate({"x": x, "y": y}) == pytest.approx(branin.best, abs=1e-6)


def test_a_grid_has_as_many_levels_as_the_budget_allows() -> None:
    spread = spread_grid(make_branin().space, 30)
    assert [d.count() for d in spread.dimensions.values()] == [5, 5]
    assert spread.dimensions["x"].values == (-5.0, -1.25, 2.5, 6.25, 10.0)


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "gp"])
def test_every_strategy_comes_near_the_least_of_a_parabola(strategy: SamplerName) -> None:
    ran = run_strategy(strategy, make_parabola(), 40, 0)
    assert 0 <= ran.regret < 0.5
    assert run_strategy(strategy, make_parabola(), 40, 0).regret == ran.regret


def test_the_interval_of_a_strategy_is_that_of_its_mean() -> None:
    row = describe_runs("random", "p", [Ran(1.0, 0.001), Ran(3.0, 0.003)])
    assert row["mean regret"] == 2.0
    assert row["95 % interval"] == "1 to 3"
    assert row["ms a proposal"] == 2.0
