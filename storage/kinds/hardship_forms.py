"""What the steps of a hardship case ask: small forms."""

from storage.forms import Choice, Date, Labelled, Number, Photos, Text
from storage.forms.ask import Ask
from storage.forms.detail import Step
from storage.kinds import hardship_life as life
from storage.kinds.hardship_life import LIFE
from storage.kinds.moving import form, referring_forms, timing_forms
from storage.kinds.rectification import RETURN, STRIKE_OFF
from storage.texts import N_


class MonitoredKind(Labelled):
    """三类户: what a household is recognised as."""

    UNSTABLE = "unstable", N_("脱贫不稳定户")
    EDGE = "edge", N_("边缘易致贫户")
    SUDDEN = "sudden", N_("突发严重困难户")


class Labour(Labelled):
    """Whether anybody of the household can work."""

    SOME = "some", N_("有劳动能力")
    NONE = "none", N_("整户无劳动能力")


class Opinion(Labelled):
    """What the household itself says about ending the help."""

    AGREES = "agrees", N_("户主认可")
    OBJECTS = "objects", N_("户主不认可")
    UNREACHED = "unreached", N_("没联系上")


class Course(Labelled):
    """How things go between two visits."""

    BETTER = "better", N_("好转")
    SAME = "same", N_("没有变化")
    WORSE = "worse", N_("变差")


def _photos(label: str, prompt: str) -> Photos:
    return Photos(label=label, prompt=prompt, optional=True)


_PROOF = _photos(N_("佐证照片"), N_("请发照片，可以一次选多张。"))
_RESULT = Text(label=N_("成效"), prompt=N_("困难怎么解决的？现在收入、保障怎么样？"))
_OPINION = Choice(label=N_("户主意见"), prompt=N_("回头问过户主了吗？户主怎么说？"), of=Opinion)

FORMS: dict[str, dict[str, Ask]] = {
    life.CONFIRM: {
        "findings": Text(label=N_("核实情况"), prompt=N_("怎么核实的？核实到什么？")),
        "proof": _PROOF,
    },
    life.DENY: {
        "reason": Text(
            label=N_("依据"),
            prompt=N_("凭什么说不属实？"),
            suggest=(N_("入户看过，情况不符"), N_("报重了")),
        ),
        "proof": _PROOF,
    },
    life.NOT_OURS: {
        "whose": Text(
            label=N_("归谁管"),
            prompt=N_("应该由谁来管？"),
            suggest=(N_("户籍不在本县"), N_("民政部门"), N_("住建部门")),
        ),
    },
    life.VANISH: {"reason": Text(label=N_("怎么消除的"), prompt=N_("困难是怎么消除的？"))},
    life.PUBLISH: {
        "opinion": Text(
            label=N_("评议情况"),
            prompt=N_("村里评议了吗？几个人参加，什么意见？"),
            suggest=(N_("评议通过，无不同意见"),),
        ),
        "notice": _photos(N_("公示照片"), N_("请发公示栏的照片。")),
    },
    life.OBJECT: {"reason": Text(label=N_("异议"), prompt=N_("谁对什么有异议？请不要写身份证号和电话。"))},
    life.RECOGNISE: {
        "monitored": Choice(label=N_("认定为"), prompt=N_("认定为哪一类？"), of=MonitoredKind),
        "labour": Choice(label=N_("劳动能力"), prompt=N_("这户有劳动能力吗？"), of=Labour),
    },
    life.ORDINARY: {
        "reason": Text(
            label=N_("理由"),
            prompt=N_("为什么不纳入监测？"),
            suggest=(N_("困难较轻，日常帮扶即可"), N_("临时困难，已在解决")),
        ),
    },
    life.PLAN: {
        "measure": Text(
            label=N_("做什么"),
            prompt=N_("要帮什么？"),
            suggest=(N_("申请临时救助"), N_("安排公益岗位"), N_("送医就诊"), N_("修缮住房")),
        ),
        "who": Text(
            label=N_("谁来办"), prompt=N_("由谁来办？"), suggest=(N_("工作队"), N_("村委会"), N_("镇民政办"))
        ),
        "until": Date(label=N_("到哪天"), prompt=N_("哪一天前办好？"), future=True, workdays=(5, 10, 20)),
        "whom": Text(
            label=N_("答应了谁"), prompt=N_("是当面答应谁的？"), optional=True, suggest=(N_("户主"),)
        ),
    },
    life.BREAK: {
        "which": Number(label=N_("第几项"), prompt=N_("第几项措施没办成？"), least=1, most=99),
        "reason": Text(label=N_("原因"), prompt=N_("为什么没办成？怎么跟户主说的？")),
    },
    life.FOLLOW_UP: {
        "course": Choice(label=N_("变化"), prompt=N_("比上次怎么样？"), of=Course),
        "findings": Text(
            label=N_("现在怎么样"), prompt=N_("现在怎么样？写一两句就行。"), suggest=(N_("措施都在落实"),)
        ),
        "proof": _PROOF,
    },
    life.PROPOSE: {"result": _RESULT, "opinion": _OPINION, "proof": _PROOF},
    life.SECURE: {
        "measure": Text(
            label=N_("兜底措施"),
            prompt=N_("落实了什么兜底保障？"),
            suggest=(N_("已纳入低保"), N_("已纳入特困供养"), N_("已发残疾补贴")),
        ),
    },
    RETURN: {
        "reason": Text(
            label=N_("退回原因"),
            prompt=N_("为什么退回？要补什么？"),
            suggest=(N_("困难还没有解决"), N_("请补佐证"), N_("请再问户主")),
        ),
    },
    STRIKE_OFF: {"reason": Text(label=N_("核实情况"), prompt=N_("怎么核实的？"), suggest=(N_("已核实"),))},
    life.SOLVE: {"result": _RESULT, "opinion": _OPINION, "proof": _PROOF},
    life.NOT_NOW: {"reason": Text(label=N_("缺什么"), prompt=N_("缺什么条件？什么时候再办？"))},
    life.REOPEN: {
        "reason": Text(
            label=N_("原因"), prompt=N_("为什么重新打开？"), suggest=(N_("困难又出现了"), N_("核实有误"))
        )
    },
}

_DONE = {
    life.CONFIRM: (N_("✓ 已核实：属实"), N_("下一步：组织评议、公示。")),
    life.DENY: (N_("✓ 已办结：不属实"), N_("已告诉上报人；以后可以重新打开。")),
    life.NOT_OURS: (N_("✓ 已办结：不归这里管"), N_("已告诉上报人；以后可以重新打开。")),
    life.VANISH: (N_("✓ 已办结：自行消除"), N_("已告诉上报人；以后可以重新打开。")),
    life.PUBLISH: (N_("✓ 已公示"), N_("公示内容另发给您，可以张贴。公示期满由管理组认定。")),
    life.OBJECT: (N_("✓ 已记下异议"), N_("退回重新核实。")),
    life.RECOGNISE: (N_("✓ 已认定"), N_("工作队会定措施、按期回访。")),
    life.ORDINARY: (N_("✓ 已定为一般帮扶"), N_("工作队会定措施、按期回访。")),
    life.PLAN: (N_("✓ 措施已记下"), N_("销号前要逐项交代。")),
    life.BREAK: (N_("✓ 已记下"), N_("这一项已经有了交代。")),
    life.FOLLOW_UP: (N_("✓ 已回访"), N_("下一次回访的日期重新计算。")),
    life.PROPOSE: (N_("✓ 已提请销号"), N_("由管理组另一个人核实后销号，结果会告诉您。")),
    life.SECURE: (N_("✓ 已落实兜底"), N_("继续监测和回访，不标注消除。")),
    RETURN: (N_("✓ 已退回"), N_("已告诉工作队继续帮扶。")),
    STRIKE_OFF: (N_("✓ 已销号"), N_("已告诉工作队；困难再出现可以重新打开。")),
    life.SOLVE: (N_("✓ 已办结：已解决"), N_("困难再出现可以重新打开。")),
    life.NOT_NOW: (N_("✓ 已办结：暂不具备条件"), N_("条件具备了可以重新打开。")),
    life.REOPEN: (N_("✓ 已重新打开"), N_("以前的经过都还在；从核查重新开始。")),
}

STEPS: dict[str, Step] = {
    **{name: form(LIFE, name, asks, *_DONE[name]) for name, asks in FORMS.items()},
    **referring_forms(LIFE),
    **timing_forms(LIFE),
}
