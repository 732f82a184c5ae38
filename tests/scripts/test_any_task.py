"""A script or function of any environment runs to verdicts, none of our packages in its way."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from scripts.analyze import main as analyze
from scripts.run_supplementary import main
from tests.pages import make_environment
from tests.scripts.any_task import DATA, FUNCTION, RUN, SET, TEMPLATE, write, write_example

NOT_THERE = """
import importlib.util
import sys

for name in {names}:
    try:
        assert importlib.util.find_spec(name) is None, (name, sys.path)
    except ModuleNotFoundError:
        pass
assert sys.prefix == {prefix!r}, sys.prefix
"""
OURS = ["trial_sets", "runner", "models", "analysis", "scripts", "torch", "pandas", "sklearn"]
SCRIPT = """
import json
from pathlib import Path

import numpy as np

rate, depth, seed, out = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
labels = np.random.default_rng(1).normal(size=100)
scores = labels + np.random.default_rng(seed).normal(size=100) / depth
(out / "metrics.json").write_text(json.dumps({"rmse": float(np.sqrt(np.mean((scores - labels) ** 2)))}))
rows = [f"{row},{label},{score}" for row, (label, score) in enumerate(zip(labels, scores))]
(out / "predictions.csv").write_text("\\n".join(["row,label,score", *rows]))
"""  # noqa: E501
FUNCTION_FILES = {
    "models/net.py": "import numpy as np\n\n\ndef guess(labels, noise, rng):\n"
    "    return labels + noise * rng.normal(size=len(labels))\n",
    "scripts/noise.py": "def noise_of(depth):\n    return 1.0 / depth\n",
    "analysis/__init__.py": "",
    "analysis/scores.py": "def mean(values):\n    return sum(values) / len(values)\n",
    "train.py": """
import numpy as np
from analysis.scores import mean
from models.net import guess
from scripts.noise import noise_of


def train(configuration, data, context):
    assert mean([1, 3]) == 2
    rng = np.random.default_rng(context.seed)
    noise = noise_of(configuration["depth"])
    context.report_epoch(val_metric=noise)
    context.save_predictions(guess(data.labels[data.val_rows], noise, rng))
""",
}


@pytest.fixture(scope="session")
def other_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a virtual environment that holds numpy alone."""
    return make_environment(tmp_path_factory.mktemp("environment") / "other")


@pytest.fixture(autouse=True)
def _go_to_a_working_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_example(rng)
    table = pd.DataFrame(rng.normal(size=(400, 3)), columns=["x", "z", "y"])
    table.to_csv("table.csv", index=False)
    write("A", {**SET, "trials": {"A1": {"depth": 9}}})


def judge(*how: str) -> str:
    """Run set A with two seeds, and return the line of its claim."""
    result = CliRunner().invoke(main, [*RUN, *how, "--seeds", "2", "--jobs", "2"])
    assert result.exit_code == 0, result.output
    report = CliRunner().invoke(analyze, ["--no-figures"])
    assert report.exit_code == 0, report.output
    (line,) = [line for line in report.stdout.splitlines() if line.strip().startswith("A1 beats")]
    return " ".join(line.split())


def test_a_script_of_another_environment(other_python: Path) -> None:
    alone = NOT_THERE.format(names=OURS, prefix=str(other_python.parents[1]))
    Path("script.py").write_text(alone + SCRIPT)
    assert "A1 beats BASE yes (+0.2" in judge("--command", TEMPLATE, "--python", str(other_python))
    (record,) = Path("outputs").glob("any/*/A1/seed-1/record.json")
    assert json.loads(record.read_text())["metric"] == "val_rmse"


def test_a_function_of_another_environment_with_folders_of_our_names(other_python: Path) -> None:
    for name, text in FUNCTION_FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    theirs = [name for name in OURS if not Path(name).is_dir()]
    alone = NOT_THERE.format(names=theirs, prefix=str(other_python.parents[1]))
    Path("train.py").write_text(alone + FUNCTION_FILES["train.py"])
    assert "A1 beats BASE yes (+0.2" in judge(*DATA, *FUNCTION, "--python", str(other_python))
