"""Files that people fetch: streamed from where they are kept, so that no size takes memory."""

import mimetypes
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from reports.pages.asked import Download, Made
from storage.files import Files
from storage.refusals import Expired


def response(files: Files, wanted: Download) -> Response:
    """The file as an attachment. Raises Expired when its bytes are gone."""
    pieces = files.pieces(wanted.sha)
    try:
        first = next(pieces, b"")
    except FileNotFoundError as error:
        raise Expired from error
    body: Iterator[bytes] = chain([first], pieces)
    told = _as(wanted.name) | {"content-length": str(wanted.size)}
    return StreamingResponse(body, media_type=_kind(wanted.name), headers=told)


def made(one: Made) -> Response:
    return Response(one.data, media_type=_kind(one.name), headers=_as(one.name))


def _as(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
