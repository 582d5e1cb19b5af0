"""Random bytes of the operating system, fetched by the page: where each update passes, asking for twelve at a time
costs more in handing over the interpreter than in the bytes."""

import os
import threading

PAGE = 4096


class _Pool(threading.local):
    """Each thread has its own, so that no byte is given twice."""

    page: bytes = b""
    used: int = 0


_pool = _Pool()


def random_bytes(count: int) -> bytes:
    """So many bytes that nobody can guess; at most PAGE."""
    start = _pool.used
    if start + count > len(_pool.page):
        _pool.page, start = os.urandom(PAGE), 0
    _pool.used = start + count
    return _pool.page[start : start + count]
