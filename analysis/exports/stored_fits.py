"""The fits of a run or a search, read one after another and kept no longer than needed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from analysis.runs.run import read_fits
from analysis.runs.run_fit import RunFit
from trial_sets.records.layout import BASELINE_PREFIX, RunLayout
from trial_sets.records.run_info import RunInfo, read_run_info

ScoredOn = Literal["validation", "test"]


@dataclass(frozen=True)
class StoredFits:
    """Where fits lie, to be read as often as needed.

    Attributes
    ----------
    layout
        Of the run, or of one search in it, which is read with the run's baselines.
    notes
        Receives a sentence for each record that cannot be used.
    """

    layout: RunLayout
    info: RunInfo
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of_layout(cls, layout: RunLayout) -> "StoredFits":
        """Return the fits below a run's folder, or a search's.

        Raises
        ------
        InputError
            If run.json cannot be used.
        """
        return cls(layout, read_run_info(layout.run_json))

    def read(self, *, with_predictions: bool) -> Iterator[tuple[ScoredOn, RunFit]]:
        """Yield every fit: of folds one each, and those that were scored on the test period.

        Raises
        ------
        InputError
            If a record is of a fold that the run does not have.
        """
        is_search = self.layout.search_name is not None
        run = RunLayout(self.layout.path)
        parts: list[tuple[ScoredOn, RunLayout, str, list[Path] | None]] = [
            ("validation", self.layout, "", None)
        ]
        if is_search:
            parts.append(("validation", run, "", _list_baselines(run)))
        else:
            parts.append(("test", run.of_test(), "test_", None))
        self.notes.clear()
        for scored_on, layout, prefix, among in parts:
            found = read_fits(
                layout,
                self.info,
                prefix,
                self.notes,
                among=among,
                with_predictions=with_predictions,
            )
            for fit in found:
                yield scored_on, fit


def _list_baselines(run: RunLayout) -> list[Path]:
    return [fit for fit in run.list_fits() if fit.parts[len(run.path.parts)].startswith(
        BASELINE_PREFIX)]  # fmt: skip
