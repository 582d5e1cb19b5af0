"""Connections to the Bot API, direct or through a proxy (http, https, socks5: setting `proxy`)."""

import aiohttp


def connector(proxy: str | None, limit: int = 100) -> aiohttp.BaseConnector:
    """An aiohttp connector; the proxy library is only imported when one is set."""
    if proxy is None:
        return aiohttp.TCPConnector(limit=limit, keepalive_timeout=60)
    from aiohttp_socks import ProxyConnector

    made: aiohttp.BaseConnector = ProxyConnector.from_url(proxy, limit=limit)
    return made
