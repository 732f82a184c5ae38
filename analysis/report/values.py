"""Results as JSON values: the same content as the Markdown, for programs."""

import math
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

SCHEMA_VERSION = 1


def to_values(content: Any) -> Any:  # noqa: ANN401 - whatever a report holds
    """Return content as dicts, lists, texts and finite numbers; NaN and infinity become null."""
    match content:
        case None | bool() | int() | str() if not isinstance(content, Enum):
            return content
        case Enum():
            return content.value
        case float() | np.floating():
            return float(content) if math.isfinite(content) else None
        case np.integer() | np.bool_():
            return content.item()
        case BaseModel():
            return content.model_dump(mode="json", by_alias=True)
        case dict():
            return {str(name): to_values(value) for name, value in content.items()}
        case pd.DataFrame():
            return to_values(content.to_dict(orient="records"))
        case list() | tuple() | np.ndarray():
            return [to_values(item) for item in content]
    if is_dataclass(content) and not isinstance(content, type):
        return {f.name: to_values(getattr(content, f.name)) for f in fields(content)}
    return str(content)
