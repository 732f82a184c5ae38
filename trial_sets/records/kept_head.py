"""The head of the ledger of claims after a run's last look, kept in the run's folder.

The heads in records show a change of what stood in the ledger before them. Behind looks there may
never be a record again; this head shows whether one of them was changed or cut off.
"""

import os
from typing import Literal

from trial_sets.configuration import StrictModel
from trial_sets.placement import replacing
from trial_sets.records.claim_lines import Digest
from trial_sets.records.layout import RunLayout
from trial_sets.strict_json import MAX_BYTES, check, parse_json, read_text


class KeptHead(StrictModel):
    """What claims-head.json holds."""

    schema_version: Literal[1] = 1
    head: Digest  # SHA-256 of the ledger's last line


def keep_head(run: RunLayout, head: str) -> None:
    """Keep a head, in place of the one that is kept.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with replacing(run.claims_head, flush=True) as file:
        file.write(KeptHead(head=head).model_dump_json(indent=1).encode() + b"\n")


def read_kept_head(run: RunLayout) -> str | None:
    """Return the head that is kept; None without one: no look was entered, or before it was kept.

    Raises
    ------
    InputError
        If the file cannot be read, is a link, or holds anything else.
    """
    path = run.claims_head
    run.refuse_links(path)
    if not os.path.lexists(path):
        return None
    where = str(path)
    return check(KeptHead, parse_json(read_text(path, MAX_BYTES), where), where).head
