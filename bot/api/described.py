"""The description of the API (OpenAPI), in the language that is asked for."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from bot.api import problems
from bot.api.resources import Resource
from bot.api.shapes import Problem
from bot.version import VERSION
from storage.texts import N_, _, speaking

TITLE = N_("驻村通接口")
ABOUT = N_(
    "给其他程序用的只读接口。姓名和号码一律打码；每次读到和人有关的内容都记入日志。"
    "令牌由管理员用 zhucun tokens make 生成，写在请求头 Authorization: Bearer 里。"
    "列表用 cursor 翻页；回答带 ETag，下次写在 If-None-Match 里，没有变就是 304。"
)
_WORDS = ("description", "summary")
_SCHEME = "token"
_SAID = {
    200: N_("内容"),
    304: N_("和上次一样，没有内容"),
    401: N_("没有令牌，或者令牌不对、过期、已作废"),
    403: N_("令牌的角色不能看"),
    404: N_("没有这一项，或者不在令牌的范围内"),
    422: N_("参数看不懂"),
    429: N_("问得太快了，看 Retry-After"),
    500: N_("出错了，回答里有号码"),
}
_PROBLEM = {problems.MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PHOTO = {
    kind: {"schema": {"type": "string", "format": "binary"}}
    for kind in ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
}


def responses(resource: Resource) -> dict[int | str, dict[str, Any]]:
    """What a resource may answer, as FastAPI describes it."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": said, "content": _PROBLEM} for status, said in _SAID.items() if status > 400
    }
    if len(resource.roles) == 3:
        del told[403]
    given: dict[str, Any] = {"description": _SAID[200]}
    given |= {"model": resource.shape} if resource.shape else {"content": _PHOTO}
    return {200: given, 304: {"description": _SAID[304]}, **told}


class Description:
    """Made when it is first asked for in a language."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self.app, self.address = app, address.rstrip("/")
        self._told: dict[str, dict[str, Any]] = {}

    def told(self, language: str) -> dict[str, Any]:
        if language not in self._told:
            with speaking(language):
                self._told[language] = _translated(self._made())
        return self._told[language]

    def _made(self) -> dict[str, Any]:
        made = get_openapi(
            title=_(TITLE), version=VERSION, description=ABOUT, routes=self.app.routes,
            servers=[{"url": self.address}],
        )  # fmt: skip
        parts = made["components"]
        parts["schemas"]["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(unused, None)
        parts["securitySchemes"] = {_SCHEME: {"type": "http", "scheme": "bearer"}}
        made["security"] = [{_SCHEME: []}]
        for verbs in made["paths"].values():
            for one in verbs["get"].get("parameters", ()):
                one["schema"] = _given(one["schema"])
        return made


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """What a parameter looks like when it is given: it is left out rather than null."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return (
        kinds[0]
        if kinds
        else {name: part for name, part in schema.items() if name not in ("title", "description")}
    )


def _translated(part: Any) -> Any:
    if isinstance(part, list):
        return [_translated(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _(value) if name in _WORDS and isinstance(value, str) else _translated(value)
        for name, value in part.items()
    }
