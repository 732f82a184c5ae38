"""One row of the tables that say which files of other tools are read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which people have their files: what of it is read, and what is not."""

    tool: str
    form: str
    read: str
    not_read: str
