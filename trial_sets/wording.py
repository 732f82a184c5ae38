"""How lists of words are written in a sentence."""

from collections.abc import Sequence


def join_words(words: Sequence[str], *, most: int | None = None) -> str:
    """Join words as a sentence does: `a`, `a and b`, `a, b and c`.

    Parameters
    ----------
    most
        Longest list that is written out; of a longer one the last words are only counted, so
        that no more than so many parts stand there: `a, b and 11 more`.
    """
    if most is not None and len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
