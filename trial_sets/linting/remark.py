"""What the linter says about a study."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_WORDS = 12  # a sentence lists


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a study leaves open, and how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


def join_words(words: Sequence[str]) -> str:
    """Return ``A``, ``A and B``, ``A, B and C``, or the first ones of many and their number."""
    if len(words) > MOST_WORDS:
        words = [*words[: MOST_WORDS - 1], f"{len(words) - MOST_WORDS + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
