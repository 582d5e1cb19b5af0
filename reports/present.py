"""Who was in the village: a sentence of a week, and its people and parts one by one, for private chats."""

from collections.abc import Iterable, Mapping
from html import escape

from reports import contacted
from reports.figures import Figures
from reports.week_lines import Line
from storage.member_tallies import Member
from storage.presence import Presence
from storage.texts import N_, _, listed

LABELS = {
    "people": N_("在岗人数"),
    "inside": N_("在村人日"),
    "trip": N_("出差人日"),
    "leave": N_("请假人日"),
}
"""Each field of Presence, in its order."""
OF_MEMBER = {
    "visits": N_("走访 {count}"),
    "households": N_("覆盖 {count} 户"),
    "photos": N_("现场照片 {count} 份"),
    "pictures": N_("照片 {count} 张"),
    "cases": N_("新增困难 {count}"),
    "closed": N_("困难办结 {count}"),
    "steps": N_("办理 {count} 步"),
    "inside": N_("在村 {count} 天"),
    "trip": N_("出差 {count} 天"),
    "leave": N_("请假 {count} 天"),
    "due": N_("应联系 {count} 户"),
    "seen": N_("已联系 {count} 户"),
}
"""Each count of Member, in its order."""
MOST = 40
"""Lines of one message."""


def sentence(now: Presence) -> str:
    """Nothing where nobody serves, or nobody knew when this was counted."""
    if not now.people:
        return ""
    return _("队员 {people} 人：在村 {inside} 人日，出差 {trip}，请假 {leave}").format(
        people=now.people, inside=now.inside, trip=now.trip, leave=now.leave
    )


def members(title: str, shown: Iterable[Member], names: Mapping[int, str]) -> str:
    """People of a team in the order in which they came: nobody is ranked."""
    lines = [_member(one, names[one.person]) for one in shown]
    return "\n".join([_head(title), *(lines or [_("这一周没有分人的数。")])])


def _member(one: Member, name: str) -> str:
    said = ((words, getattr(one, key)) for key, words in OF_MEMBER.items())
    counts = listed(_(words).format(count=count) for words, count in said if count)
    return _("{name}：{counts}").format(name=escape(name), counts=counts or "—")


def parts(title: str, figures: Figures) -> str:
    """The whole of a region, and each of its parts."""
    known = [line for line in figures.lines if line.presence.people]
    line = _("{name}：{counts}")
    lines = [line.format(name=escape(one.name), counts=_part(one)) for one in known[:MOST]]
    if len(known) > MOST:
        lines.append(_("其余 {count} 个").format(count=len(known) - MOST))
    whole = sentence(figures.presence) or _("这一周没有分人的数。")
    return "\n".join([_head(title), whole, *filter(None, [contacted.sentence(figures.contacts)]), *lines])


def _part(line: Line) -> str:
    there, cards = sentence(line.presence), contacted.sentence(line.contacts)
    return _("{one}，{other}").format(one=there, other=cards) if cards else there


def _head(title: str) -> str:
    return _("<b>{title}：队员和在村</b>").format(title=escape(title))
