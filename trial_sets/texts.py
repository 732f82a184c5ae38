"""The kinds of text that people's files hold: names, and lines of a limited length."""

from typing import Annotated

from pydantic import Field

Text = Annotated[str, Field(max_length=2_000)]
Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
ShortLine = Annotated[Words, Field(min_length=1)]
NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,31}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
