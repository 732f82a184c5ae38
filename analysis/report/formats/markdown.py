"""Markdown that GitHub, GitLab and pandoc render alike: aligned pipe tables, everything escaped."""

import re
from collections.abc import Iterable, Sequence

from tabulate import tabulate

from trial_sets.wording import tame_text

_ACTIVE = re.compile(r"([\\`*\[\]~$|])")
_EDGE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# Where GitHub, GitLab and others see a link although nobody wrote one: `www.`, `https://`, `a@b.c`.
_AUTOLINK = re.compile(
    r"(?i)(?<=www)(?=\.)|(?<=[a-z0-9])(?=://)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)|(?<=[\w.+-])(?=@\w)"
)
_JOINER = "\u2060"  # without width: what it parts is no link, and reads as before
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape_text(text: str, *, longest: int | None = 80) -> str:
    """Make a name from a file harmless in Markdown: one line, no markup, no HTML, no link.

    Underscores inside a word stay as they are, so that `weight_decay` remains readable.

    Parameters
    ----------
    longest
        Longer texts are cut; None keeps them whole.
    """
    line = " ".join(text.split())
    shown = tame_text(line)
    cut = shown if longest is None or len(shown) <= longest else f"{shown[: longest - 1]}…"
    escaped = _EDGE_UNDERSCORE.sub(r"\\_", _ACTIVE.sub(r"\\\1", cut))
    harmless = "".join(_HTML.get(char, char) for char in escaped)
    return _AUTOLINK.sub(_JOINER, harmless)


def bold(text: str) -> str:
    """Set a cell in bold."""
    return f"**{text}**"


def pipe_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, n_left: int = 1) -> str:
    """Lay out a pipe table of finished cells: the first columns to the left, numbers to the right.

    Parameters
    ----------
    head, rows
        Cells as Markdown; names from a file must have gone through `escape_text`.
    n_left
        How many columns are text.
    """
    align = ["left" if column < n_left else "right" for column in range(len(head))]
    return tabulate(rows, head, tablefmt="pipe", colalign=align, disable_numparse=True)


def code_span(text: str) -> str:
    """Set text as code on one line, with a fence longer than any run of backticks in it."""
    shown = tame_text(text.strip())
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"{fence}{shown}{fence}"


def list_items(items: Iterable[str]) -> str:
    """Return finished Markdown texts as a list."""
    return "\n".join(f"- {item}" for item in items)


def join_blocks(*blocks: str) -> str:
    """Join paragraphs, tables and lists with an empty line between; empty ones are left out."""
    return "\n\n".join(block for block in blocks if block)
