"""How words from anywhere are written: lists in a sentence, and names that may be anything."""

from collections.abc import Sequence

_JOINERS = "\u200c\u200d"  # inside words of some scripts, and inside emoji


def tame_text(text: str) -> str:
    """Return text that a terminal, a log or a page shows, and does not obey, on one line.

    Line ends, tabs and all other white space become a space each; what is not printed (escape
    sequences, C1 and bidirectional controls, lone surrogates) becomes a question mark. Letters of
    every script, accents and emoji stay.
    """
    if text.isprintable():
        return text
    return "".join(map(_tame_character, text))


def is_well_formed(text: str) -> bool:
    """Return whether text can be written as UTF-8: it holds no half of a surrogate pair."""
    return all(not "\ud800" <= character <= "\udfff" for character in text)


def well_form(text: str) -> str:
    """Return text with a question mark for what cannot be written as UTF-8."""
    return text.encode(errors="replace").decode()


def _tame_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() and character not in "\x1c\x1d\x1e\x1f\x85" else "?"


def join_words(words: Sequence[str], *, most: int | None = None, last: str = "and") -> str:
    """Join words as a sentence does: `a`, `a and b`, `a, b and c`.

    Parameters
    ----------
    most
        Longest list that is written out; of a longer one the last words are only counted, so
        that no more than so many parts stand there: `a, b and 11 more`.
    last
        The word before the last.
    """
    if most is not None and len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
