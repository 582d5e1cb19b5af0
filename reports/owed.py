"""Who did what and who owes, as a text: names in private chats, totals of units in groups. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from storage.duty_states import DutyState, Standing
from storage.policy import PolicySwitch
from storage.texts import _, listed

MOST = 40
"""Lines of one message."""
OWING = (DutyState.MISSING, DutyState.LATE)


def people(
    name: str, week: str, standings: Sequence[Standing], names: Mapping[int, str], *, ranked: bool = False
) -> str:
    """A team's list by name, who owes first; for its leader and those who manage."""
    order = list(DutyState)
    shown = sorted(standings, key=lambda one: (-one.visits if ranked else 0, order.index(one.state)))
    lines = [_line(one, names[one.person_id]) for one in shown[:MOST]]
    return "\n".join([_head(name, week), *lines, *_more(len(shown) - MOST)])


def _line(one: Standing, name: str) -> str:
    said = _("{name}：{state}，走访 {visits}/{wanted}").format(
        name=escape(name), state=_(one.state.label), visits=one.visits, wanted=one.wanted
    )
    return said + (_("，缺 {count} 天记录").format(count=one.lines_missing) if one.lines_missing else "")


def _head(name: str, week: str) -> str:
    return _("<b>{name} {week} 应办</b>").format(name=escape(name), week=week)


def _more(count: int) -> list[str]:
    return [_("其余 {count} 个").format(count=count)] if count > 0 else []


def units(name: str, week: str, standings: Sequence[Standing]) -> str:
    """Totals of each team, no names of people: groups read it."""
    teams: dict[str, Counter[DutyState]] = {}
    for one in standings:
        teams.setdefault(one.team, Counter())[one.state] += 1
    whole = Counter(one.state for one in standings)
    rows = sorted(teams.items(), key=lambda item: (-sum(item[1][state] for state in OWING), item[0]))
    lines = [f"{escape(team)}：{_counted(counts)}" for team, counts in rows[:MOST]]
    said = _("共 {count} 人：{states}").format(count=len(standings), states=_counted(whole))
    return "\n".join([_head(name, week), said, *lines, *_more(len(rows) - MOST)])


def _counted(counts: Counter[DutyState]) -> str:
    said = _("{state} {count}")
    return listed(said.format(state=_(one.label), count=counts[one]) for one in DutyState if counts[one])


def named(standings: Sequence[Standing], names: Mapping[int, str], switch: PolicySwitch) -> str:
    """Those who owe by name, with the switch that allows it."""
    place = _("{name}（{kind}）")
    owing = [
        place.format(name=names[one.person_id], kind=one.team)
        for one in standings
        if one.state is DutyState.MISSING
    ]
    who = escape(listed(owing[:MOST])) or _("没有人")
    return _("还欠的人：{who}").format(who=who) + "\n" + switched(switch)


def switched(switch: PolicySwitch) -> str:
    """Why, by whose word and until when."""
    return _("（政策开关：原因 {reason}，批准人 {approver}，到 {until} 为止）").format(
        reason=escape(switch.reason), approver=escape(switch.approver), until=switch.until.isoformat()
    )
