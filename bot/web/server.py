"""An HTTP server in the loop of the running bot."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

BACKLOG = 2048

log = logging.getLogger("zhucun.web")
# Paths hold links to sign in with: whatever handlers somebody puts there, they are in no log.
logging.getLogger("uvicorn.access").disabled = True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The program has its own way to end."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Several processes of one machine may have the same. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True)


async def body_of(request: "Request", most: int) -> bytes | None:
    """The body, or None as soon as it is longer than `most` bytes."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > most:
            return None
        parts.append(part)
    return b"".join(parts)


async def serve(app: "ASGIApp", listening: socket.socket) -> None:
    """Answer until cancelled; what is being answered then is finished."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=10,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    log.info("listening at %s:%s", *listening.getsockname()[:2])
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
        listening.close()
