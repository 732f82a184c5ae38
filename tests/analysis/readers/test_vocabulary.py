"""Names of columns, as the tools and people of the field write them."""

import pytest

from analysis.readers.vocabulary import (
    find_own,
    is_known_param,
    is_measured,
    is_statistic,
)


@pytest.mark.parametrize(
    "name",
    ["lr", "Learning Rate", "learningRate", "eta", "batch_size", "Batch Size", "model.depth",
     "optim/lr", "clf__C", "svc:gamma", "n_estimators", "max_depth", "Dropout", "units_1",
     "num_layers", "hidden_size", "weight_decay", "train_batch_size", "test_size", "optimizer"],
)  # fmt: skip
def test_names_of_hyperparameters(name: str) -> None:
    assert is_known_param(name)
    assert not is_measured(name)


@pytest.mark.parametrize(
    "name",
    ["val_loss", "test_f1", "F1-Score", "Training Time (s)", "fit_time", "mean_fit_time", "std",
     "rank_test_score", "split3_test_score", "acc_std", "True Positives", "n_params", "Time",
     "peak_memory_mb", "inference_ms", "confusion.tp", "best_epoch", "pred_time_val"],
)  # fmt: skip
def test_names_of_what_is_measured(name: str) -> None:
    assert is_measured(name)
    assert not is_known_param(name)


@pytest.mark.parametrize("name", ["mean_test_score", "acc", "Standard", "ranker", "splitter"])
def test_what_is_no_by_product_of_a_search(name: str) -> None:
    assert not is_statistic(name)


def test_what_a_tool_writes_for_itself() -> None:
    assert find_own(["lr", "_wandb", "_step", "hostname", "pid"]) == {
        *("_wandb", "_step", "hostname", "pid")
    }
    assert find_own(["lr", "notes", "group", "type"]) == frozenset()
    assert find_own(["notes", "Created", "Sweep", "lr"]) == {"notes", "Created", "Sweep"}
