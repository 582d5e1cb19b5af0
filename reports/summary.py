"""The weekly summary as a text for the chat: what matters first, the week's numbers, its parts, its proof.

HTML as Telegram understands it, at most 4,096 UTF-16 units. No person's name is in it; names of teams that
sent nothing are for private chats only.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from html import escape, unescape

from reports import contacted, counts, on_time, present
from reports.figures import Figures, Parts
from reports.week_lines import Line
from storage.absences import KINDS, AbsenceKind
from storage.matters import Matter
from storage.names import spoken
from storage.tallies import Tally
from storage.texts import _, listed

LIMIT = 4096
MOST_LINES = 40
_NAMED = 3


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """The text without its marks, for files and the console."""
    return unescape(text.replace("<b>", "").replace("</b>", ""))


def title(figures: Figures) -> str:
    """One line: whose week it is, and which."""
    year, number = figures.week.split("-W")
    return _("{name} {year} 年第 {number} 周 周报").format(
        name=figures.name, year=year, number=int(number)
    )  # fmt: skip


def caption(figures: Figures) -> str:
    """The line under the chart."""
    return f"<b>{escape(title(figures))}</b>"


def text(figures: Figures, named: bool = False, lead: str = "", limit: int = LIMIT) -> str:
    """The whole summary, at most `limit` units. `named`: name the teams without a report (private chats of those who
    lead them); `lead`: what a supervisor says first."""
    head = [
        _head(figures),
        escape(lead),
        _block(_("要紧的事"), _numbered(matters(figures))),
        _numbers(figures),
    ]
    tail = [_silent(figures, named), _proof(figures)]
    fixed = "\n\n".join(part for part in [*head, *tail] if part)
    parts = _parts(figures, limit - units(fixed) - 2)
    return "\n\n".join(part for part in [*head, parts, *tail] if part)


def _head(figures: Figures) -> str:
    now = "" if figures.closed else _("（还没截止，至 {time}）").format(time=_day(figures.counted_at))
    return f"<b>{escape(title(figures))}</b>{now}"


def matters(figures: Figures) -> list[str]:
    """At most three sentences: what must be looked at first."""
    total = figures.total
    found = [
        (total.urgent, _("紧急困难 {count} 件：{which}").format(
            count=total.urgent, which=_which(figures.urgent, total.urgent))),
        (total.overdue, _("整改逾期 {count} 件，最长 {days} 天：{which}").format(
            count=total.overdue, days=_longest(figures), which=_which(figures.overdue, total.overdue))),
        (total.cases_overdue, _("困难情况逾期未办 {count} 件").format(count=total.cases_overdue)),
        (len(figures.silent), _quiet(figures)),
        (_fell(total, figures.before), _("走访比前一周少 {count} 次").format(
            count=figures.before.visits - total.visits)),
    ]  # fmt: skip
    return [sentence for count, sentence in found if count][:3] or [_("没有紧急和逾期的事。")]


def _fell(now: Tally, before: Tally) -> bool:
    """A fall worth a sentence: by a third or more, and not of a handful."""
    return before.visits >= 6 and now.visits * 3 <= before.visits * 2


def _quiet(figures: Figures) -> str:
    if figures.teams == 1:
        return _("这一周还没有报告")
    said = _("{count} 个队这一周没有报告（共 {all} 个队）")
    return said.format(count=len(figures.silent), all=figures.teams) + excused(figures)


def excused(figures: Figures) -> str:
    """How many of the silent teams were away, and how; nothing where none was. Totals only: groups read it."""
    said = _("全队{kind} {count} 个")
    found = [said.format(kind=_(kind.label), count=count) for kind, count in away(figures)]
    return _("，其中{which}").format(which=listed(found)) if found else ""


def away(figures: Figures) -> list[tuple[AbsenceKind, int]]:
    """In which ways silent teams were away as a whole, and how many of them."""
    counted = Counter(kind for _name, kind in figures.excused)
    return [(one, counted[one.value]) for one in AbsenceKind if one.value in counted]


def _longest(figures: Figures) -> int:
    end = datetime.fromisoformat(figures.end)
    return max(((end - matter.at).days + 1 for matter in figures.overdue), default=0)


def _which(some: Sequence[Matter], count: int) -> str:
    place = _("{number}（{place}）")
    named = listed(escape(place.format(number=one.number, place=spoken(one.place))) for one in some[:_NAMED])
    return named if count <= _NAMED else _("{named}等").format(named=named)


def _numbered(sentences: list[str]) -> list[str]:
    if len(sentences) == 1:
        return sentences
    return [f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1)]


def _numbers(figures: Figures) -> str:
    lines = [
        _visits(figures),
        _photos(figures),
        _cases(figures),
        _rectifications(figures.total),
        on_time.sentence(figures),
        on_time.late(figures),
        present.sentence(figures.presence),
        contacted.sentence(figures.contacts),
    ]
    return _block(_("这一周"), [*filter(None, lines), *restated(figures)])


def _visits(figures: Figures) -> str:
    now, before = figures.total, figures.before
    return _("走访 <b>{count}</b> 次（{change}），覆盖 {households} 户").format(
        count=now.visits,
        change=_compared(now.visits, before.visits, figures.year.visits),
        households=now.households,
    ) + (_("，其中补报以前的 {count} 次").format(count=now.belated) if now.belated else "")


def _photos(figures: Figures) -> str:
    now, before = figures.total, figures.before
    return _("现场照片 <b>{count}</b> 份（{change}），照片共 {pictures} 张").format(
        count=now.photos,
        change=_compared(now.photos, before.photos, figures.year.photos),
        pictures=now.pictures,
    )


def _cases(figures: Figures) -> str:
    now, before = figures.total, figures.before
    new = _("困难情况 <b>{count}</b> 件（{change}），其中紧急 {urgent} 件").format(
        count=now.cases, change=_compared(now.cases, before.cases, figures.year.cases), urgent=now.urgent
    )
    return new + _("；办结 {closed}，在办 {open}，逾期 {overdue}").format(
        closed=now.closed, open=now.open, overdue=now.cases_overdue
    )


def _rectifications(now: Tally) -> str:
    done = _("整改：下达 {issued}，完成 {completed}，验收 {accepted}，退回 {returned}，销号 {struck_off}").format(
        issued=now.issued, completed=now.completed, accepted=now.accepted, returned=now.returned,
        struck_off=now.struck_off,
    )  # fmt: skip
    return done + _("；待整改 {to_mend}，待验收 {to_accept}，待销号 {to_strike}，逾期 {overdue}").format(
        to_mend=now.to_mend, to_accept=now.to_accept, to_strike=now.to_strike, overdue=now.overdue
    )


def _compared(now: int, before: int, year: int) -> str:
    """Beside the week before, and beside the same week a year before where there was something."""
    if not year:
        return change(now, before)
    return _("{change}，去年同期 {year}").format(change=change(now, before), year=year)


def restated(figures: Figures) -> list[str]:
    """The week before as it was told and as it is after corrections and withdrawals, in a sentence; none without."""
    changed = _("{name} {told} → {now}")
    found = [
        changed.format(name=_(counts.COUNTS[one.name]), told=one.told, now=one.now)
        for one in figures.restated
    ]
    return [_("更正：上一周发出后有更正或撤回，{which}").format(which=listed(found))] if found else []


def change(now: int, before: int) -> str:
    """The difference to the week before, in words."""
    if now == before:
        return _("与前一周相同")
    return _("比前一周 {difference}").format(difference=f"{now - before:+d}".replace("-", "−"))


def _block(name: str, lines: list[str]) -> str:
    return "\n".join([f"<b>{name}</b>", *lines])


def _parts(figures: Figures, room: int) -> str:
    """The parts of the scope, as many as there is room for; the others are counted."""
    busy = [line for line in figures.lines if line.now.busy()]
    if not busy or (figures.parts is Parts.VILLAGES and len(figures.lines) == 1):
        return ""
    rest = _("其余 {count} 个")
    name = parts_name(figures)
    for shown in range(min(len(busy), MOST_LINES), -1, -1):
        left = len(figures.lines) - shown
        more = [rest.format(count=left)] if left else []
        block = _block(name, [*(_part(line) for line in busy[:shown]), *more])
        if units(block) <= room:
            return block
    return ""


def parts_name(figures: Figures) -> str:
    """What the parts of a scope are called."""
    return _(counts.PARTS[figures.parts])


def _part(line: Line) -> str:
    now = line.now
    figures = (
        (now.visits, _("走访 {count}")),
        (now.photos, _("照片 {count}")),
        (now.cases, _("困难 {count}")),
        (now.issued, _("下达 {count}")),
        (now.completed, _("完成 {count}")),
        (now.closed, _("办结 {count}")),
        (now.overdue, _("逾期 {count}")),
    )
    said = " · ".join(words.format(count=count) for count, words in figures if count)
    return f"{escape(line.name)}　{said or '—'}"


def _silent(figures: Figures, named: bool) -> str:
    if not named or not figures.silent or figures.teams == 1:
        return ""
    away = {name: _(KINDS[kind].label) for name, kind in figures.excused}
    of = _("{name}（{kind}）")
    called = (of.format(name=name, kind=away[name]) if name in away else name for name in figures.silent[:20])
    names = [escape(name) for name in called]
    more = [_("其余 {count} 个").format(count=len(figures.silent) - 20)] if len(figures.silent) > 20 else []
    return _block(_("这一周没有报告的队（只在私聊里列出）"), [listed([*names, *more])])


def _proof(figures: Figures) -> str:
    """Which week, its window, and the head of the journal's chain when it was counted."""
    chain = figures.journal or _("尚未封存")
    span = f"{_day(figures.start)} — {_day(figures.end)}"
    return _("{week}　{span}\n存证链 {chain}").format(week=figures.week, span=span, chain=chain)


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%m-%d %H:%M")


LEDGER, BRIEF, CHART, COUNTED = "x", "b", "c", "n"


def buttons(figures: Figures, private: bool) -> list[list[dict[str, str]]]:
    """Below a summary that is told unasked: its files and the records behind its figures in a private chat, a team's
    chart, the parts of a region; and who owes (to a leader by name, in a group totals of units)."""
    key = figures.scope.replace("team:", "t")
    files = [(_("表格"), LEDGER, ""), (_("公文稿"), BRIEF, ""), (_("数据"), COUNTED, "")]
    ways = files if private else []
    if figures.parts is Parts.VILLAGES:
        ways.append((_("图表"), CHART, ""))
    elif figures.lines:
        ways.append((parts_name(figures), "l", ":0"))
    told = [
        {"text": label, "callback_data": f"w:{verb}:{key}:{figures.week}{more}"} for label, verb, more in ways
    ]
    return [told, [{"text": _("应办"), "callback_data": f"ow:w:{key}:{figures.week}"}]]
