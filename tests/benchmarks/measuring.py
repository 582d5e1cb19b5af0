"""One run of one contender: a new process, its first answer, full speed, then a steady rate."""

import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.contenders import Contender, Place, environment
from tests.benchmarks.installation import FIRST, MEMBERS, TEAMS
from tests.benchmarks.load import Load, NoAnswerError

IN_FLIGHT, RATE = 100, 100.0


@dataclass(frozen=True)
class Size:
    """Updates of the warming up, of full speed and of the steady rate. All users are at the same step of the
    conversation, so that with two hundred users 1,000 updates are each step once; fewer would leave out the dear ones.
    """

    warm: int
    full: int
    paced: int


FULL, QUICK = Size(300, 2000, 1000), Size(200, 800, 1000)


@dataclass(frozen=True)
class Run:
    """One contender's figures. Times in milliseconds but `start_s`; `calls` are Bot API calls an update."""

    name: str
    per_second: float
    cpu_us: float
    full_p50_ms: float
    full_p99_ms: float
    paced_p50_ms: float
    paced_p99_ms: float
    peak_mb: float
    start_s: float
    calls: float


async def measure(contender: Contender, size: Size, furnished: Path) -> Run:
    """Start it, measure it, end it. Raises NoAnswerError with the end of its log when it falls silent."""
    async with running(contender, furnished) as (load, pids, begun):
        return await _figures(contender.name, load, size, pids, begun)


@asynccontextmanager
async def running(contender: Contender, furnished: Path) -> AsyncIterator[tuple[Load, list[int], float]]:
    """A bot and its users: the load, its processes, and when it was started."""
    load = Load(contender.talk, TEAMS * MEMBERS, FIRST)
    with tempfile.TemporaryDirectory() as folder, redis(contender, Path(folder)) as (address, helpers):
        place = Place(Path(folder), await load.api.start(), address, furnished)
        log = place.folder / "log.txt"
        made = environment(contender, place)
        begun = time.perf_counter()
        with processes.running(contender.command(), made, log) as pid:
            try:
                yield load, [pid, *helpers], begun
            except NoAnswerError as error:
                raise NoAnswerError(f"{contender.name}: {error}\n{log.read_text()[-2000:]}") from None
            finally:
                load.api.stop()


async def _figures(name: str, load: Load, size: Size, pids: list[int], begun: float) -> Run:
    first = await load.closed(1, 1)
    await load.closed(size.warm, IN_FLIGHT)
    cpu, calls = processes.cpu_seconds(pids), load.api.calls
    full = await load.closed(size.full, IN_FLIGHT)
    cpu, calls = processes.cpu_seconds(pids) - cpu, load.api.calls - calls
    paced = await load.paced(size.paced, RATE)
    return Run(
        name=name, per_second=full.per_second, cpu_us=cpu / size.full * 1e6, calls=calls / size.full,
        full_p50_ms=full.at(0.5) * 1e3, full_p99_ms=full.at(0.99) * 1e3,
        paced_p50_ms=paced.at(0.5) * 1e3, paced_p99_ms=paced.at(0.99) * 1e3,
        peak_mb=processes.peak_megabytes(pids), start_s=first.ended - begun,
    )  # fmt: skip


@contextmanager
def redis(contender: Contender, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """A Redis of its own for who needs one, writing nothing to disk: its address and processes."""
    if not contender.redis:
        yield "", []
        return
    port = _free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with processes.running([*command, "--appendonly", "no"], {}, folder / "redis.txt") as pid:
        _until_open(port)
        yield f"redis://127.0.0.1:{port}/0", [pid]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _until_open(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)  # polls: Redis accepts connections
