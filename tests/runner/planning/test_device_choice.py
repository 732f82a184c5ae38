"""What ``--device`` asks for."""

import pytest

from runner.errors import RunError
from runner.planning.device_choice import parse_device


@pytest.mark.parametrize(
    "text", ["gpu", "cuda:", "cuda:a", "cuda:0,", "cpu:0", "", "CUDA", "cuda:٣", f"cuda:{9:05000}"]
)
def test_a_device_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RunError, match=r"expected auto, cpu, mps, cuda, or such as cuda:0,1"):
        parse_device(text)


def test_a_device_twice_is_refused() -> None:
    with pytest.raises(RunError, match=r"cuda:1,1: a device stands twice"):
        parse_device("cuda:1,1")
