"""Names that everybody uses mean the patch transformer's hyperparameters if they are the same."""

import pytest

from trial_sets.aliases import ALIASES, SEEDS, find_meant
from trial_sets.configuration import Configuration


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("lr", "learning_rate"), ("wd", "weight_decay"), ("batch", "batch_size")),
        *(("bs", "batch_size"), ("seq_len", "context"), ("hidden_size", "d_model")),
        *(("num_layers", "n_layers"), ("n_head", "n_heads"), ("num_heads", "n_heads")),
        *(("patch_size", "patch"), ("patch_len", "patch"), ("max_epochs", "epochs")),
        *(("early_stopping_patience", "patience"), ("max_grad_norm", "gradient_clip")),
        *(("learningRate", "learning_rate"), ("Batch-Size", "batch_size"), ("LR", "learning_rate")),
        *(("random_state", SEEDS), ("d_model", "d_model"), ("revin", "revin")),
    ],
)
def test_a_name_means_what_it_says(name: str, meant: str) -> None:
    assert find_meant(name) == meant


@pytest.mark.parametrize(
    "name", ["d_ff", "dim_feedforward", "warmup_steps", "n_estimators", "max_depth", ""]
)
def test_what_is_counted_otherwise_is_no_other_name(name: str) -> None:
    assert find_meant(name) is None


def test_every_hyperparameter_is_found_and_no_other_is_meant() -> None:
    assert set(ALIASES.values()) | {"options"} == {*Configuration.model_fields, SEEDS}
