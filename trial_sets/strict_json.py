"""JSON from a person's hand, read with care: limits, no duplicate keys, no NaN, clear errors."""

import json
import re
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trial_sets.errors import InputError, suggest
from trial_sets.opening import read_bytes

MAX_BYTES = 8 * 1024 * 1024
_TRIALS_NAME = "letters, digits, _ and - (32 at most, a letter first)"
_PARAMETERS_NAME = "letters, digits, _, . and - (64 at most, a letter or _ first)"
Model = TypeVar("Model", bound=BaseModel)


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds.

    Raises
    ------
    InputError
        If the file cannot be read, is too large, is not UTF-8, is not JSON (with line and
        column), repeats a key, or holds NaN or infinity.
    """
    return parse_json(read_text(path, MAX_BYTES), str(path))


def read_text(path: Path, max_bytes: int) -> str:
    """Return the text of a file from a person's hand, which may be anything.

    Raises
    ------
    InputError
        If the file cannot be read, is no regular file, is larger than ``max_bytes``, or is not
        UTF-8.
    """
    try:
        return read_bytes(path, max_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from None


def parse_json(
    text: str,
    where: str,
    *,
    first_line: int = 1,
    nan: bool = False,
    large_integers: Literal["exact", "float"] = "exact",
) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what JSON text holds; no key may stand twice in an object.

    Parameters
    ----------
    text
        The JSON.
    where
        Begins the sentence of every error.
    first_line
        The line of the file that the text begins on.
    nan
        Whether NaN and infinity are taken, as Python's own writer leaves them.
    large_integers
        Integers of 16 digits and more: as they are, or as the float next to them, which may be
        infinite.

    Raises
    ------
    InputError
        With line and column, or what is not allowed.
    """

    def refuse_constant(name: str) -> NoReturn:
        raise InputError(f"{where}: {name} is not a number that JSON knows")

    decoder = json.JSONDecoder(
        object_pairs_hook=partial(_make_object, where),
        parse_constant=None if nan else refuse_constant,
        parse_int=_round_large if large_integers == "float" else int,
    )
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        line = error.lineno + first_line - 1
        raise InputError(
            f"{where}: not valid JSON at line {line}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise InputError(f"{where}: the JSON is nested too deeply") from None
    except ValueError:
        raise InputError(f"{where}: holds a number of too many digits") from None


def _make_object(where: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members, and refuse a key that stands twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise InputError(f"{where}: the key {twice[:60]!r} stands twice in one object")
    return made


def _round_large(digits: str) -> int | float:
    """Keep whole numbers that a float holds exactly; larger ones become floats or infinity."""
    return int(digits) if len(digits) < 16 else float(digits)


def check(model: type[Model], content: Any, where: str) -> Model:  # noqa: ANN401 - parsed JSON
    """Return ``content`` as a ``model``.

    Raises
    ------
    InputError
        One sentence for the first thing that is wrong, and how many more there are.
    """
    try:
        return model.model_validate_json(json.dumps(content))
    except ValidationError as error:
        details = _find_causes(error.errors(include_url=False))
        more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
        raise InputError(f"{where}: {_sentence(model, details[0])}{more}") from None
    except RecursionError:
        raise InputError(f"{where}: is nested too deeply") from None
    except (TypeError, ValueError):
        raise InputError(f"{where}: holds something that JSON cannot express") from None


def _find_causes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out errors of a whole that follow from those of its parts, and of defaults."""
    wholes = {detail["loc"][:end] for detail in details for end in range(len(detail["loc"]))}
    causes = [detail for detail in details if detail["loc"] not in wholes]
    return [detail for detail in causes if detail["type"] != "default_factory_not_called"]


def _sentence(model: type[BaseModel], detail: ErrorDetails) -> str:
    """Say what was found and what was expected, beginning with the place inside the file."""
    path = [part for part in detail["loc"] if part != "[key]"]
    shown = [part for part in path if not _is_tag(part)]
    place, key = _place(shown[:-1]), str(shown[-1]) if shown else ""
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
            return f"{_place(shown)}{detail['msg'].removeprefix('Value error, ')}"
        case "string_pattern_mismatch" if "[key]" in detail["loc"]:
            is_dotted = "." in detail["ctx"]["pattern"]  # of a parameter
            expected = _PARAMETERS_NAME if is_dotted else _TRIALS_NAME
            return f"{place}the name {found} is not {expected}"
    return f"{place}{key + '=' if key else ''}{found}, expected {_expected(detail['msg'])}"


def _is_tag(part: int | str) -> bool:
    """Tell the model of a union, ``<Model>``, from the keys of a file."""
    return re.fullmatch(r"<\w+>", str(part)) is not None


def _expected(message: str) -> str:
    """Return what pydantic says should have been: ``Input should be a valid number``."""
    what = re.sub(r"^\w+ should (?:be |have )?(?:a valid )?", "", message)
    what = what.replace("match pattern", "text that matches", 1)
    return re.sub(r"( items?)? after validation, not \d+$", r"\1", what)


def _place(path: list[int | str]) -> str:
    """Return the path inside a file as a person reads it: ``trial A3: ``."""
    words: list[str] = []
    kinds = {
        "trials": "trial",
        "controls": "control",
        "expectations": "expectation",
        "claims": "claim",
        "parameters": "parameter",
        "dimensions": "dimension",
    }
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
        if _is_tag(part):
            node = definitions[str(part)[1:-1]]
            continue
        if isinstance(part, int):
            node = node["items"]
        else:
            node = node.get("properties", {}).get(part) or next(
                iter(node.get("patternProperties", {}).values()),
                node.get("additionalProperties", {}),
            )
        node = next((part for part in node.get("anyOf", ()) if "$ref" in part), node)  # or null
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
