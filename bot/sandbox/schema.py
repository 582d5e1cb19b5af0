"""Each call compared with the published Bot API: what is missing is refused, what is odd is noted.

The data is a reduced copy (names, types, required) of a published description; see schema/README.md.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.sandbox.errors import ApiError, bad
from bot.sandbox.files import Upload

DATA = Path(__file__).with_name("schema") / "bot-api.json"
Fields = dict[str, tuple[list[str], bool]]
_MISSING = {
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "file_id": "file_id not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
    "commands": "can't parse commands list JSON object",
}
_SIMPLE: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "InputFile": (str,),
}


@cache
def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return found


def knows(method: str) -> bool:
    return method in published()["methods"]


def missing(method: str, params: dict[str, Any], files: dict[str, Upload]) -> ApiError | None:
    """Telegram's 400 for the first required parameter that is absent or empty."""
    for name, (_, required) in published()["methods"].get(method, {}).items():
        if required and params.get(name) in (None, "") and name not in files:
            return bad(_MISSING.get(name, f"{name} is empty"))
    return None


def oddities(method: str, params: dict[str, Any], files: dict[str, Upload]) -> list[str]:
    """Parameters the published description does not know, or has with another type."""
    fields: Fields = published()["methods"].get(method, {})
    found: list[str] = []
    for name, value in params.items():
        if name in fields:
            found += _problems(_decoded(value, fields[name][0]), fields[name][0], name)
        else:
            found.append(f"{method}: unknown parameter {name}")
    known = set(fields) | set(_attached(params))
    return found + [f"{method}: unknown file {name}" for name in files if name not in known]


def _attached(params: dict[str, Any]) -> list[str]:
    """Part names that a parameter refers to by attach://."""
    text = " ".join(value if isinstance(value, str) else json.dumps(value) for value in params.values())
    return [piece.split('"')[0].split()[0] for piece in text.split("attach://")[1:] if piece.strip()]


def _decoded(value: Any, types: list[str]) -> Any:
    """Forms carry everything as text: numbers, truth values and objects are written as JSON."""
    if not isinstance(value, str) or types == ["String"]:
        return value
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    return value if "String" in types and isinstance(decoded, int) else decoded


def _problems(value: Any, types: list[str], path: str) -> list[str]:
    """The complaints of the type that fits best; none when one fits."""
    tries = [_type_problems(value, kind, path) for kind in types]
    return min(tries, key=len) if tries else []


def _type_problems(value: Any, kind: str, path: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: expected {kind}"]
        inner = kind.removeprefix("Array of ")
        return [line for n, one in enumerate(value) for line in _problems(one, [inner], f"{path}[{n}]")]
    if kind in _SIMPLE:
        right = isinstance(value, _SIMPLE[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if right else [f"{path}: expected {kind}"]
    return _object_problems(value, kind, path)


def _object_problems(value: Any, kind: str, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: expected {kind}"]
    subtypes = published()["unions"].get(kind)
    if subtypes:
        return _problems(value, subtypes, path)
    fields: Fields | None = published()["types"].get(kind)
    if fields is None:
        return []
    found = [f"{path}: {kind} lacks {name}" for name in _required(kind) if value.get(name) is None]
    for name, one in value.items():
        if name not in fields:
            found.append(f"{path}: unknown field {name} of {kind}")
        elif one is not None and not _plainly(one, fields[name][0]):
            found += _problems(one, fields[name][0], f"{path}.{name}")
    return found


@cache
def _required(kind: str) -> list[str]:
    return [name for name, (_, required) in published()["types"][kind].items() if required]


def _plainly(value: Any, types: list[str]) -> bool:
    """The common case, told quickly: keyboards hold many texts."""
    return type(value) is str and "String" in types


def reduced(full: dict[str, Any]) -> dict[str, Any]:
    """Names, types and required marks of all methods and of the types their parameters reach."""
    methods = {name: _fields(method) for name, method in full["methods"].items()}
    types: dict[str, Any] = {}
    unions: dict[str, list[str]] = {}
    waiting = [kind for fields in methods.values() for kinds, _ in fields.values() for kind in kinds]
    while waiting:
        kind = waiting.pop().removeprefix("Array of ").removeprefix("Array of ")
        if kind in types or kind in unions or kind not in full["types"]:
            continue
        if full["types"][kind].get("subtypes"):
            unions[kind] = list(full["types"][kind]["subtypes"])
            waiting += unions[kind]
        else:
            types[kind] = _fields(full["types"][kind])
            waiting += [one for kinds, _ in types[kind].values() for one in kinds]
    ordered = {"types": dict(sorted(types.items())), "unions": dict(sorted(unions.items()))}
    return {"version": full["version"], "methods": methods, **ordered}


def _fields(described: dict[str, Any]) -> Fields:
    return {field["name"]: (field["types"], field["required"]) for field in described.get("fields", [])}
