import numpy as np
import pandas as pd
import pytest

from analysis.figures.curves import plot_curves
from tests.analysis.figures.conftest import HOSTILE, Check, list_texts
from trial_sets.errors import InputError


def make_curves(trials: list[str], epochs: dict[int, int], selected: float = 2) -> pd.DataFrame:
    """Make curves of some trials; `epochs` are those that each seed ran."""
    return pd.DataFrame(
        {
            "trial": trial,
            "seed": seed,
            "epoch": epoch,
            "val_metric": 0.6 + 0.01 * epoch + 0.1 * seed,
            "train_loss": 1 / epoch + number,
            "selected_epoch": selected,
        }
        for number, trial in enumerate(trials)
        for seed, last in epochs.items()
        for epoch in range(1, last + 1)
    )


def test_one_panel_shows_the_metric_and_one_the_loss() -> None:
    figure = plot_curves(make_curves(["A1", "A2"], {0: 5}), title="Set A")
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "validation AUC",
        "training loss",
    ]
    assert {"Set A", "A1", "A2", "selected epoch"} <= set(list_texts(figure))


def test_the_mean_ends_with_the_first_seed_that_stops() -> None:
    score = plot_curves(make_curves(["A1"], {0: 4, 2: 6})).axes[0]
    named = [line for line in score.lines if line.get_label() == "A1"]
    assert list(named[0].get_xdata()) == [1, 2, 3, 4]
    np.testing.assert_allclose(named[0].get_ydata(), [0.71, 0.72, 0.73, 0.74])
    thin = [line for line in score.lines if line.get_linewidth() < 1 and line.get_alpha()]
    assert [len(line.get_xdata()) for line in thin] == [4, 6]


def test_the_selected_epoch_of_each_seed_is_ringed() -> None:
    score = plot_curves(make_curves(["A1"], {0: 4, 2: 6})).axes[0]
    rings = [line for line in score.lines if line.get_markerfacecolor() == "none"]
    np.testing.assert_allclose(rings[0].get_xdata(), [2, 2])
    np.testing.assert_allclose(rings[0].get_ydata(), [0.62, 0.82])


def test_a_fit_without_a_selected_epoch_has_no_ring() -> None:
    score = plot_curves(make_curves(["A1"], {0: 4}, selected=np.nan)).axes[0]
    rings = [line for line in score.lines if line.get_markerfacecolor() == "none"]
    assert len(rings[0].get_xdata()) == 0


@pytest.mark.parametrize("n_trials", [1, 12, 13, 30])
def test_nothing_overlaps_or_leaves_the_canvas(
    check_canvas: Check, check_overlaps: Check, n_trials: int
) -> None:
    names = [f"trial {number} of the set" for number in range(n_trials)]
    figure = plot_curves(make_curves(names, {0: 12}), title="Set A")
    check_canvas(figure)
    check_overlaps(figure)
    assert figure.axes[0].get_window_extent().width > figure.bbox.width / 4


def test_thirty_trials_all_look_different() -> None:
    score = plot_curves(make_curves([str(n) for n in range(30)], {0: 3})).axes[0]
    looks = {
        (line.get_color(), line.get_marker(), line.get_linestyle())
        for line in score.lines
        if line.get_label().isdecimal()
    }
    assert len(looks) == 30


def test_any_name_is_drawn_as_it_is(check_canvas: Check) -> None:
    figure = plot_curves(make_curves(list(HOSTILE), {0: 1}), title="$".join(HOSTILE))
    check_canvas(figure)


def test_curves_without_epochs_or_columns_are_refused() -> None:
    curves = make_curves(["A1"], {0: 2})
    with pytest.raises(InputError, match="at least one epoch, got none"):
        plot_curves(curves.iloc[:0])
    with pytest.raises(InputError, match="lack the columns seed and val_metric"):
        plot_curves(curves.drop(columns=["seed", "val_metric"]))
