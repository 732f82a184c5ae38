"""Tiers of importance and shares of a budget, in anybody's spelling."""

import pytest

from trial_sets.configuration import Configuration, LstmConfiguration
from trial_sets.tuning.tiers import PARTS, TIERS, find_kind, find_tier, rank_names

BY_HAND = {
    1: "learning_rate lr base_lr schedule lr_scheduler gamma step_size final_factor",
    2: "batch_size batch bs optimizer optim",
    3: "weight_decay wd l2 momentum beta1 adam_beta2 betas warmup_fraction warmup_steps "
    "warmup_ratio",
    4: "hidden_size d_model width num_layers depth n_heads d_ff_ratio dropout drop_rate grad_clip "
    "max_grad_norm label_smoothing",
    5: "activation act_fn eps adam_epsilon layer_norm_eps",
}


@pytest.mark.parametrize(
    ("name", "tier"), [(name, tier) for tier, names in BY_HAND.items() for name in names.split()]
)
def test_a_name_has_the_guides_tier(name: str, tier: int) -> None:
    assert find_tier(name) == find_tier(name.upper()) == find_tier(f"options.{name}") == tier


def test_what_the_guides_do_not_rank_has_no_tier() -> None:
    for name in ("epochs", "patience", "loss", "context", "n_estimators", "seed"):
        assert find_tier(name) is None


def test_every_searched_field_of_the_networks_is_known_or_said_not_to_be() -> None:
    fields = {*Configuration.model_fields, *LstmConfiguration.model_fields}
    assert {name for name in fields if find_kind(name) is None} == {
        *("epochs", "patience", "min_delta", "loss", "positive_class_weight"),
        *("context", "patch", "stride", "revin", "options"),
    }


def test_the_parts_are_the_guides_and_make_up_a_whole() -> None:
    assert list(PARTS.values()) == [0.40, 0.30, 0.15, 0.10, 0.05]
    assert [tier.number for tier in TIERS] == [1, 2, 3, 4, 5]


def test_the_order_is_that_of_the_tiers_and_the_shares_add_up() -> None:
    ranked = rank_names(["foo", "dropout", "act", "wd", "scheduler", "bs", "lr", "momentum"])
    assert [one.name for one in ranked] == [
        *("lr", "scheduler", "bs", "wd", "momentum", "dropout", "act", "foo")
    ]
    shares = {one.name: one.share for one in ranked}
    assert shares["lr"] == pytest.approx(0.40)
    assert shares["wd"] == shares["dropout"] == pytest.approx(0.05)
    assert shares["momentum"] == shares["act"] == shares["foo"] == pytest.approx(0.05 / 3)
    assert sum(shares.values()) == pytest.approx(1)


def test_what_absent_parts_would_have_had_is_divided_in_proportion() -> None:
    rate, batch = rank_names(["batch_size", "learning_rate"])
    assert (rate.name, batch.name) == ("learning_rate", "batch_size")
    assert rate.share == pytest.approx(0.40 / 0.55)
    assert rank_names(["n_estimators"])[0].share == pytest.approx(1)
