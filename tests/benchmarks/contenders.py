"""What is compared: each bot's name, how its process is started, and which conversation it holds."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.api import TOKEN
from tests.benchmarks.talks import ECHO, VISIT, Talk

PEERS = "tests.benchmarks.peers"
Environment = Callable[["Place"], dict[str, str]]


@dataclass(frozen=True)
class Place:
    """Where one run happens: its own folder, the Bot API's address, Redis' address and the furnished folder."""

    folder: Path
    api: str
    redis: str
    furnished: Path


@dataclass(frozen=True)
class Contender:
    """`keeps` says in a few words what is left of a conversation when the process is killed."""

    name: str
    keeps: str
    talk: Talk
    module: tuple[str, ...]
    environment: Environment
    redis: bool = False

    def command(self) -> list[str]:
        return [sys.executable, "-m", *self.module]


def _zhucun(place: Place) -> dict[str, str]:
    data = place.folder / "data"
    shutil.copytree(place.furnished, data)
    os.sync()  # a commit would wait for a large copy to be written
    return {
        "ZHUCUN_DATA": str(data),
        "ZHUCUN_TOKEN": TOKEN,
        "ZHUCUN_API_URL": place.api,
        "ZHUCUN_SEND_RATE": "100000",
    }


def _peer(place: Place) -> dict[str, str]:
    return {
        "API": place.api,
        "TOKEN": TOKEN,
        "REDIS": place.redis,
        "RECORDS": str(place.folder / "records.db"),
        "PICKLE": str(place.folder / "pickle"),
    }


AIOGRAM, PTB = f"{PEERS}.aiogram_visit", f"{PEERS}.ptb_visit"
ZHUCUN, REDIS = "Zhucun", "aiogram FSM + Redis"
PICKLE = "python-telegram-bot ConversationHandler + PicklePersistence"
ECHO_BOT = "aiogram echo (one step, stores nothing)"
CONTENDERS = (
    Contender(ZHUCUN, "everything", VISIT, ("bot", "run"), _zhucun),
    Contender(REDIS, "steps in Redis' memory, records", VISIT, (AIOGRAM, "redis"), _peer, redis=True),
    Contender("aiogram FSM in memory", "records", VISIT, (AIOGRAM, "memory"), _peer),
    Contender(
        PICKLE, "steps of a minute ago, records", VISIT,
        (PTB,), _peer,
    ),
    Contender(ECHO_BOT, "nothing", ECHO, (AIOGRAM, "echo"), _peer),
)  # fmt: skip


def environment(contender: Contender, place: Place) -> dict[str, str]:
    """A process knows nothing but these."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | contender.environment(place)
