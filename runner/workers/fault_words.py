"""Which class of fault an exception or a program's last words stand for.

Python 3.8 and its library will do for this module: a trainer's host reads it in any environment.
"""

from __future__ import annotations

import mmap
import re

# What libraries say when they raise no class of their own.
DEVICE_MEMORY = (
    r"CUDA error: out of memory|CUDA out of memory|CU\w+_STATUS_ALLOC_FAILED"
    r"|MPS backend out of memory|RESOURCE_EXHAUSTED: Out of memory"
)
HOST_MEMORY = r"DefaultCPUAllocator: (can't|not enough)|Cannot allocate memory|std::bad_alloc"
BROKEN_DEVICE = r"CUDA error|CU\w+_STATUS_(EXECUTION_FAILED|INTERNAL_ERROR|NOT_INITIALIZED)"

SOME_MEMORY_BYTES = 2**26


def describe_error(error: BaseException) -> str:
    """Return an exception's class and text, as far as it has one."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception as fault:  # noqa: BLE001 - a person's own class
        text = f"its text cannot be told, since that raises {type(fault).__name__}"
    return f"{name}: {text}" if text.strip() else name


def classify_error(error: BaseException, text: str) -> str:
    """Return the kind of fault of an exception, whose text is ``text``.

    Classes are told by their names: no library has to be imported for that.
    """
    names = {of.__name__ for of in type(error).__mro__}
    if names & {"OutOfMemoryError", "ResourceExhaustedError"} or re.search(DEVICE_MEMORY, text):
        return "out_of_memory"
    if isinstance(error, MemoryError) or re.search(HOST_MEMORY, text) or not _has_memory():
        return "out_of_host_memory"
    if "AcceleratorError" in names or re.search(BROKEN_DEVICE, text):
        return "device_lost"
    return "error"


def classify_words(words: str) -> str:
    """Return the kind of fault that a program's last words tell of."""
    if re.search(DEVICE_MEMORY, words) or re.search(r"\bOutOfMemoryError\b", words):
        return "out_of_memory"
    if re.search(HOST_MEMORY, words) or re.search(r"^MemoryError\b", words, re.MULTILINE):
        return "out_of_host_memory"
    return "device_lost" if re.search(BROKEN_DEVICE, words) else "error"


def _has_memory() -> bool:
    """Return whether the system still grants this process memory.

    Where it does not, libraries fail in many ways, such as `SystemError` without a reason.
    """
    try:
        mmap.mmap(-1, SOME_MEMORY_BYTES).close()
    except (OSError, MemoryError):
        return False
    return True
