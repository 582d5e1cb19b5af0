"""What policy mode has turned on, as a line for every member: what it means, why, by whose word and until when."""

from html import escape

from sqlmodel import Session

from reports import owed
from storage import policy, summaries
from storage.names import spoken
from storage.policy import MEANS, PolicySwitch
from storage.summaries import Scope
from storage.texts import _


def place(session: Session, one: PolicySwitch) -> str:
    return spoken(summaries.name_of(session, Scope(one.region))) or _("整个系统")


def line(session: Session, one: PolicySwitch) -> str:
    """HTML of one that is on."""
    kind = policy.NAMES[one.policy]
    what = _("{place} 打开了“{what}”：{means}").format(
        place=escape(place(session, one)), what=_(kind.label), means=_(MEANS[kind])
    )
    return f"· {what}{owed.switched(one)}"


def told(session: Session, one: PolicySwitch) -> str:
    """HTML, when it was turned on or off."""
    over = _("已关闭：{what}").format(what=_(policy.NAMES[one.policy].label))
    return over if one.ended_at else line(session, one)
