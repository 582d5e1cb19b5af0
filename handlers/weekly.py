"""/weekly and /digest: any week again, and the day so far; in private within the own territory, in a bound
group for its region."""

from datetime import date

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import photo_copies, query_card, week_homes, week_people
from handlers.filters import Command, Pressed
from handlers.keys import number, parts, press, rows
from handlers.turn import Button, Keyboard, Turn, button, escape, link
from handlers.weekly_scopes import choices, key_of, may_read, readable, scope_from
from reports import counts, digest, figures, peered, summary
from reports.figures import Figures
from reports.week import Week, parse, running, wished
from storage import county, errands, queries, summaries, week_drafts, week_files, week_records
from storage.names import spoken
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import manages
from storage.summaries import Scope
from storage.texts import _, language

router = Router(name="weekly")
PAGE = 20
RECORDS, PEOPLE = "r", "p"


@router.message(Command("weekly"))
async def weekly(message: Message, turn: Turn, rest: str) -> None:
    """The week that closed last, or the one typed (2026-W46, 46, 上周, 本周): text at once, chart soon."""
    scopes = readable(turn)
    week = _wished(turn, scopes[0], rest)
    if len(scopes) > 1:
        turn.say(_("看哪里的周报？"), rows([_open(turn, scope, week) for scope in scopes]))
        return
    turn.say(*_screen(turn, scopes[0], week))
    _draw(turn, scopes[0], week)


def _wished(turn: Turn, scope: Scope, rest: str) -> Week:
    rhythm = county.rhythm(turn.db, scope.region)
    week = wished(rest, turn.now, rhythm)
    if week is None:
        raise Refusal(_("没看懂是哪一周。请写成 周报 2026-W46、周报 46、周报 上周 或 周报 本周。"))
    if week > running(turn.now, rhythm):
        raise Refusal(_("{week} 这一周还没有开始。已经开始的这一周请发 周报 本周。").format(week=week))
    return week


@router.callback_query(Pressed("w"))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = parts(rest)
    if verb == "d" and len(ids) == 3:
        scope = may_read(turn, scope_from(turn, ids[0]))
        if scope.team is not None:
            raise NotYours  # a digest tells of the whole region
        turn.redraw(query, *_digest(turn, scope, _day(ids[1]), ids[2]))
        return
    scope, week = may_read(turn, scope_from(turn, ids[0] if ids else "")), _week(ids)
    if verb == "s":
        turn.redraw(query, *_screen(turn, scope, week))
    elif verb == "l":
        turn.redraw(query, *_list(turn, scope, week, number(ids, 2)))
    elif verb == summary.CHART:
        _draw(turn, scope, week)
        await query.answer(_("图马上就好。"))
    elif verb == summary.COUNTED and turn.chat.private:
        turn.redraw(query, *_counted(turn, scope, week))
    elif verb == PEOPLE and turn.chat.private:
        turn.redraw(query, *week_people.screen(turn, scope, week))
    elif verb == week_homes.VERB and turn.chat.private:
        turn.redraw(query, *week_homes.screen(turn, scope, week, number(ids, 2)))
    elif verb == RECORDS and turn.chat.private and len(ids) == 3:
        turn.say(*_records(turn, scope, week, ids[2]))
        await query.answer()
    elif verb in (summary.LEDGER, summary.BRIEF) and turn.chat.private:
        week_files.ask(turn.db, turn.person(), turn.chat, verb, scope, str(week), turn.now)
        await query.answer(_("正在做，马上就好。"))
    else:
        raise Gone


def _counted(turn: Turn, scope: Scope, week: Week) -> tuple[str, Keyboard]:
    """The figures of a week that count something, each a button to its records."""
    found = figures.of_week(turn.db, scope, week, turn.now)
    key = key_of(scope)
    told = ((name, getattr(found.total, name)) for name in counts.COUNTS)
    made = [
        press(f"{_(counts.COUNTS[name])} {count}", RECORDS, key, week, name, prefix="w")
        for name, count in told
        if count
    ]
    if found.contacts.seen:
        label = _("已联系 {count} 户").format(count=found.contacts.seen)
        made.append(press(label, RECORDS, key, week, "contacted", prefix="w"))
    if found.contacts.due:
        label = _("应联系 {count} 户").format(count=found.contacts.due)
        made.append(press(label, week_homes.VERB, key, week, 0, prefix="w"))
    people = [press(_("队员和在村"), PEOPLE, key, week, prefix="w")]
    back = [press(_("‹ 返回"), "s", key, week, prefix="w")]
    text = escape(summary.title(found)) + "\n" + escape(_("点一个数，看是哪些记录。"))
    return text + _beside(turn, found, scope), [*rows(made), people, back]


def _beside(turn: Turn, found: Figures, scope: Scope) -> str:
    """The median of the towns of the same class, for those who manage the county."""
    told = peered.sentence(found) if manages(turn.person(), scope.region[:6]) else ""
    return f"\n\n{escape(told)}" if told else ""


def _records(turn: Turn, scope: Scope, week: Week, figure: str) -> tuple[str, Keyboard]:
    """The records that a figure counts, as the answer to a query."""
    if figure not in counts.OPENED:
        raise Gone
    window = figures.window_of(turn.db, scope, week, turn.now)
    asked = week_records.behind(turn.db, scope, window, figure)
    return query_card.page(turn, queries.keep(turn.db, turn.person(), asked, turn.now))


def _week(ids: list[str]) -> Week:
    try:
        return parse(ids[1] if len(ids) > 1 else "")
    except ValueError as error:
        raise Gone from error


def _draw(turn: Turn, scope: Scope, week: Week) -> None:
    """Let the chart be drawn; pressing again within the minute draws no second one."""
    body = {"scope": str(scope), "week": str(week), "chat": turn.chat.id, "language": language()}
    key = f"chart:{turn.chat.id}:{scope}:{week}:{turn.now:%Y%m%d%H%M}"
    errands.send_on(turn.db, turn.bot, "weekly", body, due_at=turn.now, key=key)


def _screen(turn: Turn, scope: Scope, week: Week) -> tuple[str, Keyboard]:
    found = figures.of_week(turn.db, scope, week, turn.now)
    first = week_drafts.lead_of(turn.db, scope, str(week)) if found.closed else ""
    text = summary.text(found, named=turn.chat.private, lead=first)
    return text, _keys(turn, scope, week, found)


def _keys(turn: Turn, scope: Scope, week: Week, found: Figures) -> Keyboard:
    key, newest = key_of(scope), running(turn.now, county.rhythm(turn.db, scope.region))
    around = [
        press(_("‹ 第 {week} 周").format(week=week.plus(-1).number), "s", key, week.plus(-1), prefix="w")
    ]
    if week < newest:
        around.append(
            press(_("第 {week} 周 ›").format(week=week.plus(1).number), "s", key, week.plus(1), prefix="w")
        )
    more = [press(_("图表"), summary.CHART, key, week, prefix="w")]
    if turn.chat.private:
        more.append(photo_copies.of_week(scope, week))
        files = [(_("表格"), summary.LEDGER), (_("公文稿"), summary.BRIEF)]
        files.append((_("数据"), summary.COUNTED))
        more += [press(label, verb, key, week, prefix="w") for label, verb in files]
    if found.lines and scope.team is None:
        more.append(press(summary.parts_name(found), "l", key, week, 0, prefix="w"))
    more.append(press(_("应办"), "w", key, week, prefix="ow"))
    return [around, *rows(more, 3)]


def _list(turn: Turn, scope: Scope, week: Week, page: int) -> tuple[str, Keyboard]:
    """The parts of a scope, each a button to its own week."""
    found = choices(turn, scope)
    shown = found[page * PAGE : (page + 1) * PAGE]
    keyboard = rows([_open(turn, one, week) for one in shown])
    key, turning = key_of(scope), []
    if page > 0:
        turning.append(press("‹", "l", key, week, page - 1, prefix="w"))
    if (page + 1) * PAGE < len(found):
        turning.append(press("›", "l", key, week, page + 1, prefix="w"))
    back = [press(_("‹ 返回"), "s", key, week, prefix="w")]
    name = spoken(summaries.name_of(turn.db, scope))
    text = _("{name} {week}：看哪一个的周报？").format(name=name, week=week)
    return text, [row for row in (*keyboard, turning, back) if row]


def _open(turn: Turn, scope: Scope, week: Week) -> Button:
    return press(spoken(summaries.name_of(turn.db, scope)), "s", key_of(scope), week, prefix="w")


@router.message(Command("digest"))
async def today(message: Message, turn: Turn, rest: str) -> None:
    """The day so far, of the first region one may read; the week so far of somebody who reads a team alone."""
    scope = readable(turn)[0]
    if scope.team is not None:
        # Digests are the managing group's; the team's own week so far says the same to a team.
        turn.say(*_screen(turn, scope, running(turn.now, county.rhythm(turn.db, scope.region))))
        return
    day = digest.day_of(turn.now, county.rhythm(turn.db, scope.region))
    turn.say(*_digest(turn, scope, day, digest.MAIN))


def _day(text: str) -> date:
    try:
        return digest.day_from(text)
    except ValueError as error:
        raise Gone from error


def _digest(turn: Turn, scope: Scope, day: date, view: str) -> tuple[str, Keyboard]:
    found = digest.of_day(turn.db, scope.region, day, turn.now)
    opening = [link(label, url) for label, url in digest.links(found, view, turn.username)]
    views = [button(label, data) for label, data in digest.choices(found, view)]
    return digest.text(found, view), [*rows(opening), views]
