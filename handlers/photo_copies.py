"""Pictures made of photos on demand: stamped copies and before/after of a record, the contact sheet of a week.

`p:stamped:<report>`, `p:pair:<report>`, `p:sheet:<scope>:<week>`. They come in private chats only, to whoever may
see the record or read the week; drawing is an errand.
"""

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers import keys
from handlers.filters import Pressed, Private
from handlers.turn import Button, Turn
from handlers.weekly_scopes import key_of, may_read, scope_from
from reports import copies
from reports.week import Week, parse
from storage import errands, journal, own_reports, photos
from storage.photo_copies import PAIR, SHEET, STAMPED
from storage.refusals import Gone
from storage.report import Report
from storage.summaries import Scope
from storage.texts import _, language

router = Router(name="photo_copies")
PREFIX = "p"


def of_record(turn: Turn, report: Report) -> list[Button]:
    """What can be made of a record's photos; nothing while none is kept."""
    if not photos.counts(turn.db, report).kept:
        return []
    made = [keys.press(_("盖章照片"), STAMPED, report.id, prefix=PREFIX)]
    if copies.pair(turn.db, report):
        made.append(keys.press(_("前后对比"), PAIR, report.id, prefix=PREFIX))
    return made


def of_week(scope: Scope, week: Week) -> Button:
    return keys.press(_("照片"), SHEET, key_of(scope), week, prefix=PREFIX)


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    what, ids = keys.parts(rest)
    if what in (STAMPED, PAIR):
        _record(turn, what, ids)
    elif what == SHEET and len(ids) == 2:
        _week(turn, ids)
    else:
        raise Gone
    await query.answer(_("正在做，马上就好。"))


def _record(turn: Turn, what: str, ids: list[str]) -> None:
    report = own_reports.find(turn.db, turn.person(), keys.number(ids))
    if what == STAMPED:
        actor, record = turn.person().person_id, f"report:{report.number}"
        journal.read(turn.db, actor, "photo.place", record, "stamp", turn.now)
    _ask(turn, {"what": what, "report": report.id}, f"{what}:{report.id}")


def _week(turn: Turn, ids: list[str]) -> None:
    scope = may_read(turn, scope_from(turn, ids[0]))
    try:
        week = parse(ids[1])
    except ValueError as error:
        raise Gone from error
    _ask(turn, {"what": SHEET, "scope": str(scope), "week": str(week)}, f"{scope}:{week}")


def _ask(turn: Turn, body: dict[str, Any], about: str) -> None:
    """Pressing again within the minute draws nothing twice."""
    key = f"copies:{turn.chat.id}:{about}:{turn.now:%Y%m%d%H%M}"
    whole = body | {"chat": turn.chat.id, "language": language()}
    errands.send_on(turn.db, turn.bot, "copies", whole, due_at=turn.now, key=key)
