"""整改: a problem issued to a team; the member mends it, a supervisor accepts it, a second person strikes it off.

The rules of the steps (storage/rectifications.py, storage/rectifying.py) read this declaration, so they are
imported when one is needed, not above.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlmodel import Field, Session

from storage import timing
from storage.forms import Choice, Date, Labelled, Photos, TeamPick, Text, Village
from storage.forms.dates import Bound
from storage.forms.detail import Detail, Kind
from storage.identity import Actor
from storage.kinds.moving import form, timing_forms
from storage.report import Report, ReportState
from storage.texts import N_
from storage.workflow import KEEP, By, Clock, Workflow
from storage.workflow import Step as Move

ISSUE, COMPLETE, ACCEPT, RETURN, STRIKE_OFF = "issue", "complete", "accept", "return", "strike_off"
SIGN, ASSIGN = "sign", "assign"
UNSIGNED = N_("还没有人签收")

MEND, JUDGE, CLOSE = "mend", "accept", "close"
"""Clocks: mending until the day that was set, accepting, striking off."""

_ISSUED, _DONE, _ACCEPTED = ReportState.ISSUED, ReportState.COMPLETED, ReportState.ACCEPTED

LIFE = Workflow(
    (
        Move(
            name=ISSUE, title=N_("交办"), before=(), after=_ISSUED, by=(By.MANAGER,), starts=MEND,
            said=N_("{name}交办整改 {number}"), needs=N_("问题、期限"),
        ),
        Move(
            name=COMPLETE, title=N_("完成整改"), before=(_ISSUED,), after=_DONE, by=(By.TEAM,), starts=JUDGE,
            said=N_("{name}完成整改 {number}"), needs=N_("做了什么"),
        ),
        Move(
            name=ACCEPT, title=N_("验收"), before=(_DONE,), after=_ACCEPTED, by=(By.MANAGER,), starts=CLOSE,
            said=N_("{name}验收了整改 {number}"), not_by=(COMPLETE,),
        ),
        Move(
            name=RETURN, title=N_("退回"), before=(_DONE, _ACCEPTED), after=_ISSUED, by=(By.MANAGER,), starts=MEND,
            said=N_("{name}退回整改 {number}"), needs=N_("原因"), returns=True,
        ),
        Move(
            name=STRIKE_OFF, title=N_("销号"), before=(_ACCEPTED,), after=ReportState.STRUCK_OFF, by=(By.MANAGER,),
            said=N_("{name}销号 {number}，这件整改办结了"), needs=N_("核实情况"), not_by=(COMPLETE, ACCEPT),
        ),
        Move(
            name=SIGN, title=N_("签收"), before=(_ISSUED,), after=None, by=(By.TEAM,), starts=KEEP,
            said=N_("{name}签收了整改 {number}"), when=(UNSIGNED,),
        ),
        Move(
            name=ASSIGN, title=N_("定任务"), before=(_ISSUED,), after=None, by=(By.LEADER, By.MANAGER), starts=KEEP,
            said=N_("{name}给整改 {number} 定了任务"), needs=N_("任务、牵头单位、责任人、到哪天"),
        ),
        *timing.steps((_ISSUED,), (_ISSUED, _DONE, _ACCEPTED)),
    ),
    (
        Clock(name=MEND, title=N_("整改"), ask=N_("请整改"), owes=By.TEAM, step=COMPLETE, fixed=True),
        Clock(name=JUDGE, title=N_("验收"), ask=N_("请验收"), owes=By.MANAGER, step=ACCEPT, shown=False),
        Clock(name=CLOSE, title=N_("销号核实"), ask=N_("请核实销号"), owes=By.MANAGER, step=STRIKE_OFF, shown=False),
    ),
)  # fmt: skip
"""Striking off is by a second person. Whoever should strike off may also send it back: they have looked."""


class Origin(Labelled):
    """How a problem came to be known."""

    INSPECTION = "inspection", N_("督查检查")
    SPOT_CHECK = "spot_check", N_("抽查暗访")
    VISIT = "visit", N_("走访发现")
    COMPLAINT = "complaint", N_("群众反映")


class ProblemCategory(Labelled):
    """What a problem is about."""

    SANITATION = "sanitation", N_("环境卫生")
    FACILITIES = "facilities", N_("基础设施")
    SAFETY = "safety", N_("安全隐患")
    HOUSING = "housing", N_("住房")
    WATER = "water", N_("饮水")
    POLICY = "policy", N_("政策落实")
    FUNDS = "funds", N_("项目资金")
    CONDUCT = "conduct", N_("工作作风")
    OTHER = "other", N_("其他")


class Rectification(Detail, table=True):
    """The problem. `due` is the last day in the county's zone; the header's `due_at` is that day's end. Tasks and
    who answers for them are rows of their own (storage/tasks.py)."""

    kind: ClassVar[str] = "rectification"

    team: ClassVar[Annotated[int, TeamPick(label=N_("工作队"), prompt=N_("交给哪个工作队？"))]]
    village: ClassVar[Annotated[str, Village(label=N_("村"), prompt=N_("问题在哪个村？"), follows="team")]]
    findings: Annotated[str, Text(label=N_("问题"), prompt=N_("发现了什么问题？也可以直接发照片配文字。"))]
    due: Annotated[
        date,
        Date(label=N_("期限"), prompt=N_("哪一天前整改完？"), future=True, workdays=(3, 7, 15)),
    ]
    demand: Annotated[
        str | None, Text(label=N_("整改要求"), prompt=N_("要整改成什么样？"), optional=True)
    ] = Field(default=None)
    origin: Annotated[
        str | None, Choice(label=N_("问题来源"), prompt=N_("问题怎么来的？"), of=Origin, optional=True)
    ] = Field(default=None)
    category: Annotated[
        str | None,
        Choice(label=N_("问题类别"), prompt=N_("是哪一类问题？"), of=ProblemCategory, optional=True),
    ] = Field(default=None)
    basis: Annotated[
        str | None, Text(label=N_("交办依据"), prompt=N_("依据哪个文件、哪次检查？"), optional=True)
    ] = Field(default=None)
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
ASSIGNING = {
    "what": Text(label=N_("任务"), prompt=N_("要做什么？")),
    "lead": Text(
        label=N_("牵头单位"), prompt=N_("哪个单位牵头？"), suggest=(N_("工作队"), N_("村委会"), N_("镇政府"))
    ),
    "who": Text(label=N_("责任人"), prompt=N_("谁负责？几个人用顿号隔开。")),
    "until": Date(
        label=N_("到哪天"), prompt=N_("哪一天前办好？"), future=True, bound=Bound.WITHIN, workdays=(3, 5, 10)
    ),
    "support": Text(label=N_("配合单位"), prompt=N_("哪些单位配合？"), optional=True),
}
STRIKING = {"reason": Text(label=N_("核实情况"), prompt=N_("怎么核实的？"), suggest=(N_("已核实"),))}


def _settle(
    session: Session, report: Report, answers: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    from storage import rectifying

    rectifying.settle(session, report, answers, actor, now)


def _about_mending(session: Session, report: Report) -> list[str]:
    from storage import casework, proofs

    return [*casework.about(session, report), *proofs.wanted(session, report)]


def _begin(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """It is compared with what was struck off before; its clock starts, the team hears and gets the document."""
    from storage import orders, rebounds, stepping

    rebounds.find(session, report, now)
    stepping.begin_life(session, report, actor, now)
    orders.issued(session, report, now)


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
    begin=_begin,
    life=LIFE,
    steps={
        COMPLETE: replace(
            form(
                LIFE,
                COMPLETE,
                COMPLETION,
                N_("✓ 已提交验收"),
                N_("已通知管理组验收，结果会告诉您。"),
                carries=True,
            ),
            about=_about_mending,
        ),
        ASSIGN: form(LIFE, ASSIGN, ASSIGNING, N_("✓ 任务已定"), N_("已告诉工作队。还有任务可以接着定。")),
        RETURN: form(LIFE, RETURN, RETURNING, N_("✓ 已退回"), N_("已通知工作队，改好后会再请您验收。")),
        STRIKE_OFF: form(LIFE, STRIKE_OFF, STRIKING, N_("✓ 已销号"), N_("这件整改办结了，已告诉工作队。")),
        **timing_forms(LIFE),
    },
)
