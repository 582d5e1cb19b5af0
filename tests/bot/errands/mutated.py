"""`python -m tests.bot.errands.mutated [COUNT]`: whether any byte string makes the reading of a photo raise.

Small pictures of every format are damaged in every way that bytes can be, each by its own seed; what comes out must
be facts or Unreadable. Prints the seeds that did otherwise, and how many were read and refused.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context

from bot.errands.reading import Taken
from tests.drawn import SAVED, drawn, moving, phone

CHUNK = 500
READ = "read"


@cache
def good() -> tuple[bytes, ...]:
    plain = [drawn(kind, (64, 48)) for kind in sorted(SAVED)]
    marked = [drawn(kind, (64, 48), exif=phone(6)) for kind in ("JPEG", "WEBP", "PNG", "AVIF", "HEIF")]
    return (
        *plain,
        *marked,
        drawn("JPEG", (64, 48), progressive=True),
        *(moving(kind) for kind in ("GIF", "WEBP", "MPO")),
    )


def damaged(seed: int) -> bytes:
    """One of the good pictures with bytes changed, cut out, doubled, put in, or of two pictures."""
    luck = random.Random(seed)
    data = bytearray(luck.choice(good()))
    for _change in range(luck.choice((1, 1, 2, 4, 16))):
        _change_one(data, luck)
    return bytes(data)


def _change_one(data: bytearray, luck: random.Random) -> None:
    at, end = luck.randrange(len(data) + 1), luck.randrange(len(data) + 1)
    kind = luck.randrange(7)
    if kind == 0:
        data[at:at] = luck.randbytes(luck.randrange(1, 40))
    elif kind == 1:
        del data[at : at + luck.randrange(1, 60)]
    elif kind == 2:
        data[at:at] = data[at:end][:200]
    elif kind == 3:
        del data[max(at, 4) :]
    elif kind == 4:
        data[at : at + 4] = luck.choice(
            (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0")
        )
    elif kind == 5:
        data[at:] = luck.choice(good())[at:]
    elif at < len(data):
        data[at] ^= 1 << luck.randrange(8)


def told(data: bytes) -> str:
    """READ, or the sentence of the refusal; any other error comes through."""
    from bot.errands import reading
    from storage import photo_faults
    from storage.picture import Unreadable

    try:
        taken = reading.take(data)
    except Unreadable as error:
        refused = error.sentence
    else:
        return _checked(taken)
    assert refused in vars(photo_faults).values()
    return refused


def _checked(taken: Taken) -> str:
    assert taken.facts.width > 0
    assert taken.thumbnail.startswith(b"\xff\xd8")
    return READ


def tried(first: int, count: int) -> tuple[Counter[str], list[str]]:
    """What became of those seeds, and those that raised something else."""
    found: Counter[str] = Counter()
    wrong = []
    for seed in range(first, first + count):
        try:
            found[told(damaged(seed))] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            wrong.append(f"{seed} {type(error).__name__}: {error}")
    return found, wrong


def run(count: int, first: int = 0) -> tuple[Counter[str], list[str]]:
    """In spawned processes, a new one when one was ended by its bytes."""
    found: Counter[str] = Counter()
    wrong: list[str] = []
    for some, bad in _chunks(count, first):
        found += some
        wrong += bad
    return found, wrong


def _chunks(count: int, first: int) -> Iterator[tuple[Counter[str], list[str]]]:
    starts = list(range(first, first + count, CHUNK))
    while starts:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            while starts:
                size = min(CHUNK, first + count - starts[0])
                try:
                    yield pool.submit(tried, starts[0], size).result()
                except BrokenProcessPool:
                    yield Counter(), [f"one of {starts[0]} to {starts[0] + size - 1} ended the process"]
                    starts.pop(0)
                    break
                starts.pop(0)


def main() -> int:
    found, wrong = run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    for what, count in found.most_common():
        sys.stdout.write(f"{count} {what}\n")
    sys.stdout.writelines(f"WRONG {one}\n" for one in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
