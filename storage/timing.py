"""Steps about a clock itself, the same in every workflow: asking for more time, deciding it, pausing with a
reason. The state stays."""

from storage.forms import Date, Text
from storage.forms.dates import Bound
from storage.report import ReportState
from storage.texts import N_
from storage.workflow import KEEP, By, Step

ASK_TIME, GRANT_TIME, DENY_TIME, PAUSE, RESUME = "ask_time", "grant_time", "deny_time", "pause", "resume"
ASIDE = frozenset({ASK_TIME, PAUSE, RESUME})
"""Aside from the case's own way."""
ASKED, NOT_ASKED = N_("有延期申请"), N_("没有未答复的延期申请")
RUNNING, PAUSED = N_("正在计时"), N_("已暂停计时")
"""Conditions; storage/conditions.py has their rules."""

TIME = {
    "until": Date(
        label=N_("延到"), prompt=N_("要延到哪一天？"), future=True, bound=Bound.AFTER, workdays=(3, 5, 10)
    ),
    "reason": Text(
        label=N_("延期原因"),
        prompt=N_("为什么要延期？"),
        suggest=(N_("等材料或施工"), N_("天气原因"), N_("户主外出")),
    ),
}
DENIAL = {"reason": Text(label=N_("不同意的原因"), prompt=N_("为什么不同意？该怎么办？"))}
PAUSING = {
    "reason": Text(
        label=N_("暂停原因"),
        prompt=N_("为什么暂停计时？"),
        suggest=(N_("等部门鉴定"), N_("户主外出，联系不上"), N_("自然灾害")),
    )
}


def steps(owed_by_team: tuple[ReportState, ...], live: tuple[ReportState, ...]) -> tuple[Step, ...]:
    """Rows for a table: where the team owes it asks for time; wherever a clock runs it may be paused."""
    return (
        Step(
            name=ASK_TIME, title=N_("申请延期"), before=owed_by_team, after=None, by=(By.TEAM,),
            said=N_("{name}为 {number} 申请延期"), needs=N_("延到哪天、原因"), starts=KEEP, when=(RUNNING, NOT_ASKED),
            hears=(By.MANAGER, By.LEADER),
        ),
        Step(
            name=GRANT_TIME, title=N_("同意延期"), before=owed_by_team, after=None, by=(By.MANAGER,),
            said=N_("{name}同意 {number} 延期"), not_by=(ASK_TIME,), starts=KEEP, when=(ASKED,),
        ),
        Step(
            name=DENY_TIME, title=N_("不同意延期"), before=owed_by_team, after=None, by=(By.MANAGER,),
            said=N_("{name}不同意 {number} 延期"), needs=N_("原因"), not_by=(ASK_TIME,), starts=KEEP, when=(ASKED,),
        ),
        Step(
            name=PAUSE, title=N_("暂停计时"), before=live, after=None, by=(By.MANAGER,),
            said=N_("{name}暂停了 {number} 的计时"), needs=N_("原因"), starts=KEEP, when=(RUNNING,),
        ),
        Step(
            name=RESUME, title=N_("恢复计时"), before=live, after=None, by=(By.MANAGER,),
            said=N_("{name}恢复了 {number} 的计时"), starts=KEEP, when=(PAUSED,),
        ),
    )  # fmt: skip
