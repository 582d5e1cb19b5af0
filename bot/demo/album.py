"""The demo's photos: painted beside everything else, kept among the files, known by what they show."""

import signal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from random import Random

from bot.demo.paint import paint
from storage import picture
from storage.files import Files
from storage.picture import Facts

PAINTERS = 2
SHOWN = {
    "house": (1, 2), "house+": (3, 4, 5), "courtyard": (1, 2), "courtyard+": (1, 3, 4), "field": (1,),
    "field+": (2, 3), "roof": (1, 2), "roof+": (1,), "room": (1,), "room+": (1,), "kitchen": (1,),
    "kitchen+": (1,), "road": (1, 2), "road+": (1,), "ditch": (1,), "ditch+": (1,),
}  # fmt: skip
"""Seeds by scene ("+" is mended): 25 pictures."""


class Album:
    """What the painted pictures are, by scene. Asking waits until they are dry."""

    def __init__(self, files: Files, work: dict[str, list[Future[tuple[bytes, Facts]]]]) -> None:
        self._files, self._work = files, work
        self._facts: dict[str, list[Facts]] = {}

    def of(self, scene: str) -> list[Facts]:
        """The pictures of a scene, their bytes kept in Files."""
        if scene not in self._facts:
            done = [future.result() for future in self._work[scene]]
            for data, _facts in done:
                self._files.keep(data)
            self._facts[scene] = [facts for _data, facts in done]
        return self._facts[scene]

    def some(self, scenes: Sequence[str], count: int, chance: Random) -> list[Facts]:
        """At most that many different pictures of these scenes."""
        found = [facts for scene in scenes for facts in self.of(scene)]
        return chance.sample(found, min(count, len(found)))


@contextmanager
def painting(files: Files) -> Iterator[Album]:
    """Paint in processes of their own; all is dry at the end, unless something went wrong meanwhile."""
    pool = ProcessPoolExecutor(PAINTERS, get_context("spawn"), initializer=_undisturbed)
    try:
        work = defaultdict(list)
        for scene, seeds in SHOWN.items():
            for seed in seeds:
                work[scene].append(pool.submit(painted, scene, seed))
        yield Album(files, work)
        pool.shutdown()
    finally:
        pool.shutdown(cancel_futures=True)


def _undisturbed() -> None:
    """Ctrl-C is for the one who waits for the pictures."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def painted(scene: str, seed: int) -> tuple[bytes, Facts]:
    """One picture and what its bytes say."""
    data = paint(scene.removesuffix("+"), seed, scene.endswith("+"))
    return data, picture.read(data)
