"""Random bytes come from the operating system, each byte once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import chance
from storage.chance import PAGE, random_bytes
from tests.house.tree import ROOT


def test_it_gives_as_many_as_asked() -> None:
    assert [len(random_bytes(count)) for count in (0, 1, 12, 16, PAGE)] == [0, 1, 12, 16, PAGE]


def test_no_byte_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = iter([bytes([number]) * 2 + os.urandom(PAGE - 2) for number in range(9)])
    monkeypatch.setattr(chance, "_pool", chance._Pool())
    monkeypatch.setattr(os, "urandom", lambda _count: next(pages))
    first = [random_bytes(16) for _ in range(2 * PAGE // 16)]
    assert first[0][:2] == b"\0\0"
    assert first[PAGE // 16][:2] == b"\1\1"
    assert len(set(first)) == len(first)


FORKED = """
import os
from storage.chance import random_bytes
random_bytes(12)
here, there = os.pipe()
if os.fork() == 0:
    os.write(there, random_bytes(12))
    os._exit(0)
print(os.read(here, 12) != random_bytes(12))
"""


def test_a_forked_process_has_bytes_of_its_own() -> None:
    told = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "True\n"


def test_threads_do_not_share() -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: random_bytes(12), range(5000)))
    assert len(set(given)) == len(given)
