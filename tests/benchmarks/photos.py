"""Photos and the household's privacy: reading photos, drawing them, finding one among many, personal numbers in texts;
lines of `make bench-quick`. `python -m tests.benchmarks.photos` does it at full size: 5,000 photos, five million known.

Times are processor time, taken turn about with libjpeg-turbo's own, so that a busy machine slows both. All work is
done in spawned processes, as the program does it.
"""

import hashlib
import io
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from storage.db import Store
from storage.looks.packed import Look
from storage.sealing import Keyring
from tests.benchmarks.tables import Goal

ROUNDS = 15
PHOTOS, MOST_PHOTOS = 200, 5000
"""Read by one worker while its memory is watched; the second at full size."""
KNOWN, MOST_KNOWN = 500_000, 5_000_000
"""Photos among which one is found."""
PAIRS = 5
"""Rounds of one worker and two."""
WORDS = 17
CHANCE = 1404
"""Photos of five million that share a word with a photo by chance, estimated from pairs of unrelated real ones."""
QUERIES = 200
TWELVE = (4000, 3000)


EASY = ("compressed anew", "sent through Telegram", "made small", "made large")
"""Kinds of change after which nearly every copy is to be found."""


def goals(most: int = PHOTOS, known: int = KNOWN, pairs: int = PAIRS) -> list[Goal]:
    """What is promised of photos, measured now. Prints nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _spawned() as process:
            process.submit(draw, folder).result()
        return [
            *_beside_turbo(folder),
            _two_workers(folder, pairs),
            *_memory(folder, most),
            *_finding(folder / "words.db", known),
            *_copies(),
            *_free_text(),
        ]


def _spawned(workers: int = 1) -> ProcessPoolExecutor:
    # One thread a process: the others belong to the other workers.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def twelve_megapixels(seed: int = 1) -> bytes:
    """A JPEG as phones make it: of that size, with fine texture, some four megabytes."""
    import numpy as np
    from PIL import Image

    from tests.drawn import scene

    luck = np.random.default_rng(seed)
    wide, high = TWELVE
    drawn = np.asarray(scene(seed, (wide // 4, high // 4)).resize(TWELVE, Image.Resampling.BICUBIC), np.int16)
    grain = np.repeat(np.repeat(luck.normal(0, 9, (high // 2, wide // 2, 1)), 2, 0), 2, 1) + luck.normal(
        0, 5, (high, wide, 1)
    )
    out = io.BytesIO()
    Image.fromarray((drawn + grain).clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=88)
    return out.getvalue()


def draw(folder: Path) -> None:
    """The photos that are measured with, drawn in a process of its own: drawing takes more memory than reading."""
    from reports import pictures
    from tests.drawn import drawn, scene

    files = {"0.jpg": twelve_megapixels(), "5.png": drawn("PNG", (1600, 1200)), "6.heic": drawn("HEIF", (2016, 1512)),
             "7.webp": drawn("WEBP", (1280, 960))}  # fmt: skip
    files |= {f"{seed}.jpg": pictures.jpeg(scene(seed, (1280, 960))) for seed in range(1, 5)}
    for name, data in files.items():
        (folder / name).write_bytes(data)


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _beside_turbo(folder: Path) -> list[Goal]:
    with _spawned() as process:
        intake, stamp = process.submit(measure_beside_turbo, folder).result()
    return [Goal("4.intake_beside_turbo", intake, 1.3), Goal("4.stamp_beside_turbo", stamp, 1.2)]


def measure_beside_turbo(folder: Path) -> tuple[float, float]:
    """Reading a 12-megapixel JPEG beside its scaled decode and SHA-256; a stamped copy beside its decode and
    encode: medians of the ratios, turn about."""
    import simplejpeg

    from bot.errands import reading
    from reports import stamps

    data = (folder / "0.jpg").read_bytes()
    stamp = stamps.Stamp(
        ("武清区 杨村街道 王家庄村", "收到 2026-11-20 15:04:05", "ZF-20261120-0042"), "ZF-20261120-0042"
    )

    def scaled() -> None:
        simplejpeg.decode_jpeg(data, min_height=320 * 3 // 4, min_width=320, min_factor=1)
        hashlib.sha256(data).hexdigest()

    def whole() -> None:
        simplejpeg.encode_jpeg(simplejpeg.decode_jpeg(data), quality=85, colorsubsampling="420")

    pairs = (lambda: reading.take(data), scaled), (lambda: stamps.stamped(data, stamp), whole)
    intake, stamped = (_ratio(ours, theirs) for ours, theirs in pairs)
    return intake, stamped


def _ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    _cpu(ours), _cpu(theirs)
    return median(_cpu(ours) / _cpu(theirs) for _round in range(ROUNDS))


def _two_workers(folder: Path, pairs: int) -> Goal:
    """Photos a second of two workers beside one; turn about with work that needs nothing but a processor, which tells
    how much of two processors the machine has to give at that moment."""
    with _spawned() as one, _spawned(2) as two:
        for pool in (one, two):
            list(pool.map(read_some, [folder] * 4, [3] * 4))
        ratios = [
            _gain(one, two, read_some, folder, 5) / _gain(one, two, spin, folder, 5)
            for _round in range(pairs)
        ]
    return Goal("4.two_workers_beside_one", 2 * median(ratios), 1.7, least=True)


def _gain(
    one: ProcessPoolExecutor,
    two: ProcessPoolExecutor,
    work: Callable[[Path, int], int],
    folder: Path,
    times: int,
) -> float:
    seconds = []
    for pool in (one, two):
        begun = time.perf_counter()
        list(pool.map(work, [folder] * 4, [times] * 4))
        seconds.append(time.perf_counter() - begun)
    return seconds[0] / seconds[1]


def spin(_folder: Path, times: int) -> int:
    return sum(number * number for number in range(times * 400_000))


def read_some(folder: Path, count: int) -> int:
    from bot.errands import reading

    data = (folder / "0.jpg").read_bytes()
    for _number in range(count):
        reading.take(data)
    return count


def _memory(folder: Path, most: int) -> list[Goal]:
    with _spawned() as process:
        early, peak = process.submit(watch_memory, folder, most).result()
    return [Goal("4.worker_peak_mb", peak, 200), Goal("4.worker_growth_mb", peak - early, 20)]


def watch_memory(folder: Path, most: int) -> tuple[float, float]:
    """Peak memory of a worker after a tenth of the photos, and after all: of many sizes and formats."""
    from bot.errands import reading

    paths, early = sorted(folder.glob("[0-9].*")), 0.0
    for number in range(most):
        reading.take(paths[number % len(paths)].read_bytes())
        if number == most // 10:
            early = _peak()
    return early, _peak()


def _peak() -> float:
    from tests.benchmarks import processes

    return processes.peak_megabytes([os.getpid()])


def _finding(path: Path, known: int) -> Iterator[Goal]:
    """Looking up the words of a photo among those of all others, and laying the likeliest over it: each photo's
    copy, cropped and compressed, looks for it."""
    from storage import likeness
    from storage.looks import overlay
    from storage.looks.look import look
    from tests.drawn import scene
    from tests.storage.looks.changes import cropped

    photos = {number: scene(number, (640, 480)) for number in range(QUERIES)}
    looks = {number: look(photo) for number, photo in photos.items()}
    copies = {number: look(cropped(photo, 0.02, 0.03, 0.02, 0.01)) for number, photo in photos.items()}
    fill(path, known, looks, copies)
    store = _store(path)
    asked, found, fitted = [], 0, []
    with store.reading() as session:
        for number, seen in copies.items():
            begun = time.thread_time()
            first = likeness.most_shared(session, seen)
            asked.append(time.thread_time() - begun)
            fit = overlay.fit(seen, looks[number])
            fitted.append(min(_thread(seen, looks[number]) for _time in range(3)))
            found += number in first[: likeness.TRIED] and fit is not None and fit.is_copy()
    store.close()
    among = f"among_{known // 1000}k"
    yield Goal(f"4.lookup_ms_{among}", median(asked) * 1e3, 5)
    both = sorted(map(sum, zip(asked, fitted, strict=True)))
    yield Goal(f"4.found_ms_{among}", median(both) * 1e3, 5)
    yield Goal(f"4.found_p95_ms_{among}", both[len(both) * 95 // 100] * 1e3, 5)
    yield Goal(f"4.found_{among}", found / QUERIES, 0.9, least=True)


def _thread(mine: Look, theirs: Look) -> float:
    """Seconds for laying one over the other: the least of some is what it takes where no neighbour is in the way."""
    from storage.looks import overlay

    begun = time.thread_time()
    overlay.fit(mine, theirs)
    return time.thread_time() - begun


def _store(path: Path) -> Store:
    return Store(f"sqlite:///{path}", Keyring.new())


def fill(path: Path, known: int, mine: dict[int, Look], copies: dict[int, Look]) -> None:
    """The index of so many photos: words in rising order, which is the order of the table, photos at random. By
    chance alone nobody shares a word; `CHANCE` photos are given each word that the copies ask for."""
    with sqlite3.connect(path) as made:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
            made.execute(f"PRAGMA {setting}")
        made.execute("CREATE TABLE photoword (word BIGINT NOT NULL, photo_id INTEGER NOT NULL,"
                     " PRIMARY KEY (word, photo_id)) WITHOUT ROWID")  # fmt: skip
        made.execute("CREATE TEMP TABLE k AS WITH RECURSIVE n(i) AS"
                     " (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT i FROM n")  # fmt: skip
        rows = known * WORDS
        made.execute(
            "INSERT INTO photoword SELECT (a.i * 10000 + b.i) * ?, ? + abs(random()) % ? FROM k a CROSS JOIN k b"
            " WHERE a.i * 10000 + b.i < ?",
            ((1 << 33) // rows, QUERIES, known, rows),
        )
        made.executemany("INSERT OR IGNORE INTO photoword VALUES (?, ?)", _shared(known, mine, copies))
    made.close()


def _shared(known: int, mine: dict[int, Look], copies: dict[int, Look]) -> Iterator[tuple[int, int]]:
    luck = random.Random(20261120)
    for number, seen in mine.items():
        yield from ((word, number) for word in seen.words())
        asked = sorted(copies[number].near_words())
        rows = CHANCE * known // MOST_KNOWN
        yield from ((luck.choice(asked), QUERIES + luck.randrange(known)) for _row in range(rows))


def _copies() -> Iterator[Goal]:
    """Where the shared photos are: how many copies are found, and how many of those found are copies."""
    from tests.conftest import PROJECT
    from tests.storage.looks.measured import copies, lookalikes, originals, precision

    shared = (PROJECT / os.environ.get("ZHUCUN_SHARED", "../shared")).resolve()
    if not (shared / "data" / "photos").is_dir():
        return
    photos = originals(shared, 800)
    tallies, alike = copies(photos), lookalikes(photos)
    for kind, one in tallies.items():
        least = 0.98 if kind in EASY else 0.9
        yield Goal(f"4.recall_{kind.replace(' ', '_')}", one.recall, least, least=True)
    yield Goal("4.precision", precision(tallies, alike), 0.99, least=True)


def _free_text() -> Iterator[Goal]:
    """Personal numbers in the written sentences: how many are found, and what is found besides."""
    from tests import free_text

    scores = [free_text.score(name) for name in free_text.SETS]
    hit, there = (sum(getattr(one, name).total() for one in scores) for name in ("hit", "there"))
    besides = sum(len(one.wrong) for one in scores)
    yield Goal("4.free_text_recall", hit / there, 0.99, least=True)
    yield Goal("4.free_text_besides", besides / (hit + besides), 0.01)


def main() -> int:
    made = goals(MOST_PHOTOS, MOST_KNOWN, 7)
    sys.stdout.write("".join(f"{goal}\n" for goal in made))
    return 0 if all(goal.met for goal in made) else 1


if __name__ == "__main__":
    sys.exit(main())
