"""What was asked of somebody in a month, by who asks for it and why, in minutes. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape

from storage.burden import Line, asked_for
from storage.duty_rules import DutyRule
from storage.kinds import KINDS, Kind
from storage.texts import _, listed


def text(month: str, lines: Sequence[Line], wishes: Sequence[tuple[str, DutyRule]]) -> str:
    """By asker, the one who took most first; then what the county asks each week."""
    by_asker: dict[str, list[Line]] = defaultdict(list)
    for one in lines:
        by_asker[one.asked.by].append(one)
    order = sorted(by_asker.items(), key=lambda item: -_seconds(item[1]))
    head = _("<b>{month} 一共要了您约 {minutes} 分钟</b>").format(
        month=month, minutes=_minutes(_seconds(lines))
    )
    said = [part for by, some in order for part in (_asker(by, some), *map(_line, some))]
    advice = _("按填写的项目估算。要减的，发 建议 加一段话，直接交给管理员。看一张表谁要的：减负 走访")
    return "\n".join([head, *said, *map(_wish, wishes), "", advice])


def _seconds(lines: Sequence[Line]) -> int:
    return sum(one.seconds for one in lines)


def _minutes(seconds: int) -> int:
    """Begun minutes."""
    return -(-seconds // 60)


def _asker(by: str, lines: Sequence[Line]) -> str:
    return _("<b>{by}</b>：{minutes} 分钟").format(by=_(by), minutes=_minutes(_seconds(lines)))


def _line(one: Line) -> str:
    return _("· {what} {times} 次，{minutes} 分钟：{why}").format(
        what=_(one.what), times=one.times, minutes=_minutes(one.seconds), why=_(one.asked.why)
    )


def _wish(wish: tuple[str, DutyRule]) -> str:
    team, rule = wish
    said = [_("每周走访 {count} 次").format(count=rule.visits)] if rule.visits else []
    said += [_("每个工作日一条记录")] if rule.daily else []
    return _("{by} 要求{team}：{what}（{basis}）").format(
        by=escape(rule.asked_by), team=escape(team), what=listed(said) or _("没有固定任务"),
        basis=escape(rule.basis or "") or _("没有写依据"),
    )  # fmt: skip


def form(kind: Kind) -> str:
    """Who asks each question of a form, and why."""
    lines = []
    for name, ask in kind.asks.items():
        asked = asked_for(kind.name, name)
        label = _("{label}（可不填）").format(label=_(ask.label)) if ask.optional else _(ask.label)
        lines.append(_("· {label}：{by}，{why}").format(label=label, by=_(asked.by), why=_(asked.why)))
    return "\n".join([f"<b>{_(kind.title)}</b>", *lines])


def called() -> dict[str, Kind]:
    """The forms by what people call them."""
    return {_(kind.title): kind for kind in KINDS.values()} | {kind.command: kind for kind in KINDS.values()}
