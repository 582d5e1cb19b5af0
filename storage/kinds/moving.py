"""The forms of a life's steps, as entries of a kind. What they do is in storage/stepping.py, which reads the
kinds, so it is imported when one is taken, not above."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from storage import timing
from storage.draft import Draft
from storage.forms.ask import Ask
from storage.forms.detail import Step
from storage.identity import Actor
from storage.kinds import referring
from storage.report import Report
from storage.texts import N_
from storage.workflow import Workflow


def _hand_in(session: Session, draft: Draft, actor: Actor, now: datetime) -> Report:
    from storage import stepping

    return stepping.hand_in(session, draft, actor, now)


def _about(session: Session, report: Report) -> list[str]:
    from storage import casework

    return casework.about(session, report)


def begin(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """One was sent: its first clock starts, and those who owe are told."""
    from storage import stepping

    stepping.begin_life(session, report, actor, now)


def form(
    life: Workflow, name: str, asks: Mapping[str, Ask], done: str, follows: str = "", *, carries: bool = False
) -> Step:
    """The form of that step; `done` heads its receipt, `follows` says what happens now (message ids)."""
    return Step(
        title=life.step(name).title, asks=asks, hand_in=_hand_in, next=follows, done=done, about=_about,
        carries=carries,
    )  # fmt: skip


def _referred(session: Session, report: Report) -> list[str]:
    from storage import referral_letters

    return referral_letters.about(session, report)


def referring_forms(life: Workflow) -> dict[str, Step]:
    """The forms of a referral: that of asking, and those in which departments answer."""
    made = {name: form(life, name, asks, *referring.DONE[name]) for name, asks in referring.FORMS.items()}
    return {
        name: replace(one, outside=True, about=_referred) if name in referring.ANSWERS else one
        for name, one in made.items()
    }


def timing_forms(life: Workflow) -> dict[str, Step]:
    """The forms of the steps about a clock."""
    return {
        timing.ASK_TIME: form(
            life, timing.ASK_TIME, timing.TIME, N_("✓ 已申请延期"),
            N_("管理组决定前，原来的期限照算。结果会告诉您。"),
        ),
        timing.DENY_TIME: form(life, timing.DENY_TIME, timing.DENIAL, N_("✓ 已答复"), N_("已告诉工作队，期限不变。")),
        timing.PAUSE: form(
            life, timing.PAUSE, timing.PAUSING, N_("✓ 已暂停计时"), N_("恢复后，剩下的天数接着算。")
        ),
    }  # fmt: skip
