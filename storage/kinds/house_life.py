"""The life of a dangerous house as a table: found, reported, appraised (A to D), its people rehoused, rebuilt,
accepted. Whenever somebody may sleep there an alarm rings until a person has taken it up."""

from storage import timing
from storage.kinds import referring
from storage.kinds.rectification import RETURN
from storage.report import ReportState
from storage.texts import N_
from storage.workflow import KEEP, By, Clock, Step, Workflow

FIND, REPORT_UP, DENY, SAFE, APPRAISE = "find", "report_up", "deny", "safe", "appraise"
REHOUSE, REBUILD, PASS, REOPEN = "rehouse", "rebuild", "pass", "reopen"
SLEEPS, HEED, LEFT = "sleeps", "heed", "left"
REPORTING, APPRAISING, REHOUSING, REBUILDING, PASSING = (
    "report_up", "appraise", "rehouse", "rebuild", "pass",
)  # fmt: skip
"""Clocks."""

RINGS, STANDS = N_("告警没人接"), N_("今晚还有人住")

_S = ReportState
_LIVE = (_S.FOUND, _S.REPORTED, _S.DANGEROUS, _S.REHOUSED, _S.REBUILT)
_ENDS = (_S.NOT_TRUE, _S.SAFE, _S.PASSED)
_BOTH = (By.TEAM, By.MANAGER)
_FEW = (By.LEADER, By.AUTHOR)
_MORE = (By.LEADER, By.AUTHOR, By.MANAGER)

LIFE = Workflow(
    (
        Step(
            name=FIND, title=N_("发现"), before=(), after=_S.FOUND, by=_BOTH, starts=REPORTING,
            said=N_("{name}发现危房 {number}"), needs=N_("户、险情、今晚有没有人住"), hears=(By.LEADER,),
        ),
        Step(
            name=REPORT_UP, title=N_("上报"), before=(_S.FOUND,), after=_S.REPORTED, by=_BOTH, starts=APPRAISING,
            said=N_("{name}上报了危房 {number}"), needs=N_("报给谁、采取了什么措施"), hears=_FEW,
        ),
        Step(
            name=DENY, title=N_("不属实"), before=(_S.FOUND, _S.REPORTED), after=_S.NOT_TRUE, by=_BOTH,
            said=N_("{name}核实 {number}：不属实"), needs=N_("依据"), not_by=(FIND,), hears=_MORE,
        ),
        Step(
            name=APPRAISE, title=N_("鉴定为危房"), before=(_S.REPORTED,), after=_S.DANGEROUS, by=(By.MANAGER,),
            said=N_("{number} 鉴定为危房，{name}已登记"), needs=N_("等级（C、D）、鉴定单位"), not_by=(FIND,),
            starts=REHOUSING,
        ),
        Step(
            name=SAFE, title=N_("鉴定为安全"), before=(_S.REPORTED,), after=_S.SAFE, by=(By.MANAGER,),
            said=N_("{number} 鉴定为安全，{name}已登记"), needs=N_("等级（A、B）、鉴定单位"), not_by=(FIND,),
        ),
        Step(
            name=REHOUSE, title=N_("已安置"), before=(_S.DANGEROUS,), after=_S.REHOUSED, by=_BOTH,
            said=N_("{name}：{number} 的人已安置"), needs=N_("住到哪里"), starts=REBUILDING, hears=_MORE,
        ),
        Step(
            name=REBUILD, title=N_("改造完成"), before=(_S.REHOUSED,), after=_S.REBUILT, by=_BOTH,
            said=N_("{name}：{number} 改造完成"), needs=N_("怎么改造的"), starts=PASSING, hears=_FEW,
        ),
        Step(
            name=PASS, title=N_("验收合格"), before=(_S.REBUILT,), after=_S.PASSED, by=(By.MANAGER,),
            said=N_("{name}验收了 {number}，可以入住"), needs=N_("核实情况"), not_by=(REBUILD,),
        ),
        Step(
            name=RETURN, title=N_("退回"), before=(_S.REBUILT,), after=_S.REHOUSED, by=(By.MANAGER,),
            said=N_("{name}退回 {number}，请继续改造"), needs=N_("原因"), starts=REBUILDING,
        ),
        Step(
            name=HEED, title=N_("接警"), before=_LIVE, after=None, by=(By.LEADER, By.MANAGER), starts=KEEP,
            said=N_("{name}接了 {number} 的告警"), hears=(), when=(RINGS,),
        ),
        Step(
            name=LEFT, title=N_("人已搬出"), before=_LIVE, after=None, by=_BOTH, starts=KEEP,
            said=N_("{name}：{number} 的人已搬出"), needs=N_("搬到哪里"), hears=_MORE, when=(STANDS,),
        ),
        Step(
            name=SLEEPS, title=N_("今晚有人住"), before=_LIVE, after=None, by=_BOTH, starts=KEEP,
            said=N_("{name}：{number} 今晚有人住"), needs=N_("谁住在里面"), hears=(),
        ),
        Step(
            name=REOPEN, title=N_("重新打开"), before=_ENDS, after=_S.FOUND, by=_BOTH, starts=REPORTING,
            said=N_("{name}重新打开了 {number}"), needs=N_("原因"), hears=_MORE,
        ),
        *referring.steps(_LIVE, (*_LIVE, *_ENDS)),
        *timing.steps((_S.FOUND, _S.DANGEROUS, _S.REHOUSED), _LIVE),
    ),
    (
        Clock(name=REPORTING, title=N_("上报"), ask=N_("请上报"), owes=By.LEADER, step=REPORT_UP),
        Clock(name=APPRAISING, title=N_("鉴定"), ask=N_("请组织鉴定"), owes=By.MANAGER, step=APPRAISE),
        Clock(name=REHOUSING, title=N_("安置"), ask=N_("请安置"), owes=By.LEADER, step=REHOUSE),
        Clock(name=REBUILDING, title=N_("改造"), ask=N_("请组织改造"), owes=By.TEAM, step=REBUILD),
        Clock(name=PASSING, title=N_("改造验收"), ask=N_("请验收"), owes=By.MANAGER, step=PASS),
    ),
)  # fmt: skip
"""Whoever found it does not judge it, whoever rebuilt it does not accept it. All who were alarmed hear who took
the alarm up, and who sleeps there, by other letters (storage/ringing.py)."""
