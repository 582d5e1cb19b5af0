"""整改: a problem issued to a team; the member mends it, a supervisor accepts it, a second person strikes it off.

The rules of the steps (storage/rectifications.py, storage/rectifying.py) read this declaration, so they are
imported when one is needed, not above.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlmodel import Session

from storage.draft import Draft
from storage.forms import Date, Photos, TeamPick, Text, Village
from storage.forms.detail import Detail, Kind, Step
from storage.identity import Actor
from storage.report import Report, ReportState
from storage.texts import N_
from storage.workflow import By, Workflow
from storage.workflow import Step as Move

ISSUE, COMPLETE, ACCEPT, RETURN, STRIKE_OFF = "issue", "complete", "accept", "return", "strike_off"

LIFE = Workflow(
    (
        Move(
            name=ISSUE, title=N_("交办"), before=(), after=ReportState.ISSUED, by=By.MANAGER,
            needs=N_("问题、期限"),
        ),
        Move(
            name=COMPLETE, title=N_("完成整改"), before=(ReportState.ISSUED,), after=ReportState.COMPLETED,
            by=By.TEAM, needs=N_("做了什么"),
        ),
        Move(
            name=ACCEPT, title=N_("验收"), before=(ReportState.COMPLETED,), after=ReportState.ACCEPTED,
            by=By.MANAGER, not_by=(COMPLETE,),
        ),
        Move(
            name=RETURN, title=N_("退回"), before=(ReportState.COMPLETED, ReportState.ACCEPTED),
            after=ReportState.ISSUED, by=By.MANAGER, needs=N_("原因"), returns=True,
        ),
        Move(
            name=STRIKE_OFF, title=N_("销号"), before=(ReportState.ACCEPTED,), after=ReportState.STRUCK_OFF,
            by=By.MANAGER, needs=N_("核实情况"), not_by=(COMPLETE, ACCEPT),
        ),
    )
)  # fmt: skip
"""Striking off is by a second person. Whoever should strike off may also send it back: they have looked."""


class Rectification(Detail, table=True):
    """`due` is the last day in the county's zone; the header's `due_at` is that day's end."""

    kind: ClassVar[str] = "rectification"

    team: ClassVar[Annotated[int, TeamPick(label=N_("工作队"), prompt=N_("交给哪个工作队？"))]]
    village: ClassVar[Annotated[str, Village(label=N_("村"), prompt=N_("问题在哪个村？"), follows="team")]]
    findings: Annotated[str, Text(label=N_("问题"), prompt=N_("发现了什么问题？也可以直接发照片配文字。"))]
    due: Annotated[
        date,
        Date(label=N_("期限"), prompt=N_("哪一天前整改完？"), future=True, workdays=(3, 7, 15)),
    ]
    before: ClassVar[
        Annotated[
            int, Photos(label=N_("整改前照片"), prompt=N_("请发现场照片，可以一次选多张。"), optional=True)
        ]
    ]


COMPLETION = {
    "done": Text(label=N_("做了什么"), prompt=N_("做了什么？写一两句就行，也可以直接发照片配文字。")),
    "after": Photos(label=N_("整改后照片"), prompt=N_("请发整改后的照片，和整改前对照着拍。"), optional=True),
}
RETURNING = {
    "reason": Text(
        label=N_("退回原因"),
        prompt=N_("为什么退回？要补什么？"),
        suggest=(N_("照片看不清，请重拍"), N_("还没有整改到位"), N_("请补整改后的照片")),
    )
}
STRIKING = {"reason": Text(label=N_("核实情况"), prompt=N_("怎么核实的？"), suggest=(N_("已核实"),))}


def _settle(
    session: Session, report: Report, answers: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    from storage import rectifying

    rectifying.settle(session, report, answers, actor, now)


def _issue(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    from storage import rectifying

    rectifying.issue(session, report, actor, now)


def _hand_in(session: Session, draft: Draft, actor: Actor, now: datetime) -> Report:
    from storage import rectifying

    return rectifying.hand_in(session, draft, actor, now)


def _about(session: Session, report: Report) -> list[str]:
    from storage import rectifications

    return rectifications.about(session, report)


def _step(name: str, asks: Mapping[str, Any], done: str, follows: str) -> Step:
    return Step(
        title=LIFE.step(name).title, asks=asks, hand_in=_hand_in, next=follows, done=done, about=_about
    )


RECTIFICATION = Kind(
    table=Rectification,
    title=N_("整改"),
    prefix="ZG",
    command="problem",
    next=N_("已通知工作队；完成后会请您验收。"),
    state=ReportState.ISSUED,
    correctable=frozenset({ReportState.ISSUED}),
    issued=True,
    settle=_settle,
    begin=_issue,
    steps={
        COMPLETE: _step(COMPLETE, COMPLETION, N_("✓ 已提交验收"), N_("已通知管理组验收，结果会告诉您。")),
        RETURN: _step(RETURN, RETURNING, N_("✓ 已退回"), N_("已通知工作队，改好后会再请您验收。")),
        STRIKE_OFF: _step(STRIKE_OFF, STRIKING, N_("✓ 已销号"), N_("这件整改办结了，已告诉工作队。")),
    },
)
