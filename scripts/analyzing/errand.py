"""One report to be made: what from, where to, and how."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.report.document import Report

Make = Callable[[bool, Callable[[], None]], Report]  # with figures or not; called after a step


@dataclass(frozen=True, slots=True)
class Errand:
    """A report that was asked for."""

    source: str
    path: Path
    n_steps: int
    make: Make
