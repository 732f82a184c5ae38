"""The tables of keys say what the schema says."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from trial_sets.claim import Claim
from trial_sets.configuration import StrictModel
from trial_sets.files import LabelRule
from trial_sets.texts import Name
from trial_sets.writing.key_table import describe_keys


class Example(StrictModel):
    count: Annotated[int, Field(ge=1, lt=2_000)] = Field(description="A count.")
    rate: Annotated[float, Field(gt=0.0, le=1e6)] = Field(default=0.5, description="A rate.")
    mode: Literal["a", "b"] = Field(default="a", description="A choice.")
    limit: float | None = Field(default=None, description="A limit.")
    names: tuple[Name, ...] = Field(default=(), description="Names.")
    flag: bool = Field(default=True, description="A flag.")
    label: LabelRule = Field(default_factory=LabelRule, description="A part.")
    rows: dict[Name, Claim] = Field(default_factory=dict, description="Parts.")
    free: dict[str, int] = Field(default_factory=dict, description="Whatever.")


def test_a_table_has_a_row_a_key() -> None:
    assert describe_keys(Example).splitlines() == [
        "| key | values | default | meaning |",
        "| --- | --- | --- | --- |",
        "| `count` | integer, from 1, below 2,000 | required | A count. |",
        "| `rate` | number, above 0, up to 1e+06 | `0.5` | A rate. |",
        '| `mode` | `a` or `b` | `"a"` | A choice. |',
        "| `limit` | number, or null | `null` | A limit. |",
        "| `names` | list of: name | `[]` | Names. |",
        "| `flag` | boolean | `true` | A flag. |",
        "| `label` | a label |  | A part. |",
        "| `rows` | by name: an expectation |  | Parts. |",
        "| `free` | by name: integer |  | Whatever. |",
    ]


@pytest.mark.parametrize("key", Example.model_fields)
def test_keys_explained_elsewhere_are_left_out(key: str) -> None:
    assert f"`{key}`" not in describe_keys(Example, omit=[key])
