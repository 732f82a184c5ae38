"""Editors are given the schema that the reader applies."""

import json
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from trial_sets.claim import Claim
from trial_sets.configuration import Configuration, LstmConfiguration
from trial_sets.files import FreeEntry
from trial_sets.loading.study_folder import find_study
from trial_sets.writing.json_schema import FILES, FOLDER, schema_of, write_schemas

SCHEMAS = {name: schema_of(model) for name, model in FILES.items()}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_the_generated_one(name: str) -> None:
    committed = json.loads((FOLDER / f"{name}.schema.json").read_text())
    assert committed == SCHEMAS[name], "run python -m trial_sets.writing.json_schema"


def test_writing_gives_every_file(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "schema")
    assert [path.name for path in paths] == [
        *("study.schema.json", "set.schema.json"),
        *("free-study.schema.json", "free-set.schema.json", "space.schema.json"),
    ]
    assert all(path.read_bytes() == (FOLDER / path.name).read_bytes() for path in paths)


def test_every_json_file_is_packaged() -> None:
    setup = ConfigParser()
    setup.read(FOLDER.parent.parent / "setup.cfg")
    patterns = setup["options.package_data"]["trial_sets"].split()
    packaged = {path for pattern in patterns for path in FOLDER.parent.glob(pattern)}
    assert packaged == set(FOLDER.parent.rglob("*.json"))


def test_every_key_is_there_with_its_meaning() -> None:
    for name, model in FILES.items():
        schema = SCHEMAS[name]
        keys = {field.alias or name for name, field in model.model_fields.items()}
        assert set(schema["properties"]) == keys
        assert all(part["description"] for part in schema["properties"].values())
    parts = SCHEMAS["set"]["$defs"]
    fields = {*Configuration.model_fields, *LstmConfiguration.model_fields}
    assert set(parts["Overrides"]["properties"]) == fields
    assert set(parts["TrialEntry"]["properties"]) == {*fields, "note", "budget"}
    assert set(parts["Claim"]["properties"]) == {"if", *Claim.model_fields} - {"words"}


def test_unknown_keys_and_bad_names_are_errors_in_an_editor_too() -> None:
    for schema in SCHEMAS.values():
        for name, part in {"": schema, **schema["$defs"]}.items():
            assert (part["additionalProperties"] is False) is (name != FreeEntry.__name__)
    for part in (
        SCHEMAS["set"]["properties"]["trials"],
        SCHEMAS["study"]["properties"]["controls"],
        SCHEMAS["free-set"]["properties"]["trials"],
        SCHEMAS["free-study"]["properties"]["controls"],
    ):
        assert part["additionalProperties"] is False
        assert list(part["patternProperties"]) == ["^[A-Za-z][A-Za-z0-9_-]{0,31}$"]


def test_a_trial_of_declared_parameters_has_plain_values_in_an_editor_too() -> None:
    plain = {"anyOf": [{"type": kind} for kind in ("boolean", "integer", "number", "string")]}
    for schema in (SCHEMAS["free-study"], SCHEMAS["free-set"]):
        assert schema["$defs"]["FreeEntry"]["additionalProperties"] == plain
        assert schema["properties"]["base"]["additionalProperties"] == plain
    parameters = SCHEMAS["free-study"]["properties"]["parameters"]
    assert parameters["additionalProperties"] is False
    assert list(parameters["patternProperties"]) == ["^[A-Za-z_][A-Za-z0-9_.-]{0,63}$"]


def test_a_key_that_a_trial_leaves_out_has_no_default_of_its_own() -> None:
    for name, part in SCHEMAS["set"]["$defs"]["Overrides"]["properties"].items():
        assert "default" not in part, name


@pytest.mark.parametrize("path", sorted(find_study("a50").glob("*.json")), ids=lambda p: p.stem)
def test_the_built_in_files_point_to_the_schema_and_fit_it(path: Path) -> None:
    content = json.loads(path.read_text())
    schema = "study" if path.stem == "study" else "set"
    assert (path.parent / content["$schema"]).resolve() == FOLDER / f"{schema}.schema.json"
    assert list(disagreements(content, SCHEMAS[schema], SCHEMAS[schema]["$defs"])) == []


def disagreements(value: Any, schema: dict[str, Any], parts: dict[str, Any]) -> list[str]:
    """Return the unknown and missing keys and wrong numbers, by a reading of the schema's own."""
    schema = parts[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    schema = schema["anyOf"][0] if "anyOf" in schema else schema  # what it is, or null
    if isinstance(value, list):
        return [w for item in value for w in disagreements(item, schema["items"], parts)]
    if not isinstance(value, dict):
        is_number = isinstance(value, int | float)
        fits = not is_number or schema.get("minimum", 0) <= value <= schema.get("maximum", 1e9)
        return [] if fits else [f"{value} does not fit {schema}"]
    wrong = [f"{key} is missing" for key in schema.get("required", []) if key not in value]
    pattern = next(iter(schema.get("patternProperties", {}).values()), None)
    for key, inner in value.items():
        part = schema.get("properties", {}).get(key, pattern)
        wrong += [f"{key} is unknown"] if part is None else disagreements(inner, part, parts)
    return wrong
