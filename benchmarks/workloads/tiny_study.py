"""A study of networks so small that what surrounds the training shows."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

BASE = {
    "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1,
    "learning_rate": 1e-3, "weight_decay": 0.0, "context": 16, "patch": 8, "stride": 8,
}  # fmt: skip


def write_tiny_study(
    folder: Path, trials: Mapping[str, Mapping[str, float]], *, seeds: Sequence[int], epochs: int
) -> Path:
    """Write a study with one set, A; return its folder.

    Parameters
    ----------
    folder
        Where the study's folder goes.
    trials
        What each trial changes of the base, by its name.
    seeds
        The study's.
    epochs
        That every trial trains at most.
    """
    study = folder / "tiny"
    study.mkdir()
    base = {**BASE, "epochs": epochs}
    head = {"title": "Tiny", "seeds": list(seeds), "base": base, "controls": {}}
    (study / "study.json").write_text(json.dumps(head))
    (study / "A.json").write_text(json.dumps({"title": "Tiny", "trials": trials}))
    return study
