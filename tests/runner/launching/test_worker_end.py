"""How a worker has ended is said as far as it is known here."""

import pytest

from runner.launching.worker_end import FREED, explain_far_end, explain_near_end


def test_a_worker_of_this_machine_is_told_by_its_status() -> None:
    assert explain_near_end(3, out_of_memory=True) == (
        "crashed",
        "the worker process ended with status 3",
    )
    assert explain_near_end(-9, out_of_memory=True) == ("out_of_host_memory", FREED)
    assert explain_near_end(-11, out_of_memory=False) == (
        "crashed",
        "the worker process was ended by SIGSEGV",
    )


@pytest.mark.parametrize(
    ("status", "words", "kind", "why"),
    [
        (255, "ssh: connect to host b port 22: No route to host\r\n", "crashed",
         "ssh ended with status 255: ssh: connect to host b port 22: No route to host"),
        (-9, "", "crashed", "ssh was ended by SIGKILL"),
        (0, "", "crashed",
         "ssh ended with status 0, as a program that does not run the words after it"),
        (137, "Traceback\n[guard] the worker process was ended by SIGKILL\nbye", "crashed",
         "the worker process was ended by SIGKILL"),
        (137, f"\n[guard] {FREED}\n", "out_of_host_memory", FREED),
    ],
)  # fmt: skip
def test_of_a_far_one_the_guard_has_the_word_and_else_the_launcher(
    status: int, words: str, kind: str, why: str
) -> None:
    assert explain_far_end("/usr/bin/ssh", status, words) == (kind, why)
