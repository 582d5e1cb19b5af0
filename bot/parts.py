"""The parts of the running bot, each of which may be a process of its own (`zhucun run --only …`)."""

from collections.abc import Iterable
from enum import StrEnum

from bot.errors import fail
from storage.texts import _


class Part(StrEnum):
    INTAKE = "intake"
    """Takes updates by long polling and writes them down."""
    DESK = "desk"
    """Handles arrivals."""
    DELIVERY = "delivery"
    """Sends letters and cards."""
    WORKERS = "workers"
    """Run errands."""
    CLOCK = "clock"
    """Does what is due by the clock."""
    WEB = "web"
    """Takes updates by webhook and writes them down; answers the console and the API."""


TAKING = frozenset({Part.INTAKE, Part.WEB})
"""These write arrivals and decide nothing."""
ALONE = frozenset({Part.INTAKE, Part.DESK, Part.DELIVERY, Part.CLOCK})
"""One process at a time does these, for each bot; on PostgreSQL others stand by."""


def chosen(only: Iterable[Part], webhook: bool, pages: bool = False) -> frozenset[Part]:
    """The parts that a process runs: those named, or all. Updates come one way, as the settings say; naming the
    other way ends the command with a sentence. `pages`: there is a console, or the API."""
    named = frozenset(only)
    if webhook and Part.INTAKE in named:
        fail(_("已设置 ZHUCUN_WEBHOOK_URL：收消息的是 web，不是 intake。请用 --only web。"))
    if not webhook and not pages and Part.WEB in named:
        fail(
            _(
                "web 用来打开控制台、回答接口，或接收 Telegram 推送的消息：请先设置 ZHUCUN_CONSOLE_URL、ZHUCUN_API 或 "
                "ZHUCUN_WEBHOOK_URL。"
            )
        )
    idle = ({Part.INTAKE} if webhook else set()) | (set() if webhook or pages else {Part.WEB})
    return named or frozenset(Part) - idle
