"""Stands between a bot and the sandbox, and writes down how long the database's log is when Telegram hears something.

    python -m tests.crash.recorder --to URL --wal FILE --out FOLDER

`moments.jsonl`: {"wal": bytes, "confirmed": offset} or {"wal": bytes, "told": [numbers]}, the length taken before the
request is passed on. `updates.jsonl`: every update as it was given out. With --again the updates of such a file from
offset --since on are given out instead of the sandbox's.
"""

import argparse
import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import ClientSession, ClientTimeout, web

NUMBER = re.compile(r"[A-Z]{2}-\d{8}-\d{4}")
HOPS = {"host", "content-length", "transfer-encoding", "connection", "content-encoding", "date"}


class Recorder:
    """One bot's line."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.to, self.wal, self.out, self.since = args.to, args.wal, args.out, args.since
        self.again: list[dict[str, Any]] | None = None
        if args.again:
            self.again = [json.loads(line) for line in args.again.read_text("utf-8").splitlines()]

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        length = self.wal.stat().st_size if self.wal.exists() else 0
        body = await request.read()
        method = request.path.rpartition("/")[2]
        self._note(length, method, body)
        if method == "getUpdates" and self.again is not None:
            return await self._replayed(body)
        async with request.app[LINE].request(
            request.method, self.to + request.path_qs, data=body,
            headers={name: value for name, value in request.headers.items() if name.lower() not in HOPS},
        ) as answer:  # fmt: skip
            said = await answer.read()
            if method == "getUpdates" and answer.status == 200:
                self._write("updates", *json.loads(said)["result"])
            given = {
                name: value for name, value in answer.headers.items() if name.lower() not in HOPS - {"date"}
            }
            return web.Response(body=said, status=answer.status, headers=given)

    def _note(self, length: int, method: str, body: bytes) -> None:
        words = body.decode("utf-8", "replace")
        if method == "getUpdates":
            if "offset" in (asked := json.loads(words)):
                self._write("moments", {"wal": length, "confirmed": asked["offset"]})
        elif method.startswith(("send", "edit")):
            said = " ".join(part for parts in parse_qs(words).values() for part in parts) or words
            if numbers := sorted(set(NUMBER.findall(said))):
                self._write("moments", {"wal": length, "told": numbers})

    def _write(self, name: str, *lines: dict[str, Any]) -> None:
        with (self.out / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    async def _replayed(self, body: bytes) -> web.Response:
        """What Telegram would give again: all from the offset on, or from where it was last confirmed."""
        self.since = max(self.since, json.loads(body).get("offset", 0))
        left = [one for one in self.again or [] if one["update_id"] >= self.since][:100]
        if not left:
            await asyncio.sleep(0.5)  # polls: as a long poll that ends with nothing
        return web.json_response({"ok": True, "result": left})


LINE = web.AppKey("line", ClientSession)


async def serve(args: argparse.Namespace) -> None:
    app = web.Application(client_max_size=2**27)
    app.router.add_route("*", "/{path:.*}", Recorder(args).pass_on)
    app[LINE] = ClientSession(timeout=ClientTimeout(total=90))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", required=True)
    parser.add_argument("--wal", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--since", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
