from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.searches.constant_loss import measure_constant_losses
from analysis.searches.diagnosis import diagnose_search
from analysis.searches.search import Search
from tests.analysis.searched import Told
from tests.analysis.synthetic import make_study, write_run
from trial_sets.records.record import Failure
from trial_sets.records.run_info import read_run_info

MakeSearch = Callable[..., Search]
VALUES = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}
WELL = ((0.9, 0.9), (0.7, 0.72), (0.6, 0.62), (0.55, 0.6), (0.52, 0.6), (0.5, 0.6), (0.5, 0.6),
        (0.49, 0.6))  # fmt: skip


def told(
    curve: Sequence[tuple[float, float]], number: int = 1, score: float = 0.7, **changes: Any
) -> Told:
    values = {**VALUES, "dropout": round(0.01 * number, 2)}
    metrics = {"val_min_probability": 0.1, "val_max_probability": 0.9}
    return Told(values, score, curve=curve, metrics=metrics, **changes)


@pytest.mark.parametrize(
    ("curve", "stop_reason", "ailment", "figure"),
    [
        pytest.param(WELL, "epochs", None, "", id="well"),
        pytest.param(
            ((0.9, 0.9), (0.5, 0.7), (0.8, 0.7), (0.5, 0.7)), "epochs",
            "unstable", "training loss rose 60.0% above its lowest", id="a spike",
        ),
        pytest.param(
            ((0.9, 0.9), (0.6, 0.7), (0.4, 0.6), (0.3, 0.63), (0.2, 0.75)), "patience",
            "overfitting", "validation loss ends 25.0% above its lowest, of epoch 3", id="overfit",
        ),
        pytest.param(
            ((0.9, 0.9), (0.85, 0.85), (0.8, 0.8), (0.75, 0.75)), "epochs",
            "too slow", "the last quarter of the epochs brought 33.3% of the whole fall",
            id="slow",
        ),
        pytest.param(
            ((0.9, 0.9), (0.85, 0.85), (0.8, 0.8), (0.75, 0.75)), "patience",
            "underfitting", "training loss never below ", id="stopped high",
        ),
        pytest.param(
            ((0.9, 0.9), (0.7, 0.7), (0.7, 0.7), (0.7, 0.7)), "epochs",
            "underfitting", "of a constant prediction's, the search's lowest validation loss is ",
            id="a plateau",
        ),
    ],
)  # fmt: skip
def test_a_curve_has_the_ailment_that_it_was_made_with(
    make_search: MakeSearch,
    run: Path,
    curve: Sequence[tuple[float, float]],
    stop_reason: str,
    ailment: str | None,
    figure: str,
) -> None:
    search = make_search(told(WELL), told(curve, 2, stop_reason=stop_reason), run=run)
    found = diagnose_search(search)
    assert found[0] == ()
    assert [one.ailment for one in found[1]] == ([ailment] if ailment else [])
    assert all(figure in one.figure for one in found[1])


def test_a_fit_that_diverged_is_told_from_one_that_failed(
    make_search: MakeSearch, run: Path
) -> None:
    diverged, broken = (Failure(kind=kind, message="m") for kind in ("diverged", "error"))
    search = make_search(
        told(WELL),
        told(((0.9, 0.9),), 2, status="failed", failure=diverged),
        told((), 3, status="failed", failure=diverged),
        told((), 4, status="failed", failure=broken),
        run=run,
    )
    found = diagnose_search(search)
    assert {number: [one.figure for one in ailments] for number, ailments in found.items()} == {
        0: [], 1: ["after 1 epoch"], 2: ["in its first epoch"],
    }  # fmt: skip


def test_pruned_trials_are_not_diagnosed(make_search: MakeSearch, run: Path) -> None:
    search = make_search(told(WELL), told(WELL, 2, status="pruned"), run=run)
    assert list(diagnose_search(search)) == [0]


def test_probabilities_that_hardly_vary_have_collapsed(make_search: MakeSearch, run: Path) -> None:
    flat = told(WELL)
    flat.metrics = {"val_min_probability": 0.31, "val_max_probability": 0.35}
    (one,) = diagnose_search(make_search(flat, run=run))[0]
    assert (one.ailment, one.figure) == ("collapse", "probabilities span 0.04")


def test_numbers_that_hardly_vary_have_collapsed(
    make_search: MakeSearch, tmp_path: Path, rng: np.random.Generator
) -> None:
    labels = rng.normal(size=300)
    study = make_study(
        tmp_path / "numbers", [], task="regression", metric={"name": "rmse"}, rope=0.01
    )
    folder = write_run(tmp_path / "numbers-out", study, labels, {("ridge", 0): 0.5 * labels})
    search = make_search(
        scored(0.02 * labels, 1), scored(0.5 * labels, 2), run=folder, labels=labels
    )
    found = diagnose_search(search)
    assert [[one.figure for one in found[n]] for n in (0, 1)] == [
        ["predictions spread 2.0% as far as the labels"], [],
    ]  # fmt: skip


def scored(values: NDArray[np.float64], number: int) -> Told:
    return Told({**VALUES, "dropout": 0.1 * number}, 1.0, values, curve=WELL)


def test_a_harder_training_period_is_no_underfitting(
    make_search: MakeSearch, tmp_path: Path, rng: np.random.Generator
) -> None:
    """Twice the deviation is four times the squared error, of a constant as of the network."""
    labels = rng.normal(size=300)
    study = make_study(
        tmp_path / "numbers", [], task="regression", metric={"name": "rmse"}, rope=0.01
    )
    folder = write_run(tmp_path / "numbers-out", study, labels, {("ridge", 0): 0.5 * labels})
    search = make_search(told(((3.2, 0.9), (2.8, 0.7), (2.4, 0.6))), run=folder)
    (trial,) = search.trials
    info = search.run.info
    harder = info.data.splits["train"].model_copy(update={"deviation": 2.0})
    even = info.data.splits["train"].model_copy(update={"deviation": 1.0})
    for train, ailments in ((harder, []), (even, ["underfitting"])):
        splits = {"train": train, "validation": even}
        data = info.data.model_copy(update={"splits": splits})
        run = replace(search.run, info=info.model_copy(update={"data": data}))
        found = diagnose_search(replace(search, run=run))[trial.number]
        assert [one.ailment for one in found] == ailments


@pytest.mark.parametrize(
    ("settings", "losses"),
    [
        ({}, (0.5623, 0.6931)),
        ({"positive_class_weight": 2.0}, None),
        ({"positive_class_weight": 1.0, "label_smoothing": 0.0}, (0.5623, 0.6931)),
    ],
)
def test_a_constant_loses_the_entropy_of_the_classes(
    run: Path, settings: dict[str, float], losses: tuple[float, float] | None
) -> None:
    info = read_run_info(run / "run.json")
    split = info.data.splits["train"]
    splits = {"train": split.model_copy(update={"rows": 400, "positives": 100}),
              "validation": split.model_copy(update={"rows": 200, "positives": 100})}  # fmt: skip
    data = info.data.model_copy(update={"splits": splits})
    found = measure_constant_losses(info.model_copy(update={"data": data}), settings)
    assert found == (losses if losses is None else pytest.approx(losses, abs=1e-4))


def test_losses_of_other_functions_are_no_reference(make_search: MakeSearch, run: Path) -> None:
    """A single trial is its own reference, and its training loss lies below its validation's."""
    high = tuple((10 * train, 10 * val) for train, val in WELL)
    assert diagnose_search(make_search(told(high), run=run))[0] == ()
