from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import torch

import models.network.matmul
from models.network.matmul import measure_products, rounds_to_bf16, use_path

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    use_path("default")


def test_the_default_is_measured_and_left_in_place() -> None:
    before = torch.backends.mkldnn.matmul.fp32_precision  # type: ignore[attr-defined]
    speeds = measure_products()
    assert set(speeds.gflops) >= {"default", "bf16"}
    assert min(speeds.gflops.values()) > 0
    assert torch.backends.mkldnn.matmul.fp32_precision == before  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("exact", "onednn", "expected"),
    [(True, 200.0, "onednn"), (True, 105.0, "default"), (False, 900.0, "default")],
)
def test_another_library_must_be_exact_and_faster(
    exact: bool, onednn: float, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[str] = []
    monkeypatch.setattr(models.network.matmul, "use_path", paths.append)
    monkeypatch.setattr(models.network.matmul, "_is_exact", lambda: exact or paths[-1] == "default")
    speeds = {"default": 100.0, "onednn": onednn}
    monkeypatch.setattr(models.network.matmul, "_measure_gflops", lambda dtype: speeds[paths[-1]])
    found = measure_products()
    assert found.path == expected
    assert ("onednn" in found.gflops) == exact


def test_the_chosen_path_multiplies_exactly() -> None:
    use_path(measure_products().path)
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(shape, generator=generator) for shape in ((1, 96, 64), (1, 64, 80)))
    torch.testing.assert_close(torch.bmm(x, y).double(), x.double() @ y.double(), rtol=0, atol=1e-4)


def test_the_speed_is_that_of_the_median_after_a_first_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Of 2 x 576 x 128 x 512 operations each. The first product takes 9 s and does not count; then
    # seven take 2 ms, seven 1 ms, and the median 1.5 ms.
    times = [9.0, *[0.002] * 7, 0.0015, *[0.001] * 7]
    ticks = iter([tick for seconds in times for tick in (0.0, seconds)])
    clock = SimpleNamespace(perf_counter=lambda: next(ticks))
    monkeypatch.setattr("models.network.matmul.time", clock)
    gflops = models.network.matmul._measure_gflops(torch.float32)
    assert gflops == pytest.approx(75_497_472 / 0.0015 / 1e9)
    assert next(ticks, None) is None


@pytest.mark.parametrize("rounds", [False, True])
def test_a_processor_rounds_if_its_permitted_products_are_not_exact(
    rounds: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    multiply = torch.bmm

    def bmm(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        permitted = torch.backends.mkldnn.matmul.fp32_precision == "bf16"  # type: ignore[attr-defined]
        if rounds and permitted and x.dtype == torch.float32:
            return multiply(x.bfloat16().float(), y.bfloat16().float())
        return multiply(x.double(), y.double()).to(x.dtype)

    monkeypatch.setattr(torch, "bmm", bmm)
    assert rounds_to_bf16.__wrapped__() is rounds
    assert models.network.matmul._is_exact()


def test_asking_whether_it_rounds_changes_nothing() -> None:
    use_path("onednn")
    rounds_to_bf16.cache_clear()
    rounds_to_bf16()
    assert torch.backends.mkldnn.matmul.fp32_precision == "bf16"  # type: ignore[attr-defined]
