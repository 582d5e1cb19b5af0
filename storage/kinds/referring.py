"""Referral (一方申请多方对接): a case goes to several departments at once, each answers by itself. The steps and forms
are the same in every life that has them."""

from storage.forms import Choice, Labelled, Text
from storage.forms.ask import Ask
from storage.report import ReportState
from storage.texts import N_
from storage.workflow import KEEP, By, Step

REFER, TAKE_ON, CANNOT, GIVEN = "refer", "take_on", "cannot", "given"
ANSWERS = frozenset({TAKE_ON, CANNOT, GIVEN})
REFERRING = "refer"
"""The clock of each department; it runs beside the case's own."""


class Department(Labelled):
    """部门. An officer's posting names one of them: 民政局, 县医保局."""

    CIVIL = "civil", N_("民政")
    MEDICAL = "medical", N_("医保")
    HEALTH = "health", N_("卫健")
    HOUSING = "housing", N_("住建")
    SCHOOLING = "schooling", N_("教育")
    WORK = "work", N_("人社")
    WATER = "water", N_("水务")
    FARMING = "farming", N_("农业农村")
    DISABLED = "disabled", N_("残联")
    WOMEN = "women", N_("妇联")


class Consent(Labelled):
    """What the household said to its data going to departments. Without consent nothing goes."""

    MET = "met", N_("户主当面同意")
    PHONE = "phone", N_("户主电话同意")
    FAMILY = "family", N_("监护人或家属同意")
    REFUSED = "refused", N_("户主不同意")


def department(value: str) -> Department:
    return {one.value: one for one in Department}[value]


def consent(value: str) -> Consent:
    return {one.value: one for one in Consent}[value]


FORMS: dict[str, dict[str, Ask]] = {
    REFER: {
        "departments": Choice(label=N_("部门"), prompt=N_("转给哪些部门？"), of=Department, many=True),
        "what": Text(
            label=N_("要解决什么"), prompt=N_("请部门解决什么？只写办这件事需要的，部门看得到这一句。")
        ),
        "consent": Choice(
            label=N_("户主意见"), prompt=N_("户主同意把姓名和困难告诉这些部门吗？"), of=Consent
        ),
    },
    CANNOT: {
        "reason": Text(
            label=N_("不能办的原因"),
            prompt=N_("为什么不能办？"),
            suggest=(N_("不符合政策条件"), N_("不归本部门管"), N_("已经享受同类政策"), N_("材料不全，请补")),
        )
    },
    GIVEN: {"what": Text(label=N_("给了什么"), prompt=N_("办了什么？给了多少？写一两句就行。"))},
}
DONE = {
    REFER: (N_("✓ 已转给各部门"), N_("各部门分别计时；都答复了会一次告诉您。")),
    CANNOT: (N_("✓ 已答复：不能办"), N_("已记下，上报人会看到。")),
    GIVEN: (N_("✓ 已答复：办了"), N_("已记下，上报人会看到。")),
}


def steps(begun: tuple[ReportState, ...], answered: tuple[ReportState, ...]) -> tuple[Step, ...]:
    """Rows for a table: the states in which a case may be referred, and those in which departments may answer."""

    def answer(name: str, title: str, said: str, needs: str = "") -> Step:
        return Step(
            name=name, title=title, before=answered, after=None, by=(By.OFFICER,), said=said, needs=needs,
            starts=KEEP, hears=(), beside=True,
        )  # fmt: skip

    return (
        Step(
            name=REFER, title=N_("转办部门"), before=begun, after=None, by=(By.TEAM, By.MANAGER), starts=KEEP,
            said=N_("{name}把 {number} 转给了部门"), needs=N_("哪些部门、要解决什么、户主是否同意"),
            hears=(By.LEADER, By.AUTHOR),
        ),
        answer(TAKE_ON, N_("接办"), N_("{name}接办了 {number}")),
        answer(CANNOT, N_("不能办"), N_("{name}：{number} 不能办"), N_("原因")),
        answer(GIVEN, N_("已办结"), N_("{name}办结了 {number} 的转办"), N_("给了什么")),
    )  # fmt: skip
