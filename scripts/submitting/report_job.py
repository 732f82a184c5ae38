"""The job that follows an array of runners: the report, once every fit is there.

A report on a run is a look at its claims, and a look at fewer seeds than were meant costs the
later ones: where runners ended before their time there is none. A search claims nothing, and is
reported however far it got.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.submitting.invocation import call_module, find_call
from scripts.text import say

UNFINISHED = ("running", "interrupted", "missing")


def main() -> None:
    """Report on what a command has run; its words are this one's arguments."""
    sys.exit(report_on(sys.argv[1:]))


def report_on(command: Sequence[str]) -> int:
    """Report on what a command has run, if all of that is there.

    Parameters
    ----------
    command
        As the runners were called.

    Returns
    -------
    int
        An exit code: that of ``analyze``, 1 if fits are missing, or that of the command if it does
        not say how things stand.
    """
    answer = subprocess.run([*command, "--status", "--json"], stdout=subprocess.PIPE, check=False)
    if answer.returncode:
        return answer.returncode
    standing = json.loads(answer.stdout)
    n_left = count_unfinished(standing)
    if n_left:
        n_fits = sum(standing["counts"].values())
        say(
            f"No report: {n_left} of {n_fits} fits are not there, and a report would be a look at "
            "the claims; the same command with --slurm goes on.",
            is_error=True,
        )
        return 1
    call = find_call(sys.orig_argv, len(sys.argv) - 1)
    analyze = [*call_module(call, "scripts.analyze"), standing["folder"]]
    return subprocess.run(analyze, check=False).returncode


def count_unfinished(standing: Mapping[str, Any]) -> int:
    """Return how many fits of a run are not there yet; a search has none that it waits for."""
    if "search" in standing:
        return 0
    return sum(standing["counts"].get(state, 0) for state in UNFINISHED)


if __name__ == "__main__":
    main()
