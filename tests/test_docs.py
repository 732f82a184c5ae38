"""The pages say what is so: links, names, tables and figures are held against the code."""

import ast
import configparser
import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.import_graph import PACKAGES, ROOT
from tests.test_architecture import ALLOWED, LAYERS
from trial_sets.configuration import StrictModel

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
TEXTS = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
TREES = (*PACKAGES, "tests", "benchmarks", "docs")
CLAIM = TEXTS["docs/statistics.md"]
FIGURE = re.compile(r"-?\d+\.\d{3,}")


def drop_code(text: str) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def list_anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", drop_code(text), re.MULTILINE)
    bare = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in bare}


def list_links() -> Iterator[tuple[str, str]]:
    """Yield page and target of every link that leads to a file or heading of ours."""
    for page, text in TEXTS.items():
        targets = re.findall(r"\]\(([^)\s]+)\)", drop_code(text))
        yield from ((page, target) for target in targets if not target.startswith("http"))


def list_paths() -> Iterator[tuple[str, str]]:
    """Yield page and path of every file and folder that a page names in full."""
    trees = "|".join(TREES)
    for page, text in TEXTS.items():
        for path in re.findall(rf"`((?:{trees})/[\w./-]*)`", drop_code(text)):
            yield page, path


def list_members() -> Iterator[tuple[str, str, str]]:
    """Yield page, name and module of every "`name` in `module.py`"."""
    for page, text in TEXTS.items():
        for name, module in re.findall(r"`(\w+)`\s+in\s+`([\w/]+\.py)`", drop_code(text)):
            yield page, name, module


def list_names(module: Path) -> set[str]:
    """Return what a module defines: functions, classes, their methods, and what is assigned."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
    return names


def list_blocks() -> list[str]:
    """Return the blocks of the worked claim."""
    return re.findall(r"```python\n(.*?)```", CLAIM, re.DOTALL)


def list_field_tables() -> dict[str, set[str]]:
    """Return the keys that a table of fields names, by its model."""
    tables = {}
    pattern = r"<!-- fields: ([\w.]+) -->\n\| key \|.*\n\| ---.*\n((?:\|.*\n)+)"
    for model, rows in re.findall(pattern, TEXTS["docs/files.md"]):
        cells = (row.split("|")[1] for row in rows.splitlines())
        tables[model] = {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)}
    return tables


def list_tree() -> list[str]:
    """Return the folders of the README's tree."""
    (block,) = re.findall(r"```text\n(trial_sets/.*?)```", TEXTS["README.md"], re.DOTALL)
    folders: list[str] = []
    parents: list[str] = []
    for line in block.splitlines():
        names = re.match(r"( *)((?:[\w]+/ ?)+)", line)
        assert names is not None, line
        depth = len(names[1]) // 4
        parents = [*parents[:depth], names[2].split("/")[0]]
        folders += ["/".join([*parents[:-1], name.strip("/")]) for name in names[2].split()]
    return folders


@pytest.mark.parametrize(("page", "target"), sorted(set(list_links())))
def test_every_link_leads_somewhere(page: str, target: str) -> None:
    path, _, anchor = unquote(target).partition("#")
    found = ROOT / page if not path else (ROOT / page).parent / path
    assert found.exists()
    assert found.resolve().is_relative_to(ROOT)
    if anchor:
        assert anchor in list_anchors(found.read_text(encoding="utf-8"))


def test_anchors_are_those_of_github() -> None:
    text = "# A trainer of one's own\n```\n# no heading\n```\n## `run.json`, and more\n"
    assert list_anchors(text) == {"a-trainer-of-ones-own", "runjson-and-more"}


@pytest.mark.parametrize(("page", "path"), sorted(set(list_paths())))
def test_every_path_that_a_page_names_exists(page: str, path: str) -> None:
    made_by_a_command = path == "benchmarks/.venv-peers"
    assert made_by_a_command or (ROOT / path).exists(), page


@pytest.mark.parametrize(("page", "name", "module"), sorted(set(list_members())))
def test_every_name_stands_in_the_module_that_a_page_says(
    page: str, name: str, module: str
) -> None:
    assert name in list_names(ROOT / module), page


def test_every_model_of_a_file_has_its_table() -> None:
    models = {name.rpartition(".")[2] for name in list_field_tables()}
    assert models >= {"StudyFile", "SetFile", "RunInfo", "Record", "DataNote", "Machine", "Claim"}


@pytest.mark.parametrize(("model", "keys"), list_field_tables().items())
def test_the_tables_of_fields_are_those_of_the_models(model: str, keys: set[str]) -> None:
    module, _, name = model.rpartition(".")
    described: type[StrictModel] = getattr(importlib.import_module(module), name)
    fields = {field.alias or name for name, field in described.model_fields.items()}
    assert keys == fields


def test_the_worked_claim_comes_out_as_it_is_written() -> None:
    blocks = list_blocks()
    test = doctest.DocTestParser().get_doctest(
        "\n".join(blocks), {}, "statistics.md", "docs/statistics.md", 0
    )
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)
    assert len(test.examples) == sum(block.count(">>> ") for block in blocks) > 40


def test_every_figure_of_the_worked_claim_stands_in_a_block() -> None:
    known = set(FIGURE.findall("".join(list_blocks())))
    said = set(FIGURE.findall(drop_code(CLAIM)))
    assert len(said) > 20
    assert {figure.lstrip("-") for figure in said} <= {figure.lstrip("-") for figure in known}


def test_the_table_of_logits_is_what_the_worked_claim_computes_with() -> None:
    rows = re.findall(r"^\| (\d+) \| ([01]) \|((?: -?\d\.\d \|){6})$", CLAIM, re.MULTILINE)
    scope: dict[str, list[float]] = {}
    example = doctest.DocTestParser().get_examples(list_blocks()[0])
    for statement in example:
        exec(statement.source, {}, scope)
    logits = [[float(cell) for cell in cells.split("|")[:6]] for *_, cells in rows]
    assert [int(label) for _, label, _ in rows] == list(scope["labels"])
    assert logits == [list(row) for row in zip(*scope["a"], *scope["b"], *scope["c"], strict=True)]


def test_the_packages_and_rooms_are_those_that_the_architecture_test_holds() -> None:
    text = TEXTS["docs/architecture.md"]
    for package in PACKAGES:
        arrows, rooms = re.findall(rf"^\| `{package}/` \|(.*)\|$", text, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", arrows)) == ALLOWED[package]
        assert tuple(re.findall(r"`(\w+)/?`", rooms)) == LAYERS[package]
        for room in re.findall(r"`(\w+/?)`", rooms):
            path = ROOT / package / room
            assert path.is_dir() if room.endswith("/") else path.with_suffix(".py").is_file()


def test_the_rules_for_contributors_name_every_room() -> None:
    for package in PACKAGES:
        (row,) = re.findall(rf"^\| `{package}/` \|(.*)\|$", TEXTS["CONTRIBUTING.md"], re.MULTILINE)
        _, arrows, rooms = row.split(" | ")
        assert set(re.findall(r"`(\w+)`", arrows)) == ALLOWED[package]
        is_folder = {room: (ROOT / package / room).is_dir() for room in LAYERS[package]}
        assert re.findall(r"`(\w+)/`", rooms) == [room for room in is_folder if is_folder[room]]


def test_the_tree_has_a_line_for_every_package_and_room() -> None:
    tree = list_tree()
    packages = {
        str(path.parent.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert len(tree) == len(set(tree))
    assert packages <= set(tree)
    assert all((ROOT / folder).is_dir() for folder in tree)


def test_every_package_says_what_stands_there_and_where_to_begin() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            begin = re.search(r"Begin\s+with\s+`([\w.]+)`", text)
            assert begin is not None, path
            named = path.parent.joinpath(*begin[1].split(".")).with_suffix(".py")
            assert named.is_file(), f"{path}: {begin[1]}"


def test_the_citation_is_of_this_version() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    said = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cited = dict(re.findall(r"^([\w-]+): (.+)$", said, re.MULTILINE))
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "software")
    assert cited["version"] == setup["metadata"]["version"]
    assert cited["license"] == setup["metadata"]["license"]
    license_text = (ROOT / setup["metadata"]["license_files"]).read_text(encoding="utf-8")
    assert "Apache License" in license_text
    assert "Copyright 2026 The Supplementary Trials authors" in license_text
