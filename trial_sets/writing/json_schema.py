"""The JSON Schemas of study, set and space files, for editors.

``python -m trial_sets.writing.json_schema`` writes them into ``trial_sets/schema/`` after a change.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from trial_sets.configuration import StrictModel
from trial_sets.files import FreeSetFile, FreeStudyFile, SetFile, StudyFile
from trial_sets.space import SpaceFile

FOLDER = Path(__file__).parents[1] / "schema"
FILES: Mapping[str, type[StrictModel]] = {
    "study": StudyFile,
    "set": SetFile,
    "free-study": FreeStudyFile,
    "free-set": FreeSetFile,
    "space": SpaceFile,
}


class _Schema(GenerateJsonSchema):
    """Draft 2020-12 without titles that only repeat the keys."""

    def generate(self, schema: Any, mode: JsonSchemaMode = "validation") -> dict[str, Any]:  # noqa: ANN401
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401
        return False


def schema_of(model: type[StrictModel]) -> dict[str, Any]:
    """Return the JSON Schema of a file, or of a part of one."""
    return model.model_json_schema(schema_generator=_Schema)


def write_schemas(folder: Path = FOLDER) -> list[Path]:
    """Write ``study.schema.json`` and the others of `FILES` into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, model in FILES.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema_of(model), indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    write_schemas()
