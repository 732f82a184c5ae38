"""What the simulations print has a line a case, at once with a few batches."""

from dataclasses import replace

import pytest

from tests.analysis.simulation import walk_forward
from tests.analysis.simulation.power import BETTER, format_cells, measure_power


def test_the_table_of_power_has_every_design() -> None:
    difference, cells = measure_power(replace(BETTER, n_trials=3, insights=(0.1, 0, 0)),
                                      n_batches=3, n_earlier=3)  # fmt: skip
    lines = list(format_cells(difference, cells))
    assert [line.split()[0] for line in lines[2:]] == ["1", "2", "4", "8"]
    assert len(cells) == 16
    assert all(cell.confirms == 0 for cell in cells if cell.n_seeds == 1)
    assert max(cell.largest_error for cell in cells) <= 1


def test_the_tables_of_folds_epochs_and_looks_have_every_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = list(walk_forward.FOLDS.items())[-1:]
    monkeypatch.setattr(walk_forward, "FOLDS", dict(first))
    monkeypatch.setattr(walk_forward, "EPOCHS", dict(list(walk_forward.EPOCHS.items())[:1]))
    monkeypatch.setattr(walk_forward, "DECIDING", dict(list(walk_forward.DECIDING.items())[:1]))
    walk_forward.print_folds(0.001)
    walk_forward.print_epochs(0.01)
    walk_forward.print_deciding(0.002)
    printed = capsys.readouterr().out
    assert "two trials, refits by .05" in printed
    assert "one fold of 422 rows, S = 3" in printed
    assert "4 folds of 211 rows, null" in printed
