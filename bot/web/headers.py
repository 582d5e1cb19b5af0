"""The headers of every answer of the console, and the two files that never change."""

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from reports.pages import frame

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No script at all, nothing from another host."""
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex",
}
_STYLE = frame.STYLE.read_bytes()
_ICON = frame.ICON.read_bytes()


def of(made: Mapping[str, str], *, secure: bool) -> dict[str, str]:
    """What an answer is to have besides its own headers."""
    found = dict(ALWAYS)
    if "cache-control" not in made:
        found["cache-control"] = "no-store"
    if secure:
        found["strict-transport-security"] = "max-age=31536000"
    return found


async def style(request: Request) -> Response:
    return _fixed(request, _STYLE, "text/css")


async def icon(request: Request) -> Response:
    return _fixed(request, _ICON, "image/svg+xml")


def _fixed(request: Request, body: bytes, kind: str) -> Response:
    """The same for everybody: it is sent again only when it is another."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    kept = {"cache-control": "no-cache", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=kept)
    return Response(body, media_type=kind, headers=kept)
