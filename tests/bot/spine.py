"""What the tests of the spine share: an installation in memory of the test, a clock one can set, and updates."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import Session

from bot.pen import Pen
from storage import arrivals, tables
from storage.db import Store
from storage.sealing import Keyring
from tests import databases

BOT = 42
TOKEN = "42:DEMO"
NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


class Watch:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **span: float) -> None:
        self.time += timedelta(**span)


@contextmanager
def open_pen(folder: Path) -> Iterator[Pen]:
    """A pen on a new database."""
    store = Store(databases.url(folder / "zhucun.db"), Keyring.new())
    tables.metadata.create_all(store.write)
    with pen_of(store) as pen:
        yield pen
    store.close()


@contextmanager
def pen_of(store: Store) -> Iterator[Pen]:
    """A pen at work, until all that is on its queue is done."""
    pen = Pen(store)
    pen.start()
    yield pen
    pen.stop()


def person(number: int, name: str = "李") -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": name}


def private(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "李"}


def text_update(update_id: int, sender: int, text: str) -> dict[str, Any]:
    message = {
        "message_id": update_id * 10, "date": 1, "chat": private(sender), "from": person(sender), "text": text,
    }  # fmt: skip
    return {"update_id": update_id, "message": message}


def press_update(update_id: int, sender: int, message_id: int, data: str) -> dict[str, Any]:
    about = {"message_id": message_id, "date": 1, "chat": private(sender), "text": "…"}
    query = {
        "id": str(update_id),
        "from": person(sender),
        "chat_instance": "1",
        "data": data,
        "message": about,
    }
    return {"update_id": update_id, "callback_query": query}


def arrive(session: Session, *updates: dict[str, Any], now: datetime = NOW) -> int:
    """Write updates down as intake does."""
    return arrivals.keep(session, BOT, [(one["update_id"], orjson.dumps(one)) for one in updates], now)
