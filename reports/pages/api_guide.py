"""The page that explains the API to whoever writes a program for it: made of its description, without scripts."""

from typing import Any

import htpy as h
from htpy import Node, Renderable

from reports.pages.frame import plain, table
from storage.texts import _

Described = dict[str, Any]


def page(base: str, told: Described) -> Renderable:
    """Every resource with its parameters and its answer, every shape with its fields."""
    address = told["servers"][0]["url"]
    return plain(
        base,
        told["info"]["title"],
        h.p[told["info"]["description"]],
        h.p[_("机器读的说明（OpenAPI）："), h.a(href=f"{base}/openapi.json")["openapi.json"]],
        h.pre[h.code[f'curl -H "Authorization: Bearer $TOKEN" {address}/v1/reports?limit=5']],
        h.section(".block")[h.h2[_("地址")], (_resource(*one) for one in told["paths"].items())],
        h.section(".block")[h.h2[_("回答的样子")], (_shape(*one) for one in _shapes(told))],
    )


def _resource(path: str, verbs: Described) -> Renderable:
    asked = verbs["get"]
    rows: list[list[Node]] = [
        [h.code[one["name"]], _kind(one["schema"]), one.get("description", "")]
        for one in asked.get("parameters", ())
    ]
    return h.article[
        h.h3[h.code[f"GET {path}"]],
        h.p[asked["summary"], " → ", _answer(asked["responses"]["200"])],
        table([_("参数"), _("写法"), _("意思")], rows, empty="") if rows else None,
    ]


def _answer(told: Described) -> Node:
    content = told.get("content", {}).get("application/json")
    return _kind(content["schema"]) if content else _("照片")


def _shapes(told: Described) -> list[tuple[str, Described]]:
    return [(name, one) for name, one in sorted(told["components"]["schemas"].items()) if "properties" in one]


def _shape(name: str, told: Described) -> Renderable:
    rows: list[list[Node]] = [
        [h.code[field], _kind(one), one.get("description", "")] for field, one in told["properties"].items()
    ]
    return h.article(id=name)[
        h.h3[h.code[_called(name)]], table([_("名称"), _("写法"), _("意思")], rows, empty="")
    ]


def _called(name: str) -> str:
    """Listed_Report_ is a list of Report."""
    outer, _line, inner = name.rstrip("_").partition("_")
    return f"{outer}[{inner}]" if inner else outer


def _kind(told: Described) -> Node:
    """A type in short: `string`, `integer|null`, a list in brackets, a link to a shape."""
    if "$ref" in told:
        name = told["$ref"].rpartition("/")[2]
        return h.a(href=f"#{name}")[h.code[_called(name)]]
    if "anyOf" in told:
        return h.fragment[_joined([_kind(one) for one in told["anyOf"]])]
    if told.get("type") == "array":
        return h.fragment["[", _kind(told.get("items", {})), "]"]
    if "enum" in told:
        return h.code[" | ".join(map(str, told["enum"]))]
    return h.code[told.get("format") or told.get("type", "")]


def _joined(parts: list[Node]) -> list[Node]:
    return [piece for one in parts for piece in (" | ", one)][1:]
