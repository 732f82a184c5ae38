"""A finding: one sentence with figures, from a rule that holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence that a rule found to hold.

    Attributes
    ----------
    rule
        The rule's name, stable for machines.
    sentence
        Plain text with its figures; names in it come from files and are not escaped.
    param
        The hyperparameter concerned, if it is about one.
    """

    rule: str
    sentence: str
    param: str | None = None
