"""The draft of a region's week as its supervisors see it before it is told, and what is said of one that is held."""

from datetime import datetime, timedelta

from sqlmodel import Session

from reports import figures, summary
from reports.figures import Figures
from reports.week import Week, close_of, parse
from storage import county, summaries
from storage.county import Rhythm
from storage.names import spoken
from storage.summaries import Scope
from storage.texts import _
from storage.week_drafts import WeeklyDraft

BEFORE = timedelta(hours=2)
"""How long before the close the draft is shown."""
PREFIX = "wd"
HOLD, LET_GO, LOOK = "h", "g", "s"
Buttons = list[list[dict[str, str]]]


def moment(week: Week, rhythm: Rhythm) -> datetime:
    """When the draft of a week is shown."""
    return close_of(week, rhythm) - BEFORE


def counted(session: Session, draft: WeeklyDraft, now: datetime) -> Figures:
    """The figures so far, whoever reads them."""
    return figures.of_week(session, Scope(draft.region), parse(draft.week), now)


def screen(session: Session, draft: WeeklyDraft, made: Figures, now: datetime) -> tuple[str, Buttons]:
    """The draft with these figures, and what can be done with it."""
    rhythm = county.rhythm(session, draft.region)
    close = close_of(parse(draft.week), rhythm)
    at = close.astimezone(rhythm.zone).strftime("%m-%d %H:%M")
    head = _head(draft, at, told=now >= close)
    advice = _("要改导语，发送：导语 加一段话。")
    body = summary.text(made, lead=draft.lead or "", limit=summary.LIMIT - 300)
    return f"{head}\n\n{body}\n\n{advice}", buttons(draft, told=now >= close)


def _head(draft: WeeklyDraft, at: str, *, told: bool) -> str:
    if draft.held:
        return _("<b>周报稿：已压下</b>，放行以前不发。")
    if told:
        return _("<b>周报已放行</b>")
    return _("<b>周报稿</b>，{time} 自动发出。到时按那时的数。").format(time=at)


def buttons(draft: WeeklyDraft, *, told: bool) -> Buttons:
    """Held: let it go. Not held and not told yet: hold it."""
    look = _key(_("刷新"), LOOK, draft)
    if draft.held:
        return [[_key(_("现在发出") if told else _("恢复自动发出"), LET_GO, draft), look]]
    return [] if told else [[_key(_("压下不发"), HOLD, draft), look]]


def _key(label: str, verb: str, draft: WeeklyDraft) -> dict[str, str]:
    return {"text": label, "callback_data": f"{PREFIX}:{verb}:{draft.region}:{draft.week}"}


def reminder(session: Session, draft: WeeklyDraft) -> tuple[str, Buttons]:
    """Of a week that has closed and is held."""
    name = spoken(summaries.name_of(session, Scope(draft.region)))
    text = _("{name} {week} 的周报已经截止，但还压着没有发出。看过以后请放行。")
    return text.format(name=name, week=draft.week), buttons(draft, told=True)


def lost(session: Session, region: str, week: str) -> tuple[str, Buttons]:
    """Of a week that a bound group could not be told; the way to read it here."""
    name = spoken(summaries.name_of(session, Scope(region)))
    text = _(
        "{name} {week} 的周报发不进管理组群：群已解散，或者机器人被移出、不能发言。"
        "请把机器人重新加进群，回来后会自动补发；或者在新的群里发送 /bind。"
    )
    look = {"text": _("在这里看"), "callback_data": f"w:s:{region}:{week}"}
    return text.format(name=name, week=week), [[look]]
