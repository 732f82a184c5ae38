from collections.abc import Sequence

import numpy as np
import pytest
import torch

from models.network.randomness import (
    DeviceMasks,
    HostMasks,
    MaskSource,
    Stream,
    open_masks,
    open_stream,
)
from models.settings import ReplicaSettings

CPU = torch.device("cpu")
RATES = (0.0, 0.1, 0.3, 0.5, 0.9)


def replicas(rates: Sequence[float]) -> list[ReplicaSettings]:
    return [ReplicaSettings(seed, rate, 1e-3, 0.0) for seed, rate in enumerate(rates)]


def draw(masks: MaskSource, *shape: int) -> torch.Tensor:
    return masks.draw(torch.empty(shape))


@pytest.fixture(params=["host", "device"])
def masks(request: pytest.FixtureRequest) -> MaskSource:
    """Return either source; the accelerator's also runs on a CPU."""
    settings = replicas(RATES)
    return HostMasks(settings) if request.param == "host" else DeviceMasks(settings, CPU)


def test_a_seed_has_independent_streams_that_repeat() -> None:
    first = [open_stream(7, stream).integers(0, 2**62) for stream in Stream]
    again = [open_stream(7, stream).integers(0, 2**62) for stream in Stream]
    other = [open_stream(8, stream).integers(0, 2**62) for stream in Stream]
    assert first == again
    assert len({*first, *other}) == 2 * len(Stream)


def test_each_replica_is_dropped_at_its_own_rate(masks: MaskSource) -> None:
    n_draws, n = 400, 1000
    draws = [(draw(masks, 5, n) == 0).double().mean(1) for _ in range(n_draws)]
    dropped = torch.stack(draws).mean(0).tolist()
    for rate, observed in zip(RATES, dropped, strict=True):
        # A draw's own rate is one of two neighbours, at most 1 / 256 apart.
        deviation = (rate * (1 - rate) / (n_draws * n) + (0.5 / 256) ** 2 / n_draws) ** 0.5
        assert observed == pytest.approx(rate, abs=5 * deviation)


def test_one_draw_is_dropped_at_a_neighbouring_multiple() -> None:
    n = 400_000
    observed = (draw(HostMasks(replicas([0.3])), 1, n) == 0).double().mean().item()
    deviation = (0.21 / n) ** 0.5
    assert min(abs(observed - k / 256) for k in (76, 77)) < 5 * deviation


def test_all_eight_bytes_of_a_word_are_dropped_alike() -> None:
    n = 800_000
    lanes = (draw(HostMasks(replicas([0.25])), 1, n) == 0).view(-1, 8).double().mean(0)
    assert torch.all((lanes - 0.25).abs() < 5 * (0.1875 / (n / 8)) ** 0.5)


def test_nearly_everything_may_be_dropped() -> None:
    factors = draw(HostMasks(replicas([0.999])), 1, 100_000)
    assert (factors == 0).double().mean() > 0.99
    assert factors.max().item() in (0.0, pytest.approx(1000))


def test_kept_values_are_scaled_so_that_the_mean_stays(masks: MaskSource) -> None:
    factors = draw(masks, 5, 20, 500)
    assert factors.shape == (5, 20, 500)
    for rate, row in zip(RATES, factors, strict=True):
        values = row.unique()
        torch.testing.assert_close(values[-1].item(), 1 / (1 - rate), rtol=2e-4, atol=0)
        assert set(values.tolist()) <= {0.0, values[-1].item()}


def test_neighbouring_values_and_replicas_are_uncorrelated() -> None:
    kept = (draw(HostMasks(replicas([0.5] * 2)), 2, 100_000) > 0).double() - 0.5
    for a, b in [(kept[0, 1:], kept[0, :-1]), (kept[0, 4:], kept[0, :-4]), (kept[0], kept[1])]:
        assert abs((a * b).mean().item()) < 5 * 0.25 / len(a) ** 0.5


def test_without_dropout_the_factors_are_exactly_one(masks: MaskSource) -> None:
    assert torch.equal(draw(masks, 5, 3, 33)[0], torch.ones(3, 33))


def test_masks_repeat_from_draw_to_draw_only_by_seed(masks: MaskSource) -> None:
    again = type(masks)(replicas(RATES), *([CPU] if isinstance(masks, DeviceMasks) else []))
    first, second = draw(masks, 5, 999), draw(masks, 5, 999)
    assert torch.equal(draw(again, 5, 999), first)
    assert not torch.equal(second[1:], first[1:])


def test_on_the_host_a_replica_draws_the_same_in_any_company() -> None:
    settings = replicas(RATES)
    together = HostMasks(settings)
    alone = HostMasks([settings[3]])
    assert torch.equal(draw(together, 5, 7, 9)[3], draw(alone, 1, 7, 9)[0])
    together.keep([2, 3])
    assert torch.equal(draw(together, 2, 101)[1], draw(alone, 1, 101)[0])


def test_replicas_that_stay_keep_their_rates(masks: MaskSource) -> None:
    masks.keep([4, 0])
    dropped = (draw(masks, 2, 10_000) == 0).double().mean(1).tolist()
    assert dropped == pytest.approx([0.9, 0.0], abs=0.02)


def test_a_group_without_dropout_draws_no_masks() -> None:
    assert open_masks(replicas([0.0, 0.0]), CPU) is None
    assert isinstance(open_masks(replicas([0.0, 0.1]), CPU), HostMasks)


def test_weights_stream_is_the_documented_bit_generator() -> None:
    expected = np.random.Generator(np.random.SFC64(np.random.SeedSequence([3, 0]))).random(4)
    assert np.array_equal(open_stream(3, Stream.WEIGHTS).random(4), expected)
