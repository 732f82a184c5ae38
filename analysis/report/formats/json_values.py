"""Results as JSON values: the same content as the Markdown, for programs."""

import math
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
from pydantic import BaseModel

from trial_sets.wording import well_form

SCHEMA_VERSION = 3  # 1: rows of a case and no dating; 2: a candidate's scores were its aucs


def to_values(content: Any) -> Any:  # noqa: ANN401 - whatever a report holds
    """Return content as dicts, lists, texts and finite numbers; NaN and infinity become null."""
    if isinstance(content, BaseModel):
        return content.model_dump(mode="json", by_alias=True)
    if is_dataclass(content) and not isinstance(content, type):
        return {f.name: to_values(getattr(content, f.name)) for f in fields(content)}
    if isinstance(content, dict):
        return {well_form(str(name)): to_values(value) for name, value in content.items()}
    if isinstance(content, list | tuple | np.ndarray):
        return [to_values(item) for item in content]
    return _to_scalar(content)


def _to_scalar(content: Any) -> Any:  # noqa: ANN401 - a leaf of whatever a report holds
    """Return a leaf as JSON knows it."""
    if isinstance(content, Enum):
        return content.value
    if isinstance(content, np.generic):
        content = content.item()
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if content is None or isinstance(content, bool | int):
        return content
    return well_form(str(content))
