"""What a word without quotes means, in YAML and in Hydra's overrides: YAML 1.2's core schema.

YAML 1.1, which PyYAML reads, takes `1e-4` for text, `no` for false and `010` for 8. Here the first
is a number, and the others stay the text that they are, for a trial to be refused with.
"""

import math
import re

MAX_DIGITS = 100
_NUMBER = re.compile(
    r"[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?", re.ASCII | re.IGNORECASE
)
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_scalar(text: str) -> str | int | float | bool | None:
    """Return the value of a plain word: a number, a boolean, null, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text) if len(text) <= MAX_DIGITS else None
    if number is None:
        return text
    if text.lstrip("+-").isdecimal():
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else text
