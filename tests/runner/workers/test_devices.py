"""Which device each worker owns."""

from typing import Any

import pytest

from runner.errors import RunError
from runner.launching.prefix import parse_prefixes
from runner.planning.device_choice import DeviceChoice, parse_device
from runner.workers.devices import (
    assign_far_slots,
    assign_slots,
    number_devices,
    refuse_precision,
)
from runner.workers.protocol import CudaDevice, Ready

GPU = CudaDevice(name="GPU", memory_bytes=80 * 1024**3)
PLAIN = Ready(versions={}, processor="", cuda=(), mps=False, matmul="default")
TWO_GPUS = PLAIN.model_copy(update={"cuda": (GPU, GPU)})
MAC = PLAIN.model_copy(update={"mps": True})


def test_auto_prefers_cuda_then_mps_then_the_cpu() -> None:
    auto = DeviceChoice("auto")
    assert assign_slots(auto, TWO_GPUS, None) == ["cuda:0", "cuda:1"]
    assert assign_slots(auto, MAC, None) == ["mps"]
    assert assign_slots(auto, PLAIN, 3) == ["cpu", "cpu", "cpu"]


def test_more_workers_than_gpus_share_them_in_turn() -> None:
    slots = assign_slots(DeviceChoice("cuda"), TWO_GPUS, 4)
    assert slots == ["cuda:0", "cuda:1", "cuda:0", "cuda:1"]


def test_named_gpus_alone_are_used() -> None:
    assert assign_slots(parse_device("cuda:1"), TWO_GPUS, None) == ["cuda:1"]


@pytest.mark.parametrize(
    ("text", "machine", "message"),
    [
        ("cuda", PLAIN, r"--device cuda: PyTorch sees no CUDA device"),
        ("cuda:0,5", TWO_GPUS, r"--device cuda:5: PyTorch sees only cuda:0 to cuda:1"),
        ("mps", PLAIN, r"PyTorch sees no MPS device"),
    ],
)
def test_a_device_that_is_not_there_is_refused(text: str, machine: Ready, message: str) -> None:
    with pytest.raises(RunError, match=message):
        assign_slots(parse_device(text), machine, None)


@pytest.mark.parametrize(
    ("precision", "device"),
    [("fp32", "mps"), ("bf16", "cpu"), ("bf16", "cuda:0"), ("tf32", "cuda:1")],
)
def test_a_precision_that_the_device_knows_is_accepted(precision: Any, device: str) -> None:
    refuse_precision(precision, [device])


@pytest.mark.parametrize(
    ("precision", "device"), [("tf32", "cpu"), ("tf32", "mps"), ("bf16", "mps")]
)
def test_a_precision_that_the_device_lacks_is_refused(precision: Any, device: str) -> None:
    with pytest.raises(RunError, match=f"--precision {precision}: .*{device}.* known"):
        refuse_precision(precision, [device])


FIRST, SECOND = parse_prefixes(["env A=1", "env A=2"])


def test_far_workers_get_what_their_own_machine_has() -> None:
    throughs = [FIRST, SECOND, FIRST, SECOND, FIRST]
    one_gpu = PLAIN.model_copy(update={"cuda": (GPU,)})
    machines = [TWO_GPUS, one_gpu, TWO_GPUS, one_gpu, TWO_GPUS]
    found = assign_far_slots(DeviceChoice("auto"), throughs, machines)
    assert found == ["cuda:0", "cuda:0", "cuda:1", "cuda:0", "cuda:0"]
    assert assign_far_slots(DeviceChoice("cpu"), throughs, machines) == ["cpu"] * 5


def test_the_same_words_twice_lead_to_one_machine() -> None:
    found = assign_far_slots(DeviceChoice("auto"), [FIRST, FIRST], [TWO_GPUS, TWO_GPUS])
    assert found == ["cuda:0", "cuda:1"]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("auto", r"--device auto: cuda:0 through 'env A=1', but cpu through 'env A=2'; ask for"),
        ("cuda", r"through 'env A=2': --device cuda: PyTorch sees no CUDA device"),
    ],
)
def test_far_devices_that_are_not_to_be_had_are_refused(kind: str, message: str) -> None:
    with pytest.raises(RunError, match=message):
        assign_far_slots(DeviceChoice(kind), [FIRST, SECOND], [TWO_GPUS, PLAIN])


def test_far_devices_are_numbered_as_if_they_were_one_machines() -> None:
    small = CudaDevice(name="GPU", memory_bytes=8 * 1024**3)
    other = PLAIN.model_copy(update={"cuda": (small,)})
    throughs, machines = [FIRST, SECOND, FIRST], [TWO_GPUS, other, TWO_GPUS]
    devices, machine = number_devices(throughs, machines, ["cuda:0", "cuda:0", "cuda:1"])
    assert devices == ["cuda:0", "cuda:1", "cuda:2"]
    assert machine.cuda == (GPU, small, GPU)
    assert number_devices(throughs, [PLAIN] * 3, ["cpu"] * 3) == (["cpu"] * 3, PLAIN)
