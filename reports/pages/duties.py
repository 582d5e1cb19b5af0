"""What a region asks of each person a week, and what policy mode has turned on there. For administrators."""

from datetime import date

import htpy as h
from htpy import Node, Renderable

from reports.pages.asked import Answer, Asked
from reports.pages.frame import marked, page, table
from reports.pages.rules import changing, chooser, region_of, tabs
from reports.switches import place
from storage import county, policy, roster
from storage.duty_rules import MOST, DutyRules
from storage.people import Role
from storage.policy import LONGEST, MEANS, Policy, PolicySwitch
from storage.postings import TEAM_ROLES
from storage.scope import administers
from storage.texts import _


def duties(asked: Asked) -> Answer:
    """How many visits, and whether a line a day; who asked for it, by which paper."""
    code = region_of(asked)
    rules, today = DutyRules(asked.session), county.today(asked.session, asked.now)
    heads = [_("角色"), _("每周走访"), _("每天一条"), _("谁要求"), _("依据"), _("从哪天起")]
    return page(
        asked,
        _("应办"),
        tabs(asked, "duties"),
        chooser(asked, code, "duties"),
        h.p(".note")[
            _("每条要求都算进减负：谁要求的、依据什么，队员看得到。定了不改，只由以后的一条接替；过去的周按当时的规定。")
        ],
        table(heads, [_duty(rules, code, role, today) for role in (Role.MEMBER, Role.LEADER)], empty=""),
        h.section(".block.no-print")[
            h.h2[_("定一条应办")], changing(asked, "duties", code, _duty_fields(str(today)))
        ],
        here="/settings",
    )  # fmt: skip


def _duty(rules: DutyRules, code: str, role: Role, today: date) -> list[Node]:
    rule, title = rules.of(code, role, today), _(roster.ROLES[role])
    if rule is None:
        return [title, _("全队一次"), "—", _("默认"), "", ""]
    daily = _("要") if rule.daily else "—"
    return [title, str(rule.visits), daily, rule.asked_by, rule.basis or "", str(rule.since)]


def _duty_fields(today: str) -> list[Renderable]:
    roles = [("", _("队员和队长")), *((role.value, _(roster.ROLES[role])) for role in TEAM_ROLES)]
    return [
        h.label[_("对谁"), h.select(name="role")[(h.option(value=value)[said] for value, said in roles)]],
        h.label[
            _("每人每周走访几次（0 是不要求）"),
            h.input(type="number", name="visits", min="0", max=str(MOST), required=True),
        ],
        h.label(".line")[h.input(type="checkbox", name="daily", value="1"), _("每个工作日要有一条记录")],
        h.label[
            _("哪个单位要求的"), h.input(name="asked_by", required=True, maxlength="60", autocomplete="off")
        ],
        h.label(".wide")[_("依据的文件"), h.input(name="basis", maxlength="200", autocomplete="off")],
        h.label[_("从哪天起"), h.input(type="date", name="since", value=today, min=today, required=True)],
    ]


def switches(asked: Asked) -> Answer:
    """What is on there or around, and the form that turns something on."""
    code = region_of(asked)
    found = policy.on(asked.session, [code], asked.now)
    heads = [_("区域"), _("打开的"), _("原因"), _("批准人"), _("到哪天为止"), ""]
    return page(
        asked,
        _("政策开关"),
        tabs(asked, "policy"),
        chooser(asked, code, "policy"),
        h.p(".note")[
            _("平时都关着：不定位打卡，不按人排名，不在群里点名，不强制照片。打开要写原因、批准人和最后一天，每个队员都会收到。")
        ],
        table(heads, [_switch(asked, one) for one in found], empty=_("现在没有打开的政策开关。")),
        h.section(".block.no-print")[
            h.h2[_("打开一项")],
            h.dl(".answers")[(h.div[h.dt[_(one.label)], h.dd[_(MEANS[one])]] for one in Policy)],
            _turning_on(asked, code),
        ],
        here="/settings",
    )  # fmt: skip


def _switch(asked: Asked, one: PolicySwitch) -> list[Node]:
    what = _(policy.NAMES[one.policy].label)
    return [
        place(asked.session, one),
        what,
        one.reason,
        one.approver,
        str(one.until),
        _turning_off(asked, one),
    ]


def _turning_off(asked: Asked, one: PolicySwitch) -> Node:
    if not administers(asked.actor, one.region):
        return None
    return h.form(method="post", action=asked.path("policy", one.id, "off"))[
        marked(asked), h.button(".stop")[_("关闭")]
    ]


def _turning_on(asked: Asked, code: str) -> Renderable:
    choices = [(one.value, _(one.label)) for one in Policy]
    fields: list[Renderable] = [
        h.label[
            _("哪一项"), h.select(name="policy")[(h.option(value=value)[said] for value, said in choices)]
        ],
        h.label(".wide")[
            _("原因（队员看得到）"),
            h.input(name="why", required=True, maxlength=str(LONGEST), autocomplete="off"),
        ],
        h.label[
            _("批准人（队员看得到）"),
            h.input(name="approver", required=True, maxlength="60", autocomplete="off"),
        ],
        h.label[
            _("到哪天为止，最长一年"),
            h.input(
                type="date", name="until", required=True, min=str(county.today(asked.session, asked.now))
            ),
        ],
    ]
    return changing(asked, "policy", code, fields)
