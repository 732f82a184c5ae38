"""What a label is: one of two classes, one of several, or a number."""

from typing import Literal

Task = Literal["binary", "multiclass", "regression"]
