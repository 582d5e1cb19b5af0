"""Who is acting, and who is a stranger."""

from datetime import timedelta

from storage import chats, identity, postings, roster
from storage.chats import ChatKind
from storage.people import Person, Role, TeamVillage
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here


def _account(here: Here, name: str, telegram_id: int) -> None:
    here.session.get_one(Person, here.person(name)).telegram_id = telegram_id
    here.session.flush()


def test_an_account_gives_its_person_with_the_opened_name(here: Here) -> None:
    _account(here, "王爱民", 1001)
    actor = identity.actor_of(here.session, 1001, NOW)
    assert actor is not None
    assert (actor.person_id, actor.name, actor.language) == (here.person("王爱民"), "王爱民", "zh")
    assert actor.team_id == here.team("一队")
    assert actor.villages == (PLACES[0],)


def test_an_unknown_account_is_a_stranger(here: Here) -> None:
    assert identity.actor_of(here.session, 4242, NOW) is None


def test_a_person_whose_posting_has_ended_is_a_stranger(here: Here) -> None:
    _account(here, "郑强", 1009)
    assert identity.actor_of(here.session, 1009, NOW) is None
    assert identity.actor_of(here.session, 1009, NOW - timedelta(days=2)) is not None


def test_the_default_village_comes_first(here: Here) -> None:
    here.session.add(TeamVillage(team_id=here.team("一队"), village=PLACES[3]))
    here.session.flush()
    assert here.actor("王爱民").villages == (PLACES[0], PLACES[3])
    roster.prefer(here.session, here.person("王爱民"), PLACES[3], NOW)
    assert here.actor("王爱民").villages == (PLACES[3], PLACES[0])


def test_a_default_village_the_team_has_left_opens_nothing(here: Here) -> None:
    roster.prefer(here.session, here.person("王爱民"), PLACES[2], NOW)
    assert here.actor("王爱民").villages == (PLACES[0],)


def test_roles_teams_and_regions_come_from_every_posting(here: Here) -> None:
    person = here.person("李明")
    postings.post(here.session, person, Role.SUPERVISOR, region="120114101", by=None, now=NOW)
    actor = here.actor("李明")
    assert actor.has(Role.LEADER)
    assert actor.has(Role.SUPERVISOR, Role.ADMIN)
    assert not actor.has(Role.ADMIN, Role.OFFICER)
    assert actor.teams() == (here.team("一队"),)
    assert actor.regions() == ("120114101",)
    assert actor.regions(Role.ADMIN) == ()


def test_an_officers_region_is_no_territory(here: Here) -> None:
    assert here.actor("吴敏").regions() == ()


def test_the_administrator_of_all_rules_everywhere(here: Here) -> None:
    assert here.actor("周正").regions() == ("",)


def test_a_private_chat_is_found_once_the_person_wrote(here: Here) -> None:
    assert identity.private_chat(here.session, 42, here.person("李明")) is None
    _account(here, "李明", 1002)
    assert identity.private_chat(here.session, 42, here.person("李明")) is None
    chat = chats.chat_of(here.session, 42, 1002)
    assert identity.private_chat(here.session, 42, here.person("李明")) == chat
    assert identity.private_chat(here.session, 43, here.person("李明")) is None


def test_a_chat_tells_its_account_and_actor(here: Here) -> None:
    _account(here, "李明", 1002)
    chat, other = chats.chat_of(here.session, 42, 1002), chats.chat_of(here.session, 42, 4242)
    telegram_id, actor = identity.of_chat(here.session, chat.id or 0, NOW)
    assert telegram_id == 1002
    assert actor is not None
    assert actor.name == "李明"
    assert identity.of_chat(here.session, other.id or 0, NOW) == (4242, None)


def test_administrators_are_those_posted_now_with_a_private_chat(here: Here) -> None:
    _account(here, "周正", 1005)
    assert identity.administrators(here.session, 42, NOW) == []
    chat = chats.chat_of(here.session, 42, 1005)
    chats.chat_of(here.session, 42, -100, kind=ChatKind.GROUP, title="群")
    [(person, found)] = identity.administrators(here.session, 42, NOW)
    assert (person.id, found) == (here.person("周正"), chat)
