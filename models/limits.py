"""What a setting may be: one sentence for one that is not."""

import math


def require(condition: bool, name: str, value: object, expected: str) -> None:
    """Refuse a setting unless a condition holds.

    Raises
    ------
    ValueError
        Such as ``dropout=1.0 is not in [0, 1)``.
    """
    if not condition:
        raise ValueError(f"{name}={value!r} is not {expected}")


def require_positive(name: str, value: float) -> None:
    """Refuse a number that is not finite and above 0."""
    require(0 < value < math.inf, name, value, "finite and above 0")


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a word that is none of these."""
    require(value in choices, name, value, f"one of {', '.join(choices)}")
