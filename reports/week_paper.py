"""A week as an official brief: sections, paragraphs and sentences, each sentence with the counts it was made of. Its
layout is reports/week_sheet.py's. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reports import contacted, peered
from reports.counts import COUNTS, PARTS, late_label
from reports.figures import Figures, Parts
from reports.on_time import late, percent
from reports.present import LABELS
from reports.summary import away, restated
from reports.week_lines import Line
from storage.matters import Matter
from storage.names import spoken
from storage.tallies import Tally
from storage.texts import N_, _

Source = tuple[str, int | float]
"""A count's name (message id) and its value."""


@dataclass(frozen=True)
class Sentence:
    """What is said, the counts it says, and the records it names."""

    text: str
    sources: tuple[Source, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """（一）label and sentences, with items 1. 2. below it."""

    label: str
    sentences: tuple[Sentence, ...]
    items: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Section:
    name: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Paper:
    """`lead` is the first paragraph, `rows` are the parts of the scope below `heads`."""

    name: str
    number: str
    title: str
    issuer: str
    day: date
    lead: Sentence
    sections: tuple[Section, ...]
    parts: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def sentences(self) -> Iterator[Sentence]:
        """In the order in which they stand in it."""
        yield self.lead
        for section in self.sections:
            for paragraph in section.paragraphs:
                yield from (*paragraph.sentences, *paragraph.items)


def paper(figures: Figures, lead: str = "") -> Paper:
    """The brief of a week; `lead` is what a supervisor wrote instead of ours."""
    year, week = figures.week.split("-W")
    return Paper(
        name=_("{name}驻村工作周报").format(name=figures.name),
        number=_("{year}年第{week}期").format(year=year, week=int(week)),
        title=_("{name}{year}年第{week}周驻村工作情况").format(name=figures.name, year=year, week=int(week)),
        issuer=issuer(figures),
        day=datetime.fromisoformat(figures.end).date(),
        lead=Sentence(lead) if lead else opening(figures),
        sections=tuple(_sections(figures)),
        parts=_(PARTS[figures.parts]),
        heads=tuple(_(head) for head, _name in _COLUMNS),
        rows=tuple(_row(line) for line in figures.lines) if len(figures.lines) > 1 else (),
    )


def issuer(figures: Figures) -> str:
    """Who signs: the managing group of a region, or the team."""
    if figures.parts is Parts.VILLAGES:
        return figures.name
    return _("{county}驻村工作管理组").format(county=figures.name)


def opening(figures: Figures) -> Sentence:
    """The first paragraph, as we would write it."""
    start, end = (datetime.fromisoformat(moment) for moment in (figures.start, figures.end))
    span = _("{month}月{day}日{time}")
    told = [span.format(month=at.month, day=at.day, time=at.strftime("%H:%M")) for at in (start, end)]
    now = figures.total
    said = _(
        "{start}至{end}，共走访{visits}次，覆盖{households}户，新增困难情况{cases}件，完成整改{completed}件。"
    )
    return Sentence(
        said.format(
            start=told[0], end=told[1], visits=now.visits, households=now.households, cases=now.cases,
            completed=now.completed,
        ),
        _of(now, "visits", "households", "cases", "completed"),
    )  # fmt: skip


def _sections(figures: Figures) -> Iterator[Section]:
    yield Section(_("走访和照片"), (_visits(figures), _photos(figures)))
    yield Section(_("困难情况"), (_found(figures), _cared(figures)))
    rectified = [_moved(figures), _waiting(figures), *_on_time(figures)]
    yield Section(_("问题整改"), tuple(rectified))
    if figures.presence.people:
        yield Section(_("队员在村"), (_present(figures), *_contacted(figures)))
    notes = tuple(_notes(figures))
    if notes:
        yield Section(_("需要说明的情况"), notes)


def _of(tally: Tally, *names: str) -> tuple[Source, ...]:
    return tuple((COUNTS[name], getattr(tally, name)) for name in names)


def _against(figures: Figures, name: str) -> Sentence:
    """A count beside the week before, and beside a year before where there was something."""
    now, before, year = (getattr(one, name) for one in (figures.total, figures.before, figures.year))
    sources = [(COUNTS[name], now), (N_("上一周"), before)]
    said = _("{count}{change}").format(count=_(COUNTS[name]), change=_changed(now, before, _("上一周")))
    if year:
        said = _("{one}，{other}").format(one=said, other=_changed(now, year, _("去年同期")))
        sources.append((N_("去年同期"), year))
    return Sentence(_("{change}。").format(change=said), tuple(sources))


def _changed(now: int, before: int, when: str) -> str:
    if now == before:
        return _("与{when}（{before}）相同").format(when=when, before=before)
    more = (
        _("比{when}（{before}）增加{difference}")
        if now > before
        else _("比{when}（{before}）减少{difference}")
    )
    return more.format(when=when, before=before, difference=abs(now - before))


def _visits(figures: Figures) -> Paragraph:
    now = figures.total
    said = _("本周走访{visits}次，覆盖{households}户。").format(visits=now.visits, households=now.households)
    sentences = [Sentence(said, _of(now, "visits", "households")), _against(figures, "visits")]
    if now.belated:
        late = _("其中{count}次是补报以前各周的。").format(count=now.belated)
        sentences.append(Sentence(late, _of(now, "belated")))
    if beside := peered.sentence(figures):
        sentences.append(Sentence(beside, peered.rows(figures)))
    return Paragraph(_("走访。"), tuple(sentences))


def _photos(figures: Figures) -> Paragraph:
    now = figures.total
    said = _("报送现场照片{photos}份，各类报告共有照片{pictures}张。").format(
        photos=now.photos, pictures=now.pictures
    )
    return Paragraph(
        _("现场照片。"), (Sentence(said, _of(now, "photos", "pictures")), _against(figures, "photos"))
    )


def _found(figures: Figures) -> Paragraph:
    now = figures.total
    said = _("新增困难情况{cases}件，其中紧急{urgent}件。").format(cases=now.cases, urgent=now.urgent)
    sentences = [Sentence(said, _of(now, "cases", "urgent")), _against(figures, "cases")]
    if figures.urgent:
        whole = now.urgent <= _NAMED
        sentences.append(Sentence(_("紧急的是：") if whole else _("紧急的列出最近的几件，其余见台账：")))
    items = _named(_("{number}（{place}），{month}月{day}日报告。"), figures.urgent, figures)
    return Paragraph(_("新增。"), tuple(sentences), items)


_NAMED = 5


def _named(words: str, matters: Sequence[Matter], figures: Figures) -> tuple[Sentence, ...]:
    """Some of them by number, village and day."""
    zone = datetime.fromisoformat(figures.end).tzinfo
    told = [(one, one.at.astimezone(zone)) for one in matters[:_NAMED]]
    return tuple(
        Sentence(
            words.format(number=one.number, place=spoken(one.place), month=at.month, day=at.day),
            records=(one.number,),
        )
        for one, at in told
    )


def _cared(figures: Figures) -> Paragraph:
    now = figures.total
    said = _("办结{closed}件；到本周截止时在办{open}件，其中逾期{overdue}件。").format(
        closed=now.closed, open=now.open, overdue=now.cases_overdue
    )
    return Paragraph(_("办理。"), (Sentence(said, _of(now, "closed", "open", "cases_overdue")),))


def _moved(figures: Figures) -> Paragraph:
    now = figures.total
    said = _("下达{issued}件，完成{completed}件，验收{accepted}件，退回{returned}件，销号{struck_off}件。").format(
        issued=now.issued, completed=now.completed, accepted=now.accepted, returned=now.returned,
        struck_off=now.struck_off,
    )  # fmt: skip
    sources = _of(now, "issued", "completed", "accepted", "returned", "struck_off")
    return Paragraph(_("本周整改。"), (Sentence(said, sources), _against(figures, "completed")))


def _waiting(figures: Figures) -> Paragraph:
    now = figures.total
    said = _(
        "到本周截止时待整改{to_mend}件，待验收{to_accept}件，待销号{to_strike}件，整改逾期{overdue}件。"
    ).format(to_mend=now.to_mend, to_accept=now.to_accept, to_strike=now.to_strike, overdue=now.overdue)
    sentences = [Sentence(said, _of(now, "to_mend", "to_accept", "to_strike", "overdue"))]
    if figures.overdue:
        whole = now.overdue <= _NAMED
        sentences.append(Sentence(_("逾期的是：") if whole else _("逾期的列出最久的几件，其余见台账：")))
    items = _named(_("{number}（{place}），{month}月{day}日到期。"), figures.overdue, figures)
    return Paragraph(_("未办结。"), tuple(sentences), items)


def _on_time(figures: Figures) -> list[Paragraph]:
    now = figures.total
    if now.punctual is None:
        return []
    said = _("各类时限按时{on_time}件，办了{ended}件，逾期未办{late}件，按时率{rate}。").format(
        on_time=now.on_time, ended=now.ended, late=now.running_late, rate=percent(now.punctual)
    )
    formula = _("按时率为按时件数除以办了件数与逾期未办件数之和。")
    sources = _of(now, "on_time", "ended", "running_late")
    steps = [Sentence(_("{change}。").format(change=late(figures)), _late(figures))] if figures.late else []
    return [Paragraph(_("按时率。"), (Sentence(said, sources), Sentence(formula), *steps))]


def _late(figures: Figures) -> tuple[Source, ...]:
    return tuple((late_label(kind, clock), count) for kind, clock, count in figures.late)


def _present(figures: Figures) -> Paragraph:
    now, before = figures.presence, figures.presence_before
    said = _("队员{people}人在村{inside}人日，出差{trip}人日，请假{leave}人日。").format(**vars(now))
    sentences = [Sentence(said, tuple((label, getattr(now, key)) for key, label in LABELS.items()))]
    if before.people:
        told = _changed(now.inside, before.inside, _("上一周"))
        sources = [(LABELS["inside"], now.inside), (N_("上一周"), before.inside)]
        if year := figures.presence_year.inside:
            told = _("{one}，{other}").format(one=told, other=_changed(now.inside, year, _("去年同期")))
            sources.append((N_("去年同期"), year))
        sentences.append(Sentence(_("在村人日{change}。").format(change=told), tuple(sources)))
    return Paragraph(_("在村和请假。"), tuple(sentences))


def _contacted(figures: Figures) -> list[Paragraph]:
    now, before = figures.contacts, figures.contacts_before
    if not now.due:
        return []
    sentences = [Sentence(contacted.official(_("本周"), now), contacted.sources(now))]
    if before.due:
        sentences.append(Sentence(contacted.official(_("上一周"), before), contacted.sources(before)))
    return [Paragraph(_("联系走访。"), tuple(sentences))]


def _notes(figures: Figures) -> Iterator[Paragraph]:
    if figures.silent and figures.teams > 1:
        said = _("{count}个队本周没有报告（共{all}个队）。").format(
            count=len(figures.silent), all=figures.teams
        )
        sources = [(N_("没有报告的队"), len(figures.silent)), (N_("工作队数"), figures.teams)]
        sources += [(kind.label, count) for kind, count in away(figures)]
        yield Paragraph(_("没有报告的队。"), (Sentence(said, tuple(sources)),))
    for sentence in restated(figures):
        told = [
            pair
            for one in figures.restated
            for pair in ((COUNTS[one.name], one.told), (COUNTS[one.name], one.now))
        ]
        yield Paragraph(_("数据更正。"), (Sentence(_("{change}。").format(change=sentence), tuple(told)),))
    if not figures.closed:
        yield Paragraph(_("截至时间。"), (Sentence(_("这一周还没有截止，以上是到制表时的数。")),))


_COLUMNS = (
    (N_("名称"), ""), (N_("走访"), "visits"), (N_("户数"), "households"), (N_("新增困难"), "cases"),
    (N_("困难办结"), "closed"), (N_("整改完成"), "completed"), (N_("整改逾期"), "overdue"),
)  # fmt: skip


def _row(line: Line) -> tuple[str, ...]:
    return (line.name, *(str(getattr(line.now, name)) for _head, name in _COLUMNS[1:]))
