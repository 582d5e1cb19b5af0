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


def _forget() -> None:
    _pool.page, _pool.used = b"", 0


if hasattr(os, "register_at_fork"):  # Windows does not fork
    # Boxes are sealed with these: a forked process must not give out what its parent gives out, too.
    os.register_at_fork(after_in_child=_forget)


def random_bytes(count: int) -> bytes:
    """So many bytes that nobody can guess; at most PAGE."""
    start = _pool.used
    if start + count > len(_pool.page):
        _pool.page, start = os.urandom(PAGE), 0
    _pool.used = start + count
    return _pool.page[start : start + count]
