"""Connections to addresses that somebody gave us: never into our own network, wherever a name leads.

The address of each connection is looked at when it is made, after names are resolved, so that a name which leads
elsewhere the second time gains nothing. Redirects are not followed, proxies of the environment not asked.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=10)
_NAT64 = IPv6Network("64:ff9b::/96")


class InsideError(PermissionError):
    """The address is of a private network, or of this machine."""


def client(*, private: bool) -> aiohttp.ClientSession:
    """`private`: a setting allows addresses of the own network."""

    def made(info: Any) -> socket.socket:
        family, kind, proto, _name, place = info
        if not private and not public(str(place[0])):
            raise InsideError("inside")
        return socket.socket(family, kind, proto)

    connector = aiohttp.TCPConnector(socket_factory=made, use_dns_cache=False, force_close=True)
    return aiohttp.ClientSession(connector=connector, timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())


def public(text: str) -> bool:
    """Whether an IP address is one of the internet."""
    address = _meant(ip_address(text.partition("%")[0]))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries, if it does."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address
