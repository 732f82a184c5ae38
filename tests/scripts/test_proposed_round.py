"""From a search to a proposal, to its verdicts, to the next proposal, by the printed commands."""

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.analyze import main as analyze
from scripts.run_search import main as search
from scripts.run_supplementary import main as run

STUDY = {
    "title": "A parabola",
    "task": "none",
    "metric": {"name": "loss", "direction": "minimize"},
    "rope": 0.001,
    "seeds": [0, 1, 2],
    "parameters": {
        "x": {"type": "float", "low": -5, "high": 5},
        "kind": {"choices": ["a", "b"]},
    },
    "base": {"x": 0, "kind": "a"},
}
TRAINER = """
def train(configuration, data, context):
    x = configuration["x"]
    return {"loss": x**2 - x + 1 + (configuration["kind"] == "b") + context.seed / 1e4}
"""


def call(command: str) -> Result:
    """Run a command as it is printed."""
    name, *words = shlex.split(command)
    mains = {"run_supplementary": run, "analyze": analyze, "run_search": search}
    result = CliRunner().invoke(mains[name], words)
    assert result.exit_code == 0, result.output
    return result


def propose(source: str, folder: str) -> dict[str, str]:
    """Propose a round, and return the printed commands by what they do."""
    lines = call(f"analyze {source} --propose {folder}").stdout.splitlines()
    pairs = (line.rpartition(": ") for line in lines if ": " in line)
    return {what.split(":")[0]: command for what, _, command in pairs}


@pytest.mark.slow
def test_a_search_a_round_its_verdicts_and_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parabola").mkdir()
    Path("parabola/study.json").write_text(json.dumps(STUDY))
    Path("parabola.py").write_text(TRAINER)
    call("run_search --study parabola --trainer parabola.py:train --trials 30 --sampler random")
    commands = propose("outputs/parabola", "next")
    page = Path("next/proposal.md").read_text()
    assert "shift the range" in page
    call(commands["Approve"])
    call(commands["Run"])
    report = json.loads(call(f"{commands['Judge']} --json - --no-figures").stdout)
    (made,) = report["reports"]
    rows = made["checklist"]["rows"]
    assert [row["set"] for row in rows] == ["A", "V"]
    assert rows[0]["observation"]["difference"] > 0
    assert propose("outputs/next", "after")["Run"].startswith("run_supplementary --set all")
    call(commands["Set what came beside what was predicted"])
    page = Path("next-rounds.md").read_text()
    assert "is taken on trust" in page
    assert "| round 1       | round 2        | BASE |" in page
    both = propose("outputs/parabola outputs/next", "both")
    call(both["See what would run"])


@pytest.mark.slow
def test_the_sets_of_the_first_round_run_and_are_judged(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = shlex.join(map(str, sorted((shared_data / "first_round").glob("*.json"))))
    commands = propose(files, "next")
    short = "--epochs 1 --context 16"
    call(f"{commands['Approve']} {short}")
    call(f"{commands['Run'].replace('--seeds 3', '--seeds 2')} {short} --no-baselines")
    report = json.loads(call(f"{commands['Judge']} --json - --no-figures").stdout)
    rows = report["reports"][0]["checklist"]["rows"]
    assert [row["set"] for row in rows] == ["A", "B", "C", "D", "E", "F", "V"]
    assert all(row["judgement"]["verdict"] for row in rows)


SIGNAL = {
    "title": "First",
    "seeds": [0, 1],
    "parameters": {
        "rate": {"type": "float", "low": 1e-4, "high": 1, "log": True},
        "width": {"type": "int", "low": 1, "high": 64},
    },
    "base": {"rate": 1, "width": 8},
    "controls": {"K": {}},
}
RESPONSE = """
import numpy as np


def train(configuration, data, context):
    labels = data.labels[data.val_rows]
    common = np.random.default_rng(7).normal(size=len(labels))
    place = np.log10(configuration["rate"]) + 2
    own = np.random.default_rng([context.seed, int(1e4 * place**2), configuration["width"]])
    skill = 1.2 - 0.35 * place**2
    context.save_predictions(skill * labels + common + 0.3 * own.normal(size=len(labels)))
    return {}
"""


@pytest.mark.slow
def test_rounds_on_the_embedded_data_are_set_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rates, widths = (1e-4, 1e-3, 3e-3, 3e-2, 1e-1, 1), (4, 8, 16)
    trials = {
        f"A{i}{j}": {"rate": rate, "width": width}
        for i, rate in enumerate(rates)
        for j, width in enumerate(widths)
        if (rate, width) != (1, 8)
    }
    Path("first").mkdir()
    Path("first/study.json").write_text(json.dumps(SIGNAL))
    Path("first/A.json").write_text(json.dumps({"title": "A", "control": "K", "trials": trials}))
    Path("trainer.py").write_text(RESPONSE)
    own = "--trainer trainer.py:train --no-baselines"
    call(f"run_supplementary --study first --set all --seeds 2 {own}")
    commands = propose("outputs/first", "next")
    call(commands["Approve"])
    call(f"{commands['Run']} --no-baselines")
    beside = commands["Set what came beside what was predicted"]
    assert beside == "analyze outputs/first outputs/next --rounds next-rounds.md"
    (made,) = json.loads(call(f"{beside} --json - --no-figures").stdout)["reports"]
    found = {one["set"]: (one["standing"], one["outcome"]) for one in made["predictions"]}
    assert found == {
        "A": ("established", "open"),
        "B": ("hunch", "open"),
        "F": ("hunch", "survived"),
        "V": ("hunch", "open"),
    }
    (again,) = made["reruns"]
    assert again["shift"]["high"] > again["shift"]["estimate"] > again["shift"]["low"]
    assert again["second"] < again["first"]
    (gain,) = made["gains"]
    assert (gain["basis"], gain["other"]) == ("own fits", "BASE")
    assert 0 < gain["low"] < gain["estimate"]
    third = propose("outputs/first outputs/next", "third")
    assert json.loads(Path("third/study.json").read_text())["seeds"] == [5, 6, 7]
    call(third["See what would run"])
