"""The choices that /invite offers."""

import pytest
from sqlmodel import select

from storage import chats, inviting, letters, postings
from storage.letters import Letter
from storage.people import Role, Team
from tests.storage.asking import NOW
from tests.storage.county import Here


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("李明", (Role.MEMBER, Role.LEADER)),
        ("周正", (Role.MEMBER, Role.LEADER, Role.SUPERVISOR, Role.ADMIN)),
        ("王爱民", ()),
        ("孙丽", ()),
        ("吴敏", ()),
    ],
)
def test_roles_one_may_give(here: Here, name: str, roles: tuple[Role, ...]) -> None:
    assert inviting.roles(here.actor(name)) == roles


@pytest.mark.parametrize(
    ("name", "teams"), [("李明", {"一队"}), ("周正", {"一队", "二队", "三队"}), ("孙丽", set())]
)
def test_teams_one_may_invite_into(here: Here, name: str, teams: set[str]) -> None:
    assert {one for _id, one in inviting.teams(here.session, here.actor(name))} == teams


def test_an_ended_team_is_not_offered(here: Here) -> None:
    here.session.get_one(Team, here.team("一队")).ended_at = NOW
    here.session.flush()
    assert inviting.teams(here.session, here.actor("李明")) == []


def test_territories_are_counties_and_towns_one_administers(here: Here) -> None:
    assert [code for code, _name in inviting.territories(here.session, here.actor("周正"))] == [
        "120114",
        "120114001",
        "120114101",
    ]
    postings.post(here.session, here.person("吴敏"), Role.ADMIN, region="120114101", by=None, now=NOW)
    assert inviting.territories(here.session, here.actor("吴敏")) == [("120114101", "梅厂镇")]
    assert inviting.territories(here.session, here.actor("孙丽")) == []


def test_the_picture_is_said_once_for_its_key(here: Here) -> None:
    chat = chats.chat_of(here.session, 42, 1001)
    for _again in range(2):
        inviting.send_picture(here.session, chat.id or 0, "a" * 64, "扫码", key="qr:1", now=NOW)
    [letter] = here.session.exec(select(Letter)).all()
    assert letter.method == "sendPhoto"
    assert letters.payload_of(here.session, letter)["photo"] == {"$file": "a" * 64, "name": "invitation.png"}
