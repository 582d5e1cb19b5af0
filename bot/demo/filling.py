"""Filling the county, and letting the days around its first weekly summary pass before the bot's eyes."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.demo import cases, chats, county, lives
from bot.demo.album import painting
from bot.demo.control import Control
from bot.demo.county import SEED
from bot.demo.history import Chronicle, sum_up
from bot.demo.plan import Days, Event
from bot.demo.processes import Bot
from storage.db import Store
from storage.files import Files
from storage.texts import _

ARRIVED = timedelta(days=20)
"""So long before the first report everybody was posted."""


def fill(folder: Path, days: Days, control: Control, bot: Bot, say: Callable[[str], None]) -> None:
    """Make the installation in the folder, start the bot and bring the sandbox to Tuesday morning."""
    events = lives.told(days, cases.whole(days, Random(SEED)))  # noqa: S311 - a story, not a secret
    store = county.open_store(folder)
    with painting(Files(folder / "files")) as album:
        chronicle = _past(store, days, events, Chronicle(album))
    sum_up(store, days.begins, chronicle.here)
    say(_("六周的 {count} 份报告已写好，正在启动机器人……").format(count=chronicle.written))
    chats.gather(control)
    bot.start()
    chats.greet(control)
    chats.bind(control)
    _pass_days(store, days, events, chronicle, control)
    store.close()


def _past(store: Store, days: Days, events: Iterable[Event], chronicle: Chronicle) -> Chronicle:
    """What happened before the demo begins."""
    arrived = days.at(days.first, 9) - ARRIVED
    with store.writing() as session:
        county.furnish(session, arrived)
        chronicle.here = county.here(session, arrived)
    chronicle.write(store, between(events, None, days.begins))
    return chronicle


def _pass_days(store: Store, days: Days, events: list[Event], chronicle: Chronicle, control: Control) -> None:
    """Friday's close, Monday's digest, Tuesday morning: reports come in, the bot does the rest."""
    monday, tuesday = days.tuesday - timedelta(days=1), days.at(days.tuesday, 9, 30)
    control.post("clock", to=days.at(days.friday, 16, 0, 5).isoformat())
    chats.summaries(control)
    evening = days.at(monday, 17, 50)
    control.post("clock", to=evening.isoformat())
    chronicle.write(store, between(events, days.begins, evening), told=True)
    control.post("clock", to=days.at(monday, 18, 0, 5).isoformat())
    chats.digest(control)
    control.post("clock", to=tuesday.isoformat())
    chronicle.write(store, between(events, evening, tuesday), told=True)
    chats.report_heard(control)


def between(events: Iterable[Event], since: datetime | None, until: datetime) -> list[Event]:
    """Those from `since` on and before `until`."""
    return [event for event in events if event.at < until and (since is None or event.at >= since)]
