"""What tests of dangerous houses share: one reported by 王爱民 of 一队, and its steps by those who may take them."""

from typing import Any

from storage import drafts, stepping
from storage.kinds import house_life as life
from storage.kinds.rectification import RETURN
from storage.report import Report, StepTaken
from tests.storage.asking import PLACES
from tests.storage.reporting_world import Desk

USUAL: dict[str, tuple[str, dict[str, Any]]] = {
    life.REPORT_UP: ("李明", {"whom": "镇政府", "measure": "已拉警戒线"}),
    life.DENY: ("李明", {"reason": "入户看过，没有险情"}),
    life.APPRAISE: ("孙丽", {"level": "d", "appraiser": "县住建局"}),
    life.SAFE: ("孙丽", {"level": "b", "appraiser": "县住建局"}),
    life.REHOUSE: ("李明", {"where": "村里周转房"}),
    life.REBUILD: ("王爱民", {"way": "rebuilt", "result": "新房两间"}),
    life.PASS: ("孙丽", {"reason": "到现场看过，合格"}),
    RETURN: ("孙丽", {"reason": "还没有改造到位"}),
    life.LEFT: ("李明", {"where": "亲戚家"}),
    life.SLEEPS: ("王爱民", {"who": "户主一家"}),
    life.REOPEN: ("李明", {"reason": "险情又出现了"}),
}


def found(desk: Desk, name: str = "王爱民", **answers: Any) -> Report:
    """Nobody sleeps there, unless something else is answered."""
    usual: dict[str, Any] = {
        "village": PLACES[0], "household": desk.households[0], "tonight": "no", "signs": ["wall"],
        "findings": "东墙裂了两指宽",
    }  # fmt: skip
    return desk.send(desk.start("house", name, **(usual | answers)), name)


def step(desk: Desk, report: Report, name: str, by: str = "", **answers: Any) -> Report:
    """Fill in the form of a step and send it."""
    who, usual = USUAL[name]
    who = by or who
    draft = stepping.begin(desk.session, desk.chat(who), report, desk.actor(who), name, desk.at)
    filled = drafts.filling(desk.session, draft)
    filled.answers |= usual | answers
    drafts.keep(desk.session, draft, filled, desk.at)
    return desk.send(draft, who)


def heed(desk: Desk, report: Report, by: str) -> StepTaken:
    """Somebody takes the alarm up."""
    return stepping.take(desk.session, report, life.HEED, desk.actor(by), desk.at, version=report.version)
