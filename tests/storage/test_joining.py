"""What opening and confirming an invitation does."""

from datetime import timedelta

import pytest

from storage import chats, identity, invitations, joining, names, postings, roster
from storage.chats import Chat, ChatKind
from storage.people import Person, Role
from storage.refusals import Gone, Refusal
from tests.storage.asking import NOW
from tests.storage.county import Here

ACCOUNT = 501


@pytest.fixture
def chat(here: Here) -> Chat:
    return chats.chat_of(here.session, 42, ACCOUNT)


def _open(here: Here, chat: Chat, **more: object) -> None:
    facts = {"team_id": here.team("一队"), "by": here.person("李明"), "now": NOW} | more
    token = invitations.make(here.session, Role.MEMBER, **facts)  # type: ignore[arg-type]  # of several types
    joining.open_token(here.session, chat.id or 0, token, NOW)


def _accept(here: Here, chat: Chat, name: str | None = "冯小军") -> joining.Joined:
    return joining.accept(here.session, chat, chat.telegram_id, name, NOW)


def test_a_newcomer_is_made_and_posted(here: Here, chat: Chat) -> None:
    _open(here, chat)
    joined = _accept(here, chat)
    actor = identity.actor_of(here.session, ACCOUNT, NOW)
    assert actor is not None
    assert (actor.person_id, actor.name, actor.teams(Role.MEMBER)) == (
        joined.person_id,
        "冯小军",
        (here.team("一队"),),
    )
    assert (joined.invited_by, joined.claim, joined.former) == (here.person("李明"), False, None)
    assert here.journaled(f"person:{joined.person_id}") == ["person.add", "posting.begin"]


def test_a_use_is_counted_and_the_screen_cleared(here: Here, chat: Chat) -> None:
    _open(here, chat)
    invitation = joining.on_screen(here.session, chat.id or 0)
    assert invitation is not None
    _accept(here, chat)
    assert invitation.used == 1
    assert joining.on_screen(here.session, chat.id or 0) is None
    with pytest.raises(Gone):
        _accept(here, chat)


def test_the_last_opened_invitation_counts(here: Here, chat: Chat) -> None:
    _open(here, chat)
    _open(here, chat, team_id=here.team("二队"), by=None)
    _accept(here, chat)
    actor = identity.actor_of(here.session, ACCOUNT, NOW)
    assert actor is not None
    assert actor.teams() == (here.team("二队"),)


def test_nothing_on_the_screen_gives_nothing(here: Here, chat: Chat) -> None:
    with pytest.raises(Gone):
        _accept(here, chat)
    joining.close(here.session, chat.id or 0)
    assert roster.by_telegram(here.session, ACCOUNT) is None


@pytest.mark.parametrize("name", ["", None, "123", "李" * 41])
def test_an_impossible_name_is_refused(here: Here, chat: Chat, name: str | None) -> None:
    _open(here, chat)
    with pytest.raises(Refusal):
        _accept(here, chat, name)
    assert roster.by_telegram(here.session, ACCOUNT) is None


def test_it_is_judged_again_when_it_is_confirmed(here: Here, chat: Chat) -> None:
    _open(here, chat, valid=timedelta(days=1))
    with pytest.raises(Refusal) as refused:
        joining.accept(here.session, chat, ACCOUNT, "冯小军", NOW + timedelta(days=1))
    assert "过期" in refused.value.sentence


def test_somebody_who_is_here_keeps_the_name(here: Here) -> None:
    person = here.session.get_one(Person, here.person("赵建国"))
    person.telegram_id = ACCOUNT
    chat = chats.chat_of(here.session, 42, ACCOUNT)
    _open(here, chat)
    assert _accept(here, chat, "另一个").person_id == person.id
    assert names.full(here.session, person.id or 0) == "赵建国"
    assert len(postings.active(here.session, person.id or 0, NOW)) == 2


def test_somebody_whose_posting_ended_comes_back_as_the_same_person(here: Here) -> None:
    person = here.session.get_one(Person, here.person("郑强"))
    person.telegram_id = ACCOUNT
    chat = chats.chat_of(here.session, 42, ACCOUNT)
    _open(here, chat)
    assert _accept(here, chat, None).person_id == person.id
    assert here.actor("郑强").teams() == (here.team("一队"),)


def test_whoever_is_in_already_uses_nothing_up(here: Here) -> None:
    here.session.get_one(Person, here.person("王爱民")).telegram_id = ACCOUNT
    chat = chats.chat_of(here.session, 42, ACCOUNT)
    _open(here, chat)
    with pytest.raises(Refusal), here.session.begin_nested():
        _accept(here, chat)
    invitation = joining.on_screen(here.session, chat.id or 0)
    assert invitation is not None
    assert invitation.used == 0


def _claim(here: Here, chat: Chat, name: str = "王爱民") -> None:
    token = invitations.make_claim(here.session, here.person(name), by=here.person("李明"), now=NOW)
    joining.open_token(here.session, chat.id or 0, token, NOW)


def test_a_claim_gives_the_account_to_whoever_opens_it(here: Here, chat: Chat) -> None:
    _claim(here, chat)
    joined = _accept(here, chat, None)
    assert (joined.person_id, joined.claim, joined.former) == (here.person("王爱民"), True, None)
    actor = identity.actor_of(here.session, ACCOUNT, NOW)
    assert actor is not None
    assert actor.name == "王爱民"


def test_a_claim_takes_the_rights_from_the_former_account(here: Here, chat: Chat) -> None:
    here.session.get_one(Person, here.person("王爱民")).telegram_id = 500
    old = chats.chat_of(here.session, 42, 500)
    chats.chat_of(here.session, 42, -500, kind=ChatKind.GROUP)
    _claim(here, chat)
    joined = _accept(here, chat, None)
    assert joined.former == 500
    assert identity.actor_of(here.session, 500, NOW) is None
    assert joining.chats_of_account(here.session, 500) == [old]


def test_a_claim_on_the_same_account_tells_nobody(here: Here, chat: Chat) -> None:
    here.session.get_one(Person, here.person("王爱民")).telegram_id = ACCOUNT
    _claim(here, chat)
    assert _accept(here, chat, None).former is None


def test_an_account_of_another_person_cannot_claim(here: Here, chat: Chat) -> None:
    here.session.get_one(Person, here.person("赵建国")).telegram_id = ACCOUNT
    _claim(here, chat)
    with pytest.raises(Refusal):
        _accept(here, chat, None)
    assert here.session.get_one(Person, here.person("王爱民")).telegram_id is None


def test_an_offer_names_role_and_place(here: Here) -> None:
    def offer(token: str) -> joining.Offer:
        return joining.offer(here.session, invitations.opened(here.session, token, NOW), NOW)

    make, team = invitations.make, here.team("一队")
    assert offer(make(here.session, Role.LEADER, team_id=team, by=None, now=NOW)).posts == (
        (Role.LEADER, "一队"),
    )
    assert offer(make(here.session, Role.OFFICER, region="120114", by=None, now=NOW)).posts == (
        (Role.OFFICER, "武清区"),
    )
    [(role, place)] = offer(make(here.session, Role.ADMIN, by=None, now=NOW)).posts
    assert (role, place) == (Role.ADMIN, "全部区域")
    claim = offer(invitations.make_claim(here.session, here.person("李明"), by=None, now=NOW))
    assert claim.claim
    assert claim.posts == ((Role.LEADER, "一队"),)
