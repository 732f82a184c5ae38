"""What the linter says about a study."""

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
