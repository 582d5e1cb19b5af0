"""Files that people fetch: streamed from where they are kept, so that no size takes memory."""

import mimetypes
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from reports.pages.asked import Download
from storage.files import Files
from storage.refusals import Expired


def response(files: Files, wanted: Download) -> Response:
    """The file as an attachment. Raises Expired when its bytes are gone."""
    pieces = files.pieces(wanted.sha)
    try:
        first = next(pieces, b"")
    except FileNotFoundError as error:
        raise Expired from error
    kind = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    body: Iterator[bytes] = chain([first], pieces)
    told = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(wanted.name, safe='')}",
        "content-length": str(wanted.size),
    }
    return StreamingResponse(body, media_type=kind, headers=told)
