"""Links: how long they are good, for whom, and who may make them."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from storage import bots, invitations, postings
from storage.invitations import Invitation
from storage.people import Role
from storage.refusals import NotYours, Refusal
from tests.storage.asking import NOW
from tests.storage.county import Here


def _make(here: Here, role: Role = Role.MEMBER, **more: object) -> str:
    facts = {"team_id": here.team("一队"), "by": None, "now": NOW} | more
    return invitations.make(here.session, role, **facts)  # type: ignore[arg-type]  # facts of several types


def _refused(here: Here, token: str, days: float = 0) -> str:
    with pytest.raises(Refusal) as refused:
        invitations.opened(here.session, token, NOW + timedelta(days=days))
    assert "队长或管理员" in refused.value.sentence
    return refused.value.sentence


def test_a_token_is_fit_for_a_link_and_kept_as_a_hash(here: Here) -> None:
    token = _make(here)
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", token)
    [row] = here.session.exec(select(Invitation)).all()
    assert token.encode() not in row.token_hash
    assert here.journaled(f"invitation:{row.id}") == ["invitation.make"]
    assert token != _make(here)


def test_a_good_token_opens_its_invitation(here: Here) -> None:
    invitation = invitations.opened(here.session, _make(here), NOW)
    assert (invitation.role, invitation.team_id, invitation.region) == (Role.MEMBER, here.team("一队"), None)


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "' or 1=1 --"])
def test_a_forged_token_opens_nothing(here: Here, token: str) -> None:
    _make(here)
    assert "无效" in _refused(here, token)


def test_a_token_is_case_sensitive(here: Here) -> None:
    token = _make(here)
    assert "无效" in _refused(here, token.swapcase())


def test_a_token_expires(here: Here) -> None:
    token = _make(here, valid=timedelta(days=2))
    invitations.opened(here.session, token, NOW + timedelta(days=2, seconds=-1))
    assert "过期" in _refused(here, token, days=2)


def test_a_token_is_used_up(here: Here) -> None:
    token = _make(here, uses=2)
    invitation = invitations.opened(here.session, token, NOW)
    for name in ("王爱民", "李明"):
        invitations.use(here.session, invitations.opened(here.session, token, NOW), here.person(name), NOW)
    assert "用完" in _refused(here, token)
    assert here.journaled(f"invitation:{invitation.id}")[1:] == ["invitation.use", "invitation.use"]


def test_a_revoked_token_is_dead(here: Here) -> None:
    token = _make(here)
    invitation = invitations.opened(here.session, token, NOW)
    for _again in range(2):
        invitations.revoke(here.session, invitation.id or 0, by=None, now=NOW)
    assert "作废" in _refused(here, token)
    assert here.journaled(f"invitation:{invitation.id}") == ["invitation.make", "invitation.revoke"]
    with pytest.raises(Refusal):
        invitations.revoke(here.session, 999, by=None, now=NOW)


def test_a_token_dies_with_its_makers_right(here: Here) -> None:
    token = _make(here, by=here.person("李明"))
    invitations.opened(here.session, token, NOW)
    [posting] = postings.active(here.session, here.person("李明"), NOW)
    postings.end_posting(here.session, posting.id or 0, by=None, now=NOW)
    assert "作废" in _refused(here, token)


@pytest.mark.parametrize(("uses", "days"), [(0, 7), (101, 7), (1, 0), (1, 91), (-1, 7)])
def test_uses_and_days_have_bounds(here: Here, uses: int, days: int) -> None:
    with pytest.raises(Refusal):
        _make(here, uses=uses, valid=timedelta(days=days))


@pytest.mark.parametrize(
    ("role", "team", "region"),
    [(Role.MEMBER, False, "120114"), (Role.SUPERVISOR, True, None), (Role.OFFICER, True, None)],
)
def test_a_role_needs_its_place(here: Here, role: Role, team: bool, region: str | None) -> None:
    with pytest.raises(Refusal):
        _make(here, role, team_id=here.team("一队") if team else None, region=region)


MAY = [
    ("李明", Role.MEMBER, "一队", None, True),
    ("李明", Role.LEADER, "一队", None, True),
    ("李明", Role.MEMBER, "二队", None, False),
    ("李明", Role.SUPERVISOR, None, "120114001", False),
    ("李明", Role.ADMIN, None, None, False),
    ("王爱民", Role.MEMBER, "一队", None, False),
    ("孙丽", Role.MEMBER, "一队", None, False),
    ("周正", Role.MEMBER, "二队", None, True),
    ("周正", Role.ADMIN, None, None, True),
    ("周正", Role.SUPERVISOR, None, "120114", True),
    ("吴敏", Role.OFFICER, None, "120114", False),
]


@pytest.mark.parametrize(("name", "role", "team", "region", "may"), MAY)
def test_who_may_invite_whom(
    here: Here, name: str, role: Role, team: str | None, region: str | None, may: bool
) -> None:
    team_id = here.team(team) if team else None
    assert invitations.may_invite(here.session, here.actor(name), role, team_id, region) is may


def test_a_county_administrator_makes_none_of_everywhere(here: Here) -> None:
    postings.post(here.session, here.person("吴敏"), Role.ADMIN, region="120114", by=None, now=NOW)
    actor = here.actor("吴敏")
    assert invitations.may_invite(here.session, actor, Role.ADMIN, None, "120114101")
    assert not invitations.may_invite(here.session, actor, Role.ADMIN, None, None)


@pytest.mark.parametrize(
    ("name", "person", "may"),
    [
        ("李明", "王爱民", True),
        ("李明", "赵建国", False),
        ("李明", "周正", False),
        ("李明", "郑强", False),
        ("周正", "赵建国", True),
        ("周正", "孙丽", True),
        ("孙丽", "王爱民", False),
        ("王爱民", "李明", False),
    ],
)
def test_who_may_rebind_whom(here: Here, name: str, person: str, may: bool) -> None:
    assert invitations.may_rebind(here.session, here.actor(name), here.person(person), NOW) is may


def test_a_member_with_higher_rights_is_not_rebound_by_the_leader(here: Here) -> None:
    postings.post(here.session, here.person("王爱民"), Role.ADMIN, region="120114", by=None, now=NOW)
    assert not invitations.may_rebind(here.session, here.actor("李明"), here.person("王爱民"), NOW)


def test_a_claim_ends_the_older_ones_of_that_person(here: Here) -> None:
    person = here.person("王爱民")
    first = invitations.make_claim(here.session, person, by=None, now=NOW)
    other = invitations.make_claim(here.session, here.person("李明"), by=None, now=NOW)
    second = invitations.make_claim(here.session, person, by=None, now=NOW)
    assert "作废" in _refused(here, first)
    claim = invitations.opened(here.session, second, NOW)
    assert (claim.person_id, claim.uses) == (person, 1)
    assert invitations.open_claims(here.session, person, NOW) == [claim]
    invitations.opened(here.session, other, NOW)


def test_revoking_belongs_to_the_maker_and_the_administrator(here: Here) -> None:
    token = _make(here, by=here.person("李明"))
    number = invitations.opened(here.session, token, NOW).id or 0
    for name in ("王爱民", "赵建国", "孙丽"):
        with pytest.raises(NotYours):
            invitations.revoke_own(here.session, here.actor(name), number, NOW)
    invitations.revoke_own(here.session, here.actor("周正"), number, NOW)
    assert "作废" in _refused(here, token)
    with pytest.raises(NotYours):
        invitations.revoke_own(here.session, here.actor("周正"), 999, NOW)


def test_only_what_works_is_listed_newest_first(here: Here) -> None:
    good, spent = _make(here, uses=2), _make(here)
    _make(here, valid=timedelta(days=1), now=NOW - timedelta(days=3))
    newest = _make(here)
    invitations.use(here.session, invitations.opened(here.session, spent, NOW), here.person("李明"), NOW)
    wanted = [invitations.opened(here.session, token, NOW).id for token in (newest, good)]
    assert [one.id for one in invitations.working(here.session, NOW)] == wanted


def test_a_link_needs_the_bots_name(here: Here) -> None:
    with pytest.raises(Refusal) as refused:
        invitations.link(here.session, None, "abc")
    assert "zhucun run" in refused.value.sentence
    bots.remember(here.session, 42, "demo_bot")
    assert invitations.link(here.session, 42, "abc") == "https://t.me/demo_bot?start=abc"
    assert invitations.link(here.session, None, "abc") == "https://t.me/demo_bot?start=abc"
