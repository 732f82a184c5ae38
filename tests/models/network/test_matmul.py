import platform
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import models.network.matmul
from models.network.matmul import choose_path, measure_speeds, rounds_to_bf16, use_path

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    use_path("default")


def test_the_default_is_measured_and_left_in_place() -> None:
    before = torch.backends.mkldnn.matmul.fp32_precision  # type: ignore[attr-defined]
    gflops = measure_speeds()
    assert set(gflops) >= {"default", "bf16"}
    assert min(gflops.values()) > 0
    assert torch.backends.mkldnn.matmul.fp32_precision == before  # type: ignore[attr-defined]


@pytest.mark.parametrize("exact", [True, False])
def test_a_library_that_is_not_exact_is_not_measured(
    exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.network.matmul, "_is_exact", lambda: exact)
    monkeypatch.setattr(models.network.matmul, "_measure_gflops", lambda dtype: 1.0)
    assert ("onednn" in measure_speeds()) == exact


@pytest.mark.parametrize(
    ("vendor", "capability", "rounds", "expected"),
    [
        ("AuthenticAMD", "AVX512", False, "onednn"),
        ("AuthenticAMD", "AVX512", True, "default"),  # it would round what should be exact
        ("AuthenticAMD", "AVX2", False, "default"),  # MKL uses all that there is
        ("GenuineIntel", "AVX512", False, "default"),
        ("", "DEFAULT", False, "default"),
    ],
)
def test_the_library_is_a_rule_of_the_processor(
    vendor: str, capability: str, rounds: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.network.matmul, "read_vendor", lambda: vendor)
    monkeypatch.setattr(models.network.matmul, "rounds_to_bf16", lambda: rounds)
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert choose_path.__wrapped__() == expected


def test_the_vendor_is_what_the_system_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\n")
    monkeypatch.setattr(models.network.matmul, "_CPU_INFO", info)
    assert models.network.matmul.read_vendor() == "AuthenticAMD"
    info.unlink()
    assert models.network.matmul.read_vendor() == platform.processor()


def test_the_chosen_library_multiplies_exactly() -> None:
    use_path(choose_path())
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
