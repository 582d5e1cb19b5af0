"""HTTP to the sandbox with the standard library: JSON, uploads, and calls as a bot."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
SLACK = 60.0  # seconds on top of a long poll


class SandboxError(AssertionError):
    """The sandbox refused; `status` and `body` say what."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status}: {body.get('error') or body.get('description') or body}")
        self.status = status
        self.body = body


class Wire:
    """One sandbox's address; proxies of the environment are not used."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Json:
        """A control call under /sandbox/; parameters that are None are left out."""
        asked = _given(query or {})
        address = f"{self.url}/sandbox/{path}" + (f"?{urllib.parse.urlencode(asked)}" if asked else "")
        data = None if body is None else json.dumps(_given(body)).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
        return self._json(request, float(asked.get("wait", 0)) + SLACK)

    def bot(self, token: str, method: str, params: Json) -> Any:
        data = json.dumps(_given(params)).encode()
        address = f"{self.url}/bot{token}/{method}"
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        return self._json(request, float(params.get("timeout", 0)) + SLACK)["result"]

    def bot_form(self, token: str, method: str, content_type: str, body: bytes) -> Any:
        """A bot's call with files, see `multipart`."""
        request = urllib.request.Request(
            f"{self.url}/bot{token}/{method}", body, {"Content-Type": content_type}
        )
        return self._json(request, 60.0)["result"]

    def upload(self, fields: Json, files: Sequence[tuple[str, bytes]]) -> Json:
        content_type, data = multipart(_given(fields), files)
        address = f"{self.url}/sandbox/upload"
        return self._json(urllib.request.Request(address, data, {"Content-Type": content_type}), 60.0)

    def bytes(self, path: str) -> bytes:
        with self._opener.open(self.url + path, timeout=SLACK) as response:
            found: bytes = response.read()
            return found

    def _json(self, request: urllib.request.Request, timeout: float) -> Json:
        try:
            with self._opener.open(request, timeout=timeout) as response:
                found: Json = json.load(response)
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise SandboxError(error.code, _body(error.read())) from None


def _given(body: Json) -> Json:
    return {key: value for key, value in body.items() if value is not None}


def _body(data: bytes) -> Json:
    try:
        found = json.loads(data)
    except ValueError:
        return {"error": data.decode(errors="replace")}
    return found if isinstance(found, dict) else {"error": found}


def multipart(fields: Json, files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Content type and body of a form with `files` as parts file1, file2 …"""
    edge = "edge" + secrets.token_hex(12)
    parts = [_part(edge, f'name="{name}"', str(value).encode()) for name, value in fields.items()]
    for number, (name, data) in enumerate(files, 1):
        parts.append(_part(edge, f'name="file{number}"; filename="{name}"', data))
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()


def _part(edge: str, disposition: str, data: bytes) -> bytes:
    head = f"--{edge}\r\nContent-Disposition: form-data; {disposition}\r\n"
    return head.encode() + b"\r\n" + data + b"\r\n"
