"""The draft of a week: /lead changes its first paragraph; buttons hold it and let it go.

`wd:<verb>:<region>:<week>` comes in private chats from whoever manages the region.
"""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys, looking
from handlers.filters import Command, Pressed, Private
from handlers.turn import Turn
from reports import week_draft
from reports.week import Week, parse, running
from reports.week_draft import HOLD, LET_GO, LOOK, PREFIX
from storage import chats, county, summaries, week_drafts, week_files
from storage.names import spoken
from storage.refusals import Gone, Refusal
from storage.scope import manages
from storage.summaries import Scope
from storage.texts import _, listed
from storage.week_drafts import WeeklyDraft

router = Router(name="week_draft")


@router.message(Private(), Command("lead"))
async def lead(message: Message, turn: Turn, rest: str) -> None:
    """导语 words: the first paragraph of the week that closes next; alone: what it is now."""
    region, words = _region(turn, rest)
    week = running(turn.now, county.rhythm(turn.db, region))
    draft = week_drafts.find(turn.db, turn.person(), region, str(week))
    if words in _NOTHING:
        words = ""
    elif not words:
        turn.say(*_screen(turn, draft))
        return
    week_drafts.write(turn.db, turn.person(), draft, words, turn.now)
    looking.drop(turn, message)
    turn.say(*_screen(turn, draft))


def _screen(turn: Turn, draft: WeeklyDraft) -> tuple[str, week_draft.Buttons]:
    made = week_draft.counted(turn.db, draft, turn.now)
    return week_draft.screen(turn.db, draft, made, turn.now)


_NOTHING = ("删除", "不要")  # not for people: matched


def _region(turn: Turn, text: str) -> tuple[str, str]:
    """Whose draft somebody means, and what they say: of several the one that they begin with."""
    actor = turn.person()
    bound = dict.fromkeys(chat.region for chat in chats.groups(turn.db) if chat.region is not None)
    mine = {spoken(summaries.name_of(turn.db, Scope(one))): one for one in bound if manages(actor, one)}
    for name, region in mine.items():
        if text.startswith(name) and len(mine) > 1:
            return region, text.removeprefix(name).strip(" ，,：:")
    if len(mine) == 1:
        return next(iter(mine.values())), text
    if mine:
        raise Refusal(_("您有几份周报：{names}。请把名称写在前面，例如 导语 {first} 加一段话。").format(
            names=listed(mine), first=next(iter(mine))))  # fmt: skip
    raise Refusal(_("您负责的区域还没有绑定管理组群，没有周报要发。请先在群里发送 /bind。"))


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    if verb not in (HOLD, LET_GO, LOOK) or len(ids) != 2:
        raise Gone
    week = _week(ids[1])
    draft = week_drafts.find(turn.db, turn.person(), ids[0], str(week))
    if verb == HOLD:
        _hold(turn, draft, week)
    elif verb == LET_GO and week_drafts.release(turn.db, turn.person(), draft, turn.now):
        week_files.announce(turn.db, draft.region, draft.week, turn.now)
    turn.redraw(query, *_screen(turn, draft))


def _week(text: str) -> Week:
    try:
        return parse(text)
    except ValueError as error:
        raise Gone from error


def _hold(turn: Turn, draft: WeeklyDraft, week: Week) -> None:
    if week < running(turn.now, county.rhythm(turn.db, draft.region)):
        raise Refusal(_("这一周的周报已经发出，压不住了。要更正的话，请在下一期的导语里说明。"))
    week_drafts.hold(turn.db, turn.person(), draft, turn.now)
