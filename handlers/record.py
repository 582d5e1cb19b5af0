"""Opening a record: everything in it for whoever may see it, its photos, and what can be done next.

`o:<report>` comes from letters and opens it beside them; `o:<report>:<query>` from a list, on the same card;
`o:<report>:<query>:back` closes what was opened there.
"""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers import keys, looking, photo_copies
from handlers.filters import Group, Pressed, Private
from handlers.turn import Button, Turn
from reports import record
from storage import own_reports
from storage.report import Report
from storage.texts import _

router = Router(name="record")

OPEN = "o"
Rows = list[list[Button]]
EXTRAS: dict[str, Callable[[Turn, Report], list[Button]]] = {}
"""By kind: the buttons of its next steps for whoever looks. Each kind's handlers register theirs."""


def button(label: str, report_id: int | None, query_id: int | None = None) -> Button:
    """A button that opens a report; from the list of a query it opens on the same card."""
    return keys.press(label, *map(str, filter(None, (report_id, query_id))), prefix=OPEN)


@router.callback_query(Private(), Pressed(OPEN))
async def opened(query: CallbackQuery, turn: Turn, rest: str) -> None:
    report_id, ids = keys.parts(rest)
    report, query_id = find(turn, report_id), keys.number(ids)
    if not query_id and looking.BACK not in ids:
        show(turn, report)
        return
    turn.redraw(query, *card(turn, report, query_id))
    if looking.BACK not in ids:
        albums(turn, report)


@router.callback_query(Group(), Pressed(OPEN))
async def opened_in_group(query: CallbackQuery, turn: Turn, rest: str) -> None:
    """Records are shown in private chats only: the press leads there."""
    report_id, _ids = keys.parts(rest)
    await query.answer(url=f"https://t.me/{turn.username}?start={link(report_id)}")


def link(report_id: int | str) -> str:
    """The payload of a deep link that opens a report."""
    return f"{OPEN}_{report_id}"


def is_link(payload: str) -> bool:
    return payload.removeprefix(f"{OPEN}_").isdigit() and payload.startswith(f"{OPEN}_")


def open_link(turn: Turn, payload: str) -> None:
    """A deep link of `link` was followed."""
    show(turn, find(turn, payload.removeprefix(f"{OPEN}_")))


def show(turn: Turn, report: Report) -> None:
    """The record as a new card, and its photos."""
    turn.show(None, *card(turn, report))
    albums(turn, report)


def find(turn: Turn, report_id: str) -> Report:
    """The report. Raises Gone, or NotYours outside the territory."""
    return own_reports.find(turn.db, turn.person(), keys.number([report_id]))


def card(turn: Turn, report: Report, query_id: int = 0) -> tuple[str, Rows]:
    """The record as a card: its text, the kind's next steps, correcting, and the way back to the list."""
    actor = turn.person()
    extras = EXTRAS.get(report.kind)
    steps = extras(turn, report) if extras else []
    if own_reports.changeable(turn.db, actor, report):
        steps += [
            keys.press(_("更正"), "fix", report.id, prefix=keys.MINE),
            keys.press(_("撤回"), "drop", report.id, prefix=keys.MINE),
        ]
    back = [[keys.press(_("‹ 返回列表"), str(query_id), "back", prefix="q")]] if query_id else []
    made = photo_copies.of_record(turn, report)
    text = record.text(turn.db, actor, report, turn.now)
    return text, [*keys.rows(steps, 3), made, looking.of_record(turn, report, query_id), *back]


def albums(turn: Turn, report: Report) -> int:
    """Its pictures as captioned albums, those that are here. How many albums."""
    found = record.albums(turn.db, report)
    for caption, shown in found:
        turn.album(shown, caption)
    return len(found)
