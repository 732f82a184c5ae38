"""Every command of the README works as it stands there."""

import json
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from models.data.embedded import find_embedded_file
from scripts.analyze import main as analyze
from scripts.run_supplementary import main
from tests.analysis.readers.optuna.test_sqlite import TWO_STUDIES, store

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)[1:]
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in re.findall(r"^\$ (run_supplementary .*)$", block, re.MULTILINE)
]
ANALYSES = [
    shlex.split(line, comments=True)[1:]
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in re.findall(r"^\$ (analyze.*)$", block, re.MULTILINE)
]
FILES = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator) -> Path:
    """Go to a folder that holds the files that the README's commands name."""
    monkeypatch.chdir(tmp_path)
    pd.read_csv(find_embedded_file()).to_csv("prices.csv", index=False)
    hours = pd.date_range("2024-01-01", periods=1000, freq="h")
    heat = rng.normal(size=1000).cumsum()
    failure = (rng.random(1000) < 0.3).astype(int)
    table = {"time": hours, "heat": heat, "noise": rng.normal(size=1000), "failure": failure}
    pd.DataFrame(table).to_csv("sensors.csv", index=False)
    CliRunner().invoke(main, ["--new-study", "my_study"])
    for name, text in FILES:
        Path(name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_is_understood(arguments: list[str]) -> None:
    looks = {"--list", "--dry-run", "--new-study", "--fix-claims"} & set(arguments)
    if "--new-study" in looks:
        shutil.rmtree("my_study")
    look = [] if looks else ["--dry-run"]
    result = CliRunner().invoke(main, [*arguments, *look])
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_example_trainer_runs_two_trials_with_two_seeds(here: Path) -> None:
    (arguments,) = [a for a in COMMANDS if "--trainer" in a]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.stderr
    assert "4 fits complete" in result.stdout
    assert len(list(here.glob("outputs/a50/*/A[12]/seed-*/predictions.npz"))) == 4


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("arguments", ANALYSES, ids=" ".join)
def test_every_analysis_is_understood(arguments: list[str]) -> None:
    shutil.copytree(ROOT / "outputs" / "example", "outputs/example")
    Path("trials.csv").write_text("lr,layers,acc\n0.1,2,0.8\n0.01,2,0.9\n0.1,4,0.7\n")
    trial = {"params": {"lr": 0.1, "layers": 3}, "acc": 0.6}
    Path("results.json").write_text(json.dumps([trial]))
    Path("study.db").write_text("lr,layers,acc\n0.2,2,0.85\n")
    scores = [f"BASE,0,{row},{row % 2},{row % 7}" for row in range(80)]
    Path("scores.csv").write_text("\n".join(["trial,seed,row,label,score", *scores]))
    store(Path("search.db"), TWO_STUDIES.replace("'s'", "'resnet'"))
    result = CliRunner().invoke(analyze, [*arguments, "--no-figures"])
    assert (result.exit_code, result.stderr) == (0, "")
