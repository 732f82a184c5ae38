import pytest

from trial_sets.tuning.usual import find_usual_decay, find_usual_rate


@pytest.mark.parametrize(
    ("optimizer", "rates"),
    [
        ("sgd", (0.01, 0.1, 0.01)),
        ("adam", (1e-4, 1e-3, 1e-3)),
        ("AdamW", (1e-4, 1e-3, 5e-4)),
        ("rmsprop", (1e-4, 1e-2, 5e-4)),
    ],
)
def test_rates_are_usual_for_an_optimizer(
    optimizer: str, rates: tuple[float, float, float]
) -> None:
    usual = find_usual_rate(optimizer)
    assert usual is not None
    assert (usual.low, usual.high, usual.start) == rates


def test_a_transformer_has_smaller_ones_with_adam_alone() -> None:
    usual = find_usual_rate("adam", is_transformer=True)
    assert usual is not None
    assert (usual.low, usual.high) == (5e-5, 5e-4)
    assert find_usual_rate("sgd", is_transformer=True) == find_usual_rate("sgd")
    assert find_usual_rate("lion") is None


def test_decays_are_usual_for_a_size() -> None:
    small, middling = find_usual_decay(50_000), find_usual_decay(5_000_000)
    assert small is not None
    assert middling is not None
    assert (small.low, small.high) == (1e-5, 1e-4)
    assert (middling.low, middling.high) == (1e-4, 1e-3)
    transformer = find_usual_decay(5_000_000, "adamw", is_transformer=True)
    assert transformer is not None
    assert (transformer.low, transformer.high) == (0.01, 0.1)
    assert find_usual_decay(2_000_000_000) is None
