"""Two rounds written by hand: the second departs from the first one's best, and says so."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.report.run import prepare_frame
from analysis.rounds.origins import cite_run
from analysis.rounds.round import Round
from analysis.runs.run import read_run
from tests.analysis.synthetic import BASE, Scores, claim, make_labels, make_study, write_run
from trial_sets.loading.study_folder import load_study
from trial_sets.study import Study

SEEDS, NEW_SEEDS = (0, 1, 2), (3, 4, 5)
ROPE = 0.02
FIRST_GAINS = {"A1": 1.2, "A2": 1.0, "A3": 0.9, "K": 0.8}
SECOND_GAINS = {"BASE": 1.2, "A1": 2.0, "B1": 1.2}
Gains = Mapping[str, float]
LUCKY = {("A1", s): 0.80 - 0.01 * s for s in SEEDS} | {
    (name, s): mean + 0.01 * s for name, mean in {"A2": 0.70, "K": 0.69} .items() for s in SEEDS
}  # fmt: skip
AGAIN = {("BASE", s): 0.72 + 0.01 * (s - 4) for s in NEW_SEEDS} | {
    (name, s): 0.71 + 0.01 * (s - 4) for name in ("A1", "B1") for s in NEW_SEEDS
}


def make_origin(**changes: object) -> dict[str, Any]:
    """Return what the second round says of where it is from."""
    move = {"rule": "extend", "hyperparameter": "learning_rate", "values": [0.002],
            "is_established": True, "evidence": "0.001 leads.", "set": "A"}  # fmt: skip
    hunch = {"rule": "fill", "hyperparameter": "weight_decay", "values": [0.01],
             "is_established": False, "evidence": "0.0 leads a little.", "set": "B"}  # fmt: skip
    champion = {"name": "trial A1", "values": {"dropout": 0.2}, "score": 0.5, "fits": 3,
                "configurations": 4, "control": "BASE"}  # fmt: skip
    return {
        "version": 1,
        "sources": [{"study": "first", "run": "data-00000000"}],
        "metric": "val_auc",
        "direction": "maximize",
        "trials": 12,
        "champion": champion,
        "moves": [move, hunch],
        **changes,
    }


def make_second(folder: Path, origin: Mapping[str, Any] | None) -> Study:
    """Write and load the second round's study: a true effect in set A, and none in set B."""
    folder.mkdir(parents=True)
    head = {"title": "Second", "seeds": NEW_SEEDS, "base": {**BASE, "dropout": 0.2}, "rope": ROPE,
            "controls": {"BASE": {}}}  # fmt: skip
    head |= {} if origin is None else {"origin": origin}
    trials = {"A": {"A1": {"learning_rate": 2e-3}}, "B": {"B1": {"weight_decay": 0.01}}}
    (folder / "study.json").write_text(json.dumps(head))
    for name, some in trials.items():
        (first,) = some
        said = [claim(f"{first} beats BASE", [first], ["BASE"])]
        content = {"title": name, "control": "BASE", "trials": some, "expectations": said}
        (folder / f"{name}.json").write_text(json.dumps(content))
    return load_study(folder)


def draw(
    rng: np.random.Generator, labels: NDArray[np.int8], gains: Gains, seeds: tuple[int, ...]
) -> Scores:
    common = rng.normal(size=len(labels))
    return {
        (name, seed): gain * labels + common + 0.2 * rng.normal(size=len(labels))
        for name, gain in gains.items()
        for seed in seeds
    }


def read_round(folder: Path, number: int) -> Round:
    run = read_run(folder)
    frame = prepare_frame(run, run.info.study.rope)
    return Round(number, f"{run.info.study.title}: {run.info.run}", frame, (cite_run(run),), run)


def write_rounds(
    place: Path,
    first: Gains | Scores | None = None,
    second: Scores | None = None,
    *,
    origin: Mapping[str, Any] | None = None,
) -> tuple[Path, Path]:
    """Write both runs into an outputs folder, with their studies, and return their folders."""
    rng = np.random.default_rng(20260128)
    labels = make_labels(rng)
    claims = [claim("A1 beats K", ["A1"], ["K"])]
    study = make_study(place / "studies" / "first", claims, rope=ROPE, seeds=SEEDS)
    gains = FIRST_GAINS if first is None else first
    is_drawn = all(isinstance(name, str) for name in gains)
    later = draw(rng, labels, SECOND_GAINS, NEW_SEEDS)
    scores = draw(rng, labels, gains, SEEDS) if is_drawn else gains  # type: ignore[arg-type]
    one = write_run(place, study, labels, scores)  # type: ignore[arg-type]
    proposed = make_second(place / "studies" / "second", origin)
    return one, write_run(place, proposed, labels, second or later)
