"""What is answered when nothing can be given: problem JSON (RFC 9457) in the language that was asked for."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from storage.refusals import NoToken, NotThere, NotYours, Refusal, TooMany
from storage.texts import N_, _, speaking

MEDIA = "application/problem+json"
WAIT = 60
"""Seconds, where nothing better is known."""
TITLES = {
    400: N_("请求不对"),
    401: N_("没有有效的令牌"),
    403: N_("这个令牌不能看"),
    404: N_("没有找到"),
    405: N_("只能读"),
    422: N_("看不懂"),
    429: N_("问得太快了"),
    500: N_("没有做成"),
}
NAMES = {
    400: "bad-request", 401: "no-token", 403: "not-yours", 404: "not-there", 405: "only-get", 422: "not-understood",
    429: "too-many", 500: "failed",
}  # fmt: skip
STATUS: dict[type[Refusal], int] = {NoToken: 401, NotYours: 403, NotThere: 404}


def language_of(request: Request) -> str:
    """zh, or en where that is asked for first."""
    asked = request.headers.get("accept-language", "").strip().lower()
    return "en" if asked.startswith("en") else "zh"


def refused(request: Request, refusal: Refusal) -> Response:
    if isinstance(refusal, TooMany):
        return problem(request, 429, refusal.sentence, {"retry-after": str(refusal.seconds)})
    status = STATUS.get(type(refusal), 400)
    more = {"www-authenticate": "Bearer"} if status == 401 else {}
    return problem(request, status, refusal.sentence, more)


def not_understood(request: Request, places: list[str]) -> Response:
    """`places` are names of parameters."""
    with speaking(language_of(request)):
        said = _("这些参数看不懂：{names}。写法见接口说明页。").format(names="、".join(places))
    return problem(request, 422, said)


def other(request: Request, status: int, headers: dict[str, str]) -> Response:
    """What the framework refuses by itself: no such path, or another method than GET."""
    with speaking(language_of(request)):
        said = (
            _("这个接口只能读：请用 GET。")
            if status == 405
            else _("没有这个地址。有哪些地址，见接口说明页。")
        )
    return problem(request, status, said, headers)


def failed(request: Request, number: str) -> Response:
    with speaking(language_of(request)):
        said = _("没有做成。请过一会儿再试；还不行请把这个号码告诉管理员：{number}。").format(number=number)
    return problem(request, 500, said)


def problem(request: Request, status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    known = status if status in TITLES else 400
    with speaking(language_of(request)):
        told: dict[str, Any] = {
            "type": f"urn:zhucun:{NAMES[known]}", "title": _(TITLES[known]),
            "status": status, "detail": detail,
        }  # fmt: skip
    return Response(orjson.dumps(told), status, headers, media_type=MEDIA)
