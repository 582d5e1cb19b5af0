"""Connections to the Bot API, direct or through a proxy (http, https, socks5: setting `proxy`), and how its answers
are read."""

import json
import os
from collections.abc import MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.proxy import ProxyBuilder

CONNECT, IDLE = timedelta(seconds=10), timedelta(seconds=60)
TRUSTED = "/etc/ssl/certs/ca-certificates.crt"
"""Debian's list of whom to trust. The folder that it is in has each of them once more, as a file."""


def client(proxy: str | None, timeout: float) -> Client:
    """A client that speaks HTTP outside of Python's lock (docs/decisions/0020); `timeout`: seconds for a whole call.
    What the machine says of proxies is not asked: only the setting counts."""
    trust_the_list(os.environ)
    made = ClientBuilder().follow_redirects(False).referer(False)
    made = made.timeout(timedelta(seconds=timeout)).connect_timeout(CONNECT).pool_idle_timeout(IDLE)
    if proxy is None:
        return made.no_proxy().build()
    return made.proxy(ProxyBuilder.all(_asking_for_names(proxy))).build()


def trust_the_list(environment: MutableMapping[str, str], trusted: str = TRUSTED) -> None:
    """Where there is a list, have it read alone: reading each certificate twice takes 2 MB and three hundred files.
    What the operator set counts."""
    if not {"SSL_CERT_FILE", "SSL_CERT_DIR"} & environment.keys() and Path(trusted).is_file():
        environment["SSL_CERT_FILE"] = trusted


def _asking_for_names(proxy: str) -> str:
    """A SOCKS proxy is to look up names as well: where one is needed, they are looked up wrongly here."""
    return proxy.replace("socks5://", "socks5h://", 1).replace("socks4://", "socks4a://", 1)


def read(raw: bytes) -> Any:
    """An answer as JSON. Halves of characters, which no database can hold, become question marks: one odd message
    must not keep all others from arriving, nor an odd name make a letter seem unsent. Raises ValueError."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        found = json.loads(raw)
        whole = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
        return orjson.loads(whole)
