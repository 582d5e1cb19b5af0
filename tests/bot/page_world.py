"""What the page is tried against: a sandbox as a process, a small bot over raw HTTP, a browser."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

PROJECT = Path(__file__).resolve().parents[2]
START = "2026-11-16T09:00+08:00"  # a Monday
TOKEN = "42:DEMO"
ANSWER_SECONDS = 60
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
Json = dict[str, Any]


def chromium() -> str | None:
    """Debian's Chromium, or one like it; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def sandbox_process(port: int = 0) -> Iterator[str]:
    """The sandbox's address, while it runs; port 0 takes a free one."""
    command = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--clock", START, "--token", TOKEN]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


class Control:
    """The control side of the sandbox, and the Bot API, as plain calls."""

    def __init__(self, base: str) -> None:
        self.base = base

    def ask(self, path: str, body: Json | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
            return json.load(answer)

    def act(self, path: str, **body: Any) -> Json:
        found: Json = self.ask("sandbox/" + path, body)
        return found

    def person(self, name: str) -> int:
        return int(self.act("users", name=name)["id"])

    def bot(self, method: str, **params: Any) -> Any:
        return self.ask(f"bot{TOKEN}/{method}", params)["result"]

    def download(self, file_id: str) -> bytes:
        path = self.bot("getFile", file_id=file_id)["file_path"]
        url = f"{self.base}file/bot{TOKEN}/{path}"
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:
            return bytes(answer.read())


class EchoBot(threading.Thread):
    """A bot of few words: it keeps what it got and answers some of it."""

    def __init__(self, control: Control) -> None:
        super().__init__(daemon=True)
        self.control = control
        self.got: list[Json] = []
        self.news = threading.Condition()
        self.stopping = False

    def run(self) -> None:
        offset = 0
        while not self.stopping:
            try:
                updates = self.control.bot("getUpdates", offset=offset, timeout=2)
            except (urllib.error.URLError, ConnectionError):
                continue
            for update in updates:
                offset = update["update_id"] + 1
                self.take(update)

    def take(self, update: Json) -> None:
        if "callback_query" in update:
            self.answer_press(update["callback_query"])
        elif "message" in update:
            self.answer_message(update["message"])
        with self.news:
            self.got.append(update)
            self.news.notify_all()

    def answer_message(self, message: Json) -> None:
        chat, text = message["chat"]["id"], message.get("text", "")
        if text == "走访":
            names = [("张桂兰", "ok"), ("提醒我", "alert")]
            rows = [[{"text": name, "callback_data": data} for name, data in names]]
            self.control.bot(
                "sendMessage", chat_id=chat, text="哪一户？", reply_markup={"inline_keyboard": rows}
            )
        elif text.startswith("/start"):
            keys = [[{"text": "走访"}, {"text": "发送位置", "request_location": True}]]
            self.control.bot(
                "sendMessage", chat_id=chat, text=f"你好 {text}", reply_markup={"keyboard": keys}
            )

    def answer_press(self, query: Json) -> None:
        said = query["message"]
        alert = query["data"] == "alert"
        answer = "请先选户" if alert else "已选好"
        self.control.bot("answerCallbackQuery", callback_query_id=query["id"], text=answer, show_alert=alert)
        if not alert:
            where = {"chat_id": said["chat"]["id"], "message_id": said["message_id"]}
            self.control.bot("editMessageText", text="<b>张桂兰</b>户", parse_mode="HTML", **where)

    def wait_for(self, count: int, wanted: Callable[[Json], bool]) -> list[Json]:
        """The first `count` updates that are wanted; fails when they do not come."""

        def found() -> list[Json]:
            return [update for update in self.got if wanted(update)]

        with self.news:
            assert self.news.wait_for(lambda: len(found()) >= count, ANSWER_SECONDS), self.got
            return found()


def picture(path: Path, width: int = 320, height: int = 240, colour: str = "#7a9") -> Path:
    """A plain photo on disk."""
    memory = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(memory, "JPEG")
    path.write_bytes(memory.getvalue())
    return path
