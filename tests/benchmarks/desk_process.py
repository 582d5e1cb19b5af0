"""One bot's desk and nothing else: for each line on its input it handles all that waits, and answers with the seconds
and the processor time that took, as a line of JSON."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.desk import Desk
from bot.hand import Hand
from bot.pen import Pen
from storage import turns
from storage.db import Store
from storage.sealing import Keyring


async def main(url: str, folder: Path, token: str) -> None:
    bot = int(token.partition(":")[0])
    store = Store(url, Keyring.load(folder / "zhucun.key"))
    pen = Pen(store, partial(turns.of_bot, bot=bot))
    pen.start()
    desk = Desk(pen, token, "bench_bot", lambda: datetime.now(UTC), Hand(folder, bot))
    _say({"ready": True})
    while await asyncio.to_thread(sys.stdin.readline):
        started, cpu = time.perf_counter(), time.process_time()
        while await desk.step():
            continue
        _say({"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu})
    await asyncio.to_thread(pen.stop)
    store.close()


def _say(words: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
