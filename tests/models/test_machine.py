from collections.abc import Iterator

import pytest
import torch

import models.machine
from models.machine import measure_products, rounds_to_bf16, use_path

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
    monkeypatch.setattr(models.machine, "use_path", paths.append)
    monkeypatch.setattr(models.machine, "_is_exact", lambda: exact or paths[-1] == "default")
    speeds = {"default": 100.0, "onednn": onednn}
    monkeypatch.setattr(models.machine, "_measure_gflops", lambda dtype: speeds[paths[-1]])
    found = measure_products()
    assert found.path == expected
    assert ("onednn" in found.gflops) == exact


def test_the_chosen_path_multiplies_exactly() -> None:
    use_path(measure_products().path)
    x, y = torch.randn(1, 96, 64), torch.randn(1, 64, 80)
    torch.testing.assert_close(torch.bmm(x, y).double(), x.double() @ y.double(), rtol=0, atol=1e-4)


def test_asking_whether_it_rounds_changes_nothing() -> None:
    use_path("onednn")
    rounds_to_bf16.cache_clear()
    rounds_to_bf16()
    assert torch.backends.mkldnn.matmul.fp32_precision == "bf16"  # type: ignore[attr-defined]
