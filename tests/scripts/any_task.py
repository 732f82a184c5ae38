"""A study of any task that works, with a table, a function and a script, to be bent."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

STUDY: dict[str, Any] = {
    "title": "Any",
    "task": "regression",
    "label": {"column": "y"},
    "split": {"kind": "random"},
    "rope": 0.1,
    "seeds": [0, 1],
    "parameters": {
        "rate": {"type": "float", "low": 0.001, "high": 1, "log": True},
        "depth": {"type": "int", "low": 1, "high": 9},
    },
    "base": {"rate": 0.1, "depth": 3},
    "controls": {"BASE": {}},
}
SET: dict[str, Any] = {
    "title": "A",
    "control": "BASE",
    "trials": {"A1": {"depth": 5}},
    "claims": [{"better": ["A1"], "than": ["BASE"]}],
}
RUN = ("--study", "any", "--set", "A")
DATA = ("--data", "table.csv")
FUNCTION = ("--trainer", "train.py:train")
TEMPLATE = "python script.py {rate} {depth} {seed} {out}"


def write(name: str, content: dict[str, Any]) -> None:
    Path("any").mkdir(exist_ok=True)
    Path("any", f"{name}.json").write_text(json.dumps(content))


def write_example(rng: np.random.Generator) -> None:
    """Write the study, its table, a function and a script into the folder where one is."""
    write("study", STUDY)
    write("A", SET)
    table = {"x": rng.normal(size=120), "z": rng.normal(size=120), "y": rng.normal(size=120)}
    pd.DataFrame(table).assign(
        kind=np.repeat(["a", "b", "c"], 40),
        rare=["a"] * 60 + ["b"] * 59 + ["c"],
        part=(["train"] * 80 + ["val"] * 40),
        patient=np.repeat(["p", "q"], 60),
    ).to_csv("table.csv", index=False)
    Path("train.py").write_text("def train(configuration, data, context):\n    return {}\n")
    Path("script.py").write_text("print()\n")
