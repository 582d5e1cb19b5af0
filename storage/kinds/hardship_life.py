"""The life of a hardship case as a table: verified, discussed and made public, recognised, helped, followed up,
struck off by a second person. Every ending is a word of its own, and each can be opened again."""

from storage import timing
from storage.kinds import referring
from storage.kinds.rectification import RETURN, STRIKE_OFF
from storage.report import ReportState
from storage.texts import N_
from storage.workflow import KEEP, By, Clock, Step, Workflow

OPEN, CONFIRM, DENY, NOT_OURS, VANISH = "open", "confirm", "deny", "not_ours", "vanish"
PUBLISH, OBJECT, RECOGNISE, ORDINARY = "publish", "object", "recognise", "ordinary"
PLAN, KEPT, BREAK, FOLLOW_UP, SECURE = "plan", "kept", "break", "follow_up", "secure"
PROPOSE, SOLVE, NOT_NOW, REOPEN = "propose", "solve", "not_now", "reopen"
VERIFYING, DISCUSSING, NOTICE, RECOGNISING = "verify", "discuss", "notice", "recognise"
FOLLOWING, STRIKING = "follow_up", "strike"
"""Clocks; `notice` is the time of the public notice, which passes before recognising may begin."""

NOTICE_OVER, ALL_KEPT = N_("公示期满"), N_("承诺的措施都有交代")
HAS_LABOUR, NO_LABOUR = N_("有劳动能力"), N_("无劳动能力")
ONE_OPEN = N_("还有措施没交代")

_S = ReportState
_HELPED = (_S.SUPPORTED, _S.ORDINARY, _S.SECURED)
_ENDS = (_S.STRUCK_OFF, _S.RESOLVED, _S.NOT_TRUE, _S.NOT_OURS, _S.VANISHED, _S.NOT_NOW)
_BOTH = (By.TEAM, By.MANAGER)
_FEW = (By.LEADER, By.AUTHOR)
_MORE = (By.LEADER, By.AUTHOR, By.MANAGER)

LIFE = Workflow(
    (
        Step(
            name=OPEN, title=N_("立案"), before=(), after=_S.OPEN, by=_BOTH, starts=VERIFYING,
            said=N_("{name}报了困难情况 {number}"), needs=N_("户、类别、情况"), hears=(By.LEADER,),
        ),
        Step(
            name=CONFIRM, title=N_("属实"), before=(_S.OPEN,), after=_S.VERIFIED, by=_BOTH, starts=DISCUSSING,
            said=N_("{name}核实 {number}：属实"), needs=N_("核实情况"), not_by=(OPEN,), hears=_FEW,
        ),
        Step(
            name=DENY, title=N_("不属实"), before=(_S.OPEN,), after=_S.NOT_TRUE, by=_BOTH,
            said=N_("{name}核实 {number}：不属实"), needs=N_("依据"), not_by=(OPEN,), hears=_MORE,
        ),
        Step(
            name=NOT_OURS, title=N_("不归这里管"), before=(_S.OPEN,), after=_S.NOT_OURS, by=_BOTH,
            said=N_("{name}核实 {number}：不归这里管"), needs=N_("归谁管"), not_by=(OPEN,), hears=_MORE,
        ),
        Step(
            name=PUBLISH, title=N_("评议公示"), before=(_S.VERIFIED,), after=_S.PUBLISHED, by=(By.TEAM,),
            said=N_("{name}已公示 {number}"), needs=N_("评议情况"), starts=RECOGNISING, hears=_FEW,
        ),
        Step(
            name=OBJECT, title=N_("有异议"), before=(_S.PUBLISHED,), after=_S.OPEN, by=_BOTH, starts=VERIFYING,
            said=N_("{number} 公示有异议，{name}退回重新核实"), needs=N_("异议内容"), hears=_MORE,
        ),
        Step(
            name=RECOGNISE, title=N_("认定"), before=(_S.PUBLISHED,), after=_S.SUPPORTED, by=(By.MANAGER,),
            said=N_("{name}认定了 {number}"), needs=N_("哪一类、有无劳动能力"), not_by=(OPEN, CONFIRM),
            starts=FOLLOWING, when=(NOTICE_OVER,),
        ),
        Step(
            name=ORDINARY, title=N_("一般帮扶"), before=(_S.VERIFIED, _S.PUBLISHED), after=_S.ORDINARY,
            by=(By.MANAGER,), said=N_("{name}把 {number} 定为一般帮扶"), needs=N_("理由"), not_by=(OPEN,),
            starts=FOLLOWING,
        ),
        Step(
            name=VANISH, title=N_("已自行消除"), before=(_S.OPEN, _S.VERIFIED), after=_S.VANISHED, by=_BOTH,
            said=N_("{name}：{number} 已自行消除"), needs=N_("怎么消除的"), not_by=(OPEN,), hears=_MORE,
        ),
        Step(
            name=PLAN, title=N_("定措施"), before=_HELPED, after=None, by=_BOTH, starts=KEEP,
            said=N_("{name}给 {number} 定了帮扶措施"), needs=N_("做什么、谁来办、到哪天、答应了谁"), hears=_FEW,
        ),
        Step(
            name=KEPT, title=N_("措施已落实"), before=(*_HELPED, _S.PROPOSED), after=None, by=_BOTH, starts=KEEP,
            said=N_("{name}：{number} 的一项措施已落实"), hears=_FEW, when=(ONE_OPEN,),
        ),
        Step(
            name=BREAK, title=N_("措施没办成"), before=(*_HELPED, _S.PROPOSED), after=None, by=_BOTH, starts=KEEP,
            said=N_("{name}：{number} 的一项措施没办成"), needs=N_("第几项、原因"), hears=_MORE, when=(ONE_OPEN,),
        ),
        Step(
            name=FOLLOW_UP, title=N_("回访"), before=_HELPED, after=None, by=(By.TEAM,), starts=FOLLOWING,
            said=N_("{name}回访了 {number}"), needs=N_("现在怎么样"), hears=_FEW,
        ),
        Step(
            name=PROPOSE, title=N_("提请销号"), before=(_S.SUPPORTED,), after=_S.PROPOSED, by=(By.TEAM,),
            said=N_("{name}提请 {number} 销号"), needs=N_("成效、户主意见"), starts=STRIKING, hears=_FEW,
            when=(HAS_LABOUR, ALL_KEPT),
        ),
        Step(
            name=SECURE, title=N_("落实兜底"), before=(_S.SUPPORTED,), after=_S.SECURED, by=(By.MANAGER,),
            said=N_("{name}：{number} 已落实兜底，继续监测，不标注消除"), needs=N_("兜底措施"), starts=FOLLOWING,
            when=(NO_LABOUR,),
        ),
        Step(
            name=RETURN, title=N_("退回"), before=(_S.PROPOSED,), after=_S.SUPPORTED, by=(By.MANAGER,),
            said=N_("{name}退回 {number}，请继续帮扶"), needs=N_("原因"), starts=FOLLOWING,
        ),
        Step(
            name=STRIKE_OFF, title=N_("销号"), before=(_S.PROPOSED,), after=_S.STRUCK_OFF, by=(By.MANAGER,),
            said=N_("{name}给 {number} 销号"), needs=N_("核实情况"), not_by=(OPEN, PROPOSE),
        ),
        Step(
            name=SOLVE, title=N_("已解决"), before=(_S.ORDINARY,), after=_S.RESOLVED, by=(By.LEADER, By.MANAGER),
            said=N_("{name}：{number} 已解决"), needs=N_("成效、户主意见"), not_by=(ORDINARY,), when=(ALL_KEPT,),
        ),
        Step(
            name=NOT_NOW, title=N_("暂不具备条件"), before=(_S.ORDINARY,), after=_S.NOT_NOW, by=(By.MANAGER,),
            said=N_("{name}：{number} 暂不具备条件"), needs=N_("缺什么、什么时候再办"),
        ),
        Step(
            name=REOPEN, title=N_("重新打开"), before=(*_ENDS, _S.SECURED), after=_S.OPEN, by=_BOTH, starts=VERIFYING,
            said=N_("{name}重新打开了 {number}"), needs=N_("原因"), hears=_MORE,
        ),
        *referring.steps(
            (_S.OPEN, _S.VERIFIED, _S.PUBLISHED, *_HELPED),
            (_S.OPEN, _S.VERIFIED, _S.PUBLISHED, *_HELPED, _S.PROPOSED, *_ENDS),
        ),
        *timing.steps(
            (_S.OPEN, _S.VERIFIED, *_HELPED),
            (_S.OPEN, _S.VERIFIED, _S.PUBLISHED, *_HELPED, _S.PROPOSED),
        ),
    ),
    (
        Clock(name=VERIFYING, title=N_("核查"), ask=N_("请核查"), owes=By.LEADER, step=CONFIRM),
        Clock(name=DISCUSSING, title=N_("评议公示"), ask=N_("请组织评议公示"), owes=By.LEADER, step=PUBLISH),
        Clock(
            name=RECOGNISING, title=N_("认定"), ask=N_("公示期满后请认定"), owes=By.MANAGER, step=RECOGNISE,
            after=NOTICE,
        ),
        Clock(
            name=FOLLOWING, title=N_("回访"), ask=N_("请定措施、按期回访"), owes=By.TEAM, step=FOLLOW_UP, cadence=True
        ),
        Clock(name=STRIKING, title=N_("销号核实"), ask=N_("请核实销号"), owes=By.MANAGER, step=STRIKE_OFF),
    ),
)  # fmt: skip
"""Verifying is not by whoever reported it; recognising not by whoever verified; striking off not by whoever
proposed it. Households without labour are secured and stay watched: they are never marked as cleared."""
