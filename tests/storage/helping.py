"""What tests of hardship cases share: one reported by 王爱民 of 一队, and its steps by those who may take them."""

from typing import Any

from storage import drafts, stepping
from storage.kinds import hardship_life as life
from storage.kinds.rectification import RETURN, STRIKE_OFF
from storage.report import Report, StepTaken
from tests.storage.reporting_world import Desk

USUAL: dict[str, tuple[str, dict[str, Any]]] = {
    life.CONFIRM: ("李明", {"findings": "入户看过，确实困难"}),
    life.DENY: ("李明", {"reason": "入户看过，情况不符"}),
    life.NOT_OURS: ("李明", {"whose": "户籍不在本县"}),
    life.VANISH: ("李明", {"reason": "儿子回来了"}),
    life.PUBLISH: ("李明", {"opinion": "评议通过，无不同意见"}),
    life.OBJECT: ("李明", {"reason": "有人说他家有车"}),
    life.RECOGNISE: ("孙丽", {"monitored": "sudden", "labour": "some"}),
    life.ORDINARY: ("孙丽", {"reason": "困难较轻"}),
    life.PLAN: (
        "李明",
        {"measure": "申请临时救助", "who": "镇民政办", "until": "2026-12-10", "whom": "户主"},
    ),
    life.BREAK: ("李明", {"which": 1, "reason": "条件不符，已向户主说明"}),
    life.FOLLOW_UP: ("王爱民", {"course": "better", "findings": "已出院"}),
    life.PROPOSE: ("李明", {"result": "已出院，有工作", "opinion": "agrees"}),
    life.SECURE: ("孙丽", {"measure": "已纳入低保"}),
    RETURN: ("孙丽", {"reason": "请再问户主"}),
    STRIKE_OFF: ("孙丽", {"reason": "已核实"}),
    life.SOLVE: ("李明", {"result": "已办好", "opinion": "agrees"}),
    life.NOT_NOW: ("孙丽", {"reason": "缺资金，明年再办"}),
    life.REOPEN: ("李明", {"reason": "困难又出现了"}),
}


def opened(desk: Desk, name: str = "王爱民", **answers: Any) -> Report:
    return desk.send(desk.case(**answers), name)


def step(desk: Desk, report: Report, name: str, by: str = "", **answers: Any) -> Report:
    """Fill in the form of a step and send it."""
    who, usual = USUAL[name]
    who = by or who
    draft = stepping.begin(desk.session, desk.chat(who), report, desk.actor(who), name, desk.at)
    filled = drafts.filling(desk.session, draft)
    filled.answers |= usual | answers
    drafts.keep(desk.session, draft, filled, desk.at)
    return desk.send(draft, who)


def steps(desk: Desk, report: Report, *names: str) -> Report:
    for name in names:
        step(desk, report, name)
    return report


def press(desk: Desk, report: Report, name: str, by: str, **answers: Any) -> StepTaken:
    """A step that needs no form."""
    return stepping.take(
        desk.session, report, name, desk.actor(by), desk.at, version=report.version, answers=answers
    )


def recognised(desk: Desk, **answers: Any) -> Report:
    """A case that was verified, published for its days, and recognised."""
    report = steps(desk, opened(desk), life.CONFIRM, life.PUBLISH)
    desk.later(days=6)
    return step(desk, report, life.RECOGNISE, **answers)
