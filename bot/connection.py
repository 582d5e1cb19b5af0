"""Connections to the Bot API, direct or through a proxy (http, https, socks5: setting `proxy`), and how its answers
are read."""

import json
from typing import Any

import aiohttp
import orjson


def connector(proxy: str | None, limit: int = 100) -> aiohttp.BaseConnector:
    """An aiohttp connector; the proxy library is only imported when one is set."""
    if proxy is None:
        return aiohttp.TCPConnector(limit=limit, keepalive_timeout=60)
    from aiohttp_socks import ProxyConnector

    made: aiohttp.BaseConnector = ProxyConnector.from_url(proxy, limit=limit)
    return made


def read(raw: bytes) -> Any:
    """An answer as JSON. Halves of characters, which no database can hold, become question marks: one odd message
    must not keep all others from arriving, nor an odd name make a letter seem unsent. Raises ValueError."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        found = json.loads(raw)
        whole = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
        return orjson.loads(whole)
