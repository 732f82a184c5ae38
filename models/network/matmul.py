"""Which library multiplies matrices on this processor.

MKL, PyTorch's default, leaves the 512-bit units of AMD's processors idle; oneDNN goes by the
instruction set alone and is up to twice as fast there. The setting that selects oneDNN permits
bfloat16 too, so it is taken only where the products stay exact. The library shows in the last bits
of a fit: it follows from the processor and the version of PyTorch alone, never from a measurement.
"""

import platform
import re
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import torch

from models.settings import MatmulPath

_FULL, _MAY_ROUND = "none", "bf16"  # settings of oneDNN
_SETTINGS: dict[MatmulPath, str] = {"default": _FULL, "onednn": _MAY_ROUND}
_LARGEST_ERROR = 1e-5  # of a product in single precision, relative to its largest value
_REPEATS = 15
_CPU_INFO = Path("/proc/cpuinfo")


def prefers_onednn(vendor: str, capability: str) -> bool:
    """Return whether oneDNN multiplies no slower than MKL on such a processor.

    Parameters
    ----------
    vendor
        As the processor names its maker, such as ``AuthenticAMD``.
    capability
        The instruction set that PyTorch uses, such as ``AVX512``.
    """
    return vendor == "AuthenticAMD" and capability == "AVX512"


@cache
def choose_path() -> MatmulPath:
    """Return how products in single precision are computed on this processor."""
    capability = torch.backends.cpu.get_cpu_capability()
    if not (_has_onednn() and prefers_onednn(read_vendor(), capability)):
        return "default"
    return "default" if rounds_to_bf16() else "onednn"


def measure_speeds() -> dict[str, float]:
    """Return how fast one thread multiplies matrices of the base architecture's sizes.

    Returns
    -------
    dict
        GFLOP/s by library, and for bfloat16; without those that are not exact.
    """
    gflops: dict[str, float] = {}
    for path in _SETTINGS:
        use_path(path)
        if path == "default" or (_has_onednn() and _is_exact()):
            gflops[path] = _measure_gflops(torch.float32)
    use_path("default")
    gflops["bf16"] = _measure_gflops(torch.bfloat16)
    return gflops


def use_path(path: MatmulPath) -> None:
    """Compute products in single precision this way from now on."""
    if _has_onednn():
        _set(_SETTINGS[path])


@cache
def rounds_to_bf16() -> bool:
    """Return whether this processor, if permitted, rounds factors to bfloat16 by itself.

    Those with matrix units for it do; the same library on others goes on in single precision.
    """
    if not _has_onednn():
        return False
    with bf16_products:
        return not _is_exact()


class _Bf16Products:
    """A context in which products of single precision may be computed in bfloat16.

    It is entered for every product, so it is no generator: this costs half a microsecond.
    """

    def __enter__(self) -> None:
        self._before = torch.backends.mkldnn.matmul.fp32_precision  # type: ignore[attr-defined]
        _set(_MAY_ROUND)

    def __exit__(self, *_: object) -> None:
        _set(self._before)


bf16_products = _Bf16Products()


def _has_onednn() -> bool:
    available: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return available


def _set(setting: str) -> None:
    torch.backends.mkldnn.matmul.fp32_precision = setting  # type: ignore[attr-defined]


def permit_tf32(*, permitted: bool) -> None:
    """Let CUDA devices round the factors of products to TensorFloat-32, or not."""
    torch.backends.cuda.matmul.fp32_precision = "tf32" if permitted else "ieee"


def read_vendor() -> str:
    """Return the processor's maker, as far as the system tells it; never its model."""
    with suppress(OSError):
        text = _CPU_INFO.read_text(encoding="utf-8", errors="replace")
        if found := re.search(r"^vendor_id\s*: (.+)$", text, re.MULTILINE):
            return found[1]
    return platform.processor()


def _draw_factors(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """Return 576 tokens, a batch of 64 windows of 9 patches, and a layer's weights."""
    generator = torch.Generator().manual_seed(0)
    shapes = (1, 576, 128), (1, 128, 512)
    x, y = (torch.randn(shape, generator=generator).to(dtype) for shape in shapes)
    return x, y


def _is_exact() -> bool:
    x, y = _draw_factors(torch.float32)
    expected = torch.bmm(x.double(), y.double())
    error = (torch.bmm(x, y) - expected).abs().max() / expected.abs().max()
    return float(error) < _LARGEST_ERROR


def _measure_gflops(dtype: torch.dtype) -> float:
    x, y = _draw_factors(dtype)
    seconds = _time(lambda: torch.bmm(x, y))
    return 2 * x.numel() * y.shape[2] / seconds / 1e9


def _time(compute: Callable[[], object]) -> float:
    """Return the median of several times, in seconds, after a first one that does not count."""
    times = []
    for _ in range(_REPEATS + 1):
        started = time.perf_counter()
        compute()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])
