"""Documents of a form that one tool alone writes are told from all others."""

import json
from pathlib import Path

import pytest

from analysis.readers.tools.documents import read_tool
from tests.analysis.readers.test_agreement_hold import SOME
from tests.analysis.readers.written_forms import READERS, WRITERS

PATH = Path("results.json")
OF_TOOLS = ("keras tuner", "hyperopt", "smac", "nni", "katib")


def parse(form: str) -> object:
    content = next(iter(WRITERS[form](SOME).files.values()))
    assert isinstance(content, str)
    return json.loads(content)


@pytest.mark.parametrize("form", [form for tool in OF_TOOLS for form in READERS[tool]])
def test_a_tools_document_is_taken(form: str) -> None:
    flat = read_tool(parse(form), PATH)
    assert flat is not None
    assert set(flat.params.columns) == {"lr", "units", "opt"}


@pytest.mark.parametrize("form", READERS["json"])
def test_any_other_document_is_left_to_others(form: str) -> None:
    assert read_tool(parse(form), PATH) is None


@pytest.mark.parametrize("document", [None, 3, "x", [], {}, [[]], [{}], [None], {"items": []}])
def test_what_is_no_document_of_a_tool_is_none(document: object) -> None:
    assert read_tool(document, PATH) is None
