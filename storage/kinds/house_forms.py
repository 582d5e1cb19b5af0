"""What the steps of a dangerous house ask: small forms."""

from storage.forms import Choice, Labelled, Photos, Text
from storage.forms.ask import Ask
from storage.forms.detail import Step
from storage.kinds import house_life as life
from storage.kinds.house_life import LIFE
from storage.kinds.moving import form, referring_forms, timing_forms
from storage.kinds.rectification import RETURN
from storage.texts import N_


class Unsafe(Labelled):
    """危险性鉴定: part of the house is in danger, or all of it (JGJ/T 363)."""

    C = "c", N_("C 级（局部危险）")
    D = "d", N_("D 级（整幢危险）")


class Sound(Labelled):
    """The same: nothing, or single members that do not matter to the whole."""

    A = "a", N_("A 级（安全）")
    B = "b", N_("B 级（基本安全）")


class Way(Labelled):
    """How a house was made safe."""

    MENDED = "mended", N_("修缮加固")
    REBUILT = "rebuilt", N_("拆除重建")
    MOVED = "moved", N_("搬进新房")
    LEFT = "left", N_("不再住人")


_PHOTOS = Photos(label=N_("佐证照片"), prompt=N_("请发照片，可以一次选多张。"), optional=True)
_BY = Text(
    label=N_("鉴定单位"), prompt=N_("哪个单位鉴定的？"), suggest=(N_("县住建局"), N_("第三方鉴定机构"))
)
_WHERE = (N_("亲戚家"), N_("村里周转房"), N_("敬老院"), N_("租房"))

FORMS: dict[str, dict[str, Ask]] = {
    life.REPORT_UP: {
        "whom": Text(label=N_("报给谁"), prompt=N_("报给了谁？"), suggest=(N_("镇政府"), N_("县住建局"))),
        "measure": Text(
            label=N_("采取的措施"),
            prompt=N_("已经采取了什么措施？"),
            suggest=(N_("人已劝离"), N_("已拉警戒线"), N_("还没有")),
        ),
    },
    life.DENY: {
        "reason": Text(
            label=N_("依据"), prompt=N_("凭什么说不属实？"), suggest=(N_("入户看过，没有险情"), N_("报重了"))
        ),
        "proof": _PHOTOS,
    },
    life.APPRAISE: {
        "level": Choice(label=N_("等级"), prompt=N_("鉴定为哪一级？"), of=Unsafe),
        "appraiser": _BY,
        "paper": _PHOTOS,
    },
    life.SAFE: {
        "level": Choice(label=N_("等级"), prompt=N_("鉴定为哪一级？"), of=Sound),
        "appraiser": _BY,
        "paper": _PHOTOS,
    },
    life.REHOUSE: {
        "where": Text(label=N_("住到哪里"), prompt=N_("人住到哪里去了？都搬出来了吗？"), suggest=_WHERE),
        "proof": _PHOTOS,
    },
    life.REBUILD: {
        "way": Choice(label=N_("改造方式"), prompt=N_("怎么改造的？"), of=Way),
        "result": Text(label=N_("改造情况"), prompt=N_("改造成什么样了？写一两句就行。")),
        "after": Photos(label=N_("改造后照片"), prompt=N_("请发改造后的照片。"), optional=True),
    },
    life.PASS: {
        "reason": Text(label=N_("核实情况"), prompt=N_("怎么核实的？"), suggest=(N_("到现场看过，合格"),))
    },
    RETURN: {
        "reason": Text(
            label=N_("退回原因"), prompt=N_("为什么退回？要补什么？"), suggest=(N_("还没有改造到位"),)
        )
    },
    life.LEFT: {
        "where": Text(label=N_("搬到哪里"), prompt=N_("人搬到哪里去了？都搬出来了吗？"), suggest=_WHERE)
    },
    life.SLEEPS: {
        "who": Text(
            label=N_("谁住在里面"), prompt=N_("今晚谁住在里面？发送后马上告警。"), suggest=(N_("户主一家"),)
        )
    },
    life.REOPEN: {
        "reason": Text(
            label=N_("原因"), prompt=N_("为什么重新打开？"), suggest=(N_("险情又出现了"), N_("核实有误"))
        )
    },
}

_DONE = {
    life.REPORT_UP: (N_("✓ 已上报"), N_("由管理组组织鉴定，结果会告诉您。")),
    life.DENY: (N_("✓ 已办结：不属实"), N_("已告诉上报人；以后可以重新打开。")),
    life.APPRAISE: (N_("✓ 已登记：危房"), N_("已请工作队安置住户。")),
    life.SAFE: (N_("✓ 已办结：鉴定为安全"), N_("已告诉工作队；险情再出现可以重新打开。")),
    life.REHOUSE: (N_("✓ 已安置"), N_("接下来组织改造。有人又住回去，请点“今晚有人住”。")),
    life.REBUILD: (N_("✓ 已提请验收"), N_("由管理组验收，结果会告诉您。")),
    life.PASS: (N_("✓ 验收合格"), N_("这一户的危房办结了，已告诉工作队。")),
    RETURN: (N_("✓ 已退回"), N_("已告诉工作队继续改造。")),
    life.LEFT: (N_("✓ 已记下：人已搬出"), N_("告警停止。有人又住回去，请点“今晚有人住”。")),
    life.SLEEPS: (N_("✓ 已告警"), N_("有人接警会告诉您；没人接就一直告警。")),
    life.REOPEN: (N_("✓ 已重新打开"), N_("以前的经过都还在；从上报重新开始。")),
}

STEPS: dict[str, Step] = {
    **{name: form(LIFE, name, asks, *_DONE[name]) for name, asks in FORMS.items()},
    **referring_forms(LIFE),
    **timing_forms(LIFE),
}
