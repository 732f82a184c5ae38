"""JSON from a person's hand, read with care: limits, no duplicate keys, no NaN, clear errors."""

import json
import re
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trial_sets.errors import TrialSetError, suggest

MAX_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 64 * 1024
Model = TypeVar("Model", bound=BaseModel)


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds.

    Raises
    ------
    TrialSetError
        If the file cannot be read, is too large, is not UTF-8, is not JSON (with line and
        column), repeats a key, or holds NaN or infinity.
    """
    return parse_json(read_text(path, MAX_BYTES), str(path))


def read_text(path: Path, max_bytes: int) -> str:
    """Return the text of a file from a person's hand, which may be anything.

    Raises
    ------
    TrialSetError
        If the file cannot be read, is larger than ``max_bytes``, or is not UTF-8.
    """
    try:
        content = bytearray()
        with path.open("rb", buffering=0) as file:  # a pipe or a device tells no size beforehand
            while len(content) <= max_bytes and (piece := file.read(PIECE_BYTES)):
                content += piece
        if len(content) > max_bytes:
            raise TrialSetError(f"{path}: the file is larger than {max_bytes // 1024**2} MiB")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise TrialSetError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise TrialSetError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except ValueError as error:
        if isinstance(error, TrialSetError):
            raise
        raise TrialSetError(f"{str(path)!r}: no file can have this name") from None


def parse_json(text: str, where: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what JSON text holds; ``where`` begins the sentence of a `TrialSetError`."""

    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise TrialSetError(f"{where}: the key {twice!r} stands twice in one object")
        return found

    def refuse_constant(name: str) -> NoReturn:
        raise TrialSetError(f"{where}: {name} is not a number that JSON knows")

    try:
        return json.loads(text, object_pairs_hook=refuse_duplicates, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise TrialSetError(
            f"{where}: not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise TrialSetError(f"{where}: the JSON is nested too deeply") from None
    except ValueError as error:
        if isinstance(error, TrialSetError):
            raise
        raise TrialSetError(f"{where}: holds a number of too many digits") from None


def check(model: type[Model], content: Any, where: str) -> Model:  # noqa: ANN401 - parsed JSON
    """Return ``content`` as a ``model``.

    Raises
    ------
    TrialSetError
        One sentence for the first thing that is wrong, and how many more there are.
    """
    try:
        return model.model_validate_json(json.dumps(content))
    except ValidationError as error:
        details = _find_causes(error.errors(include_url=False))
        more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
        raise TrialSetError(f"{where}: {_sentence(model, details[0])}{more}") from None
    except RecursionError:
        raise TrialSetError(f"{where}: is nested too deeply") from None
    except (TypeError, ValueError):
        raise TrialSetError(f"{where}: holds something that JSON cannot express") from None


def _find_causes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out errors of a whole that follow from those of its parts, and of defaults."""
    wholes = {detail["loc"][:end] for detail in details for end in range(len(detail["loc"]))}
    causes = [detail for detail in details if detail["loc"] not in wholes]
    return [detail for detail in causes if detail["type"] != "default_factory_not_called"]


def _sentence(model: type[BaseModel], detail: ErrorDetails) -> str:
    """Say what was found and what was expected, beginning with the place inside the file."""
    path = [part for part in detail["loc"] if part != "[key]"]
    place, key = _place(path[:-1]), str(path[-1]) if path else ""
    found = shorten(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            known = _known_keys(model, path[:-1])
            return f"{place}unknown key {shorten(key)}{suggest(key, known)}"
        case "missing":
            return f"{place}{key} is missing"
        case "json_invalid":
            is_deep = "recursion" in detail["msg"]
            return "is nested too deeply" if is_deep else "holds a string that is not text"
        case "value_error":
            return f"{_place(path)}{detail['msg'].removeprefix('Value error, ')}"
        case "string_pattern_mismatch" if "[key]" in detail["loc"]:
            return f"{place}the name {found} is not letters, digits, _ and - (32 at most)"
    return f"{place}{key + '=' if key else ''}{found}, expected {_expected(detail['msg'])}"


def _expected(message: str) -> str:
    """Return what pydantic says should have been: ``Input should be a valid number``."""
    what = re.sub(r"^\w+ should (?:be |have )?(?:a valid )?", "", message)
    what = what.replace("match pattern", "text that matches", 1)
    return re.sub(r"( items?)? after validation, not \d+$", r"\1", what)


def _place(path: list[int | str]) -> str:
    """Return the path inside a file as a person reads it: ``trial A3: ``."""
    words: list[str] = []
    kinds = {"trials": "trial", "controls": "control", "expectations": "expectation"}
    for part in path:
        if words and words[-1] in kinds:
            number = part + 1 if isinstance(part, int) else part
            words[-1] = f"{kinds[words[-1]]} {bare(number)}"
        else:
            words.append(bare(part))
    return f"{', '.join(words)}: " if words else ""


def _known_keys(model: type[BaseModel], path: list[int | str]) -> list[str]:
    """Return the valid keys of the object at ``path``, from the model's JSON Schema."""
    schema = model.model_json_schema()
    definitions, node = schema.get("$defs", {}), schema
    for part in path:
        if isinstance(part, int):
            node = node["items"]
        else:
            node = node.get("properties", {}).get(part) or next(
                iter(node.get("patternProperties", {}).values()),
                node.get("additionalProperties", {}),
            )
        if "$ref" in node:
            node = definitions[node["$ref"].rsplit("/", 1)[-1]]
    return list(node.get("properties", {}))


def shorten(value: Any) -> str:  # noqa: ANN401 - whatever was found
    """Return ``value`` as JSON on one line of at most 60 characters."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def bare(part: int | str) -> str:
    """Return a name as it is, and anything else as JSON."""
    return part if isinstance(part, str) and re.fullmatch(r"[\w-]+", part) else shorten(part)
