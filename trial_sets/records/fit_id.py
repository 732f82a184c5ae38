"""Which fit of a run: what its folder, its record and every message about it say."""

from pathlib import Path
from typing import NamedTuple


class FitId(NamedTuple):
    """One trial or baseline with one seed on one fold.

    Attributes
    ----------
    name : str
        That names its folder.
    seed : int
    fold : int or None
        From 1; None in a run without folds.
    """

    name: str
    seed: int
    fold: int | None = None

    @property
    def place(self) -> Path:
        """Where it lies in a run's folder."""
        fold = () if self.fold is None else (f"fold-{self.fold}",)
        return Path(self.name, *fold, f"seed-{self.seed}")

    def __str__(self) -> str:
        """Return what a message calls it."""
        fold = "" if self.fold is None else f" fold {self.fold}"
        return f"{self.name}{fold} seed {self.seed}"
