"""Contact cards: nobody has a household without saying yes, and whoever has it keeps it until somebody else has."""

import pytest

from storage import contact_cards, erasing, journal
from storage.contact_cards import REASONS, ContactCard
from storage.people import Role
from storage.refusals import Gone, NotYours, Refusal
from tests.storage.asking import PLACES
from tests.storage.mending import hire
from tests.storage.reporting_world import Desk


def offer(desk: Desk, to: str = "王爱民", by: str = "李明", home: int = 0) -> ContactCard:
    person = desk.county.people[to]
    return contact_cards.offer(desk.session, desk.actor(by), desk.households[home], person, desk.at)


def paired(desk: Desk, to: str = "王爱民", home: int = 0) -> ContactCard:
    card = offer(desk, to, home=home)
    if card.accepted_at is None:
        contact_cards.accept(desk.session, desk.actor(to), card, desk.at)
    return card


def holders(desk: Desk, home: int = 0) -> list[tuple[int, bool]]:
    found = contact_cards.of_household(desk.session, desk.households[home])
    return [(one.person_id, one.accepted_at is not None) for one in found]


def test_it_is_theirs_when_they_say_yes(desk: Desk) -> None:
    card = offer(desk)
    assert holders(desk) == [(desk.county.people["王爱民"], False)]
    (asked,) = desk.told("王爱民")
    assert asked["text"] == (
        "李明请您联系 李*民（大桃园村）。接受以后由您按期走访；走访记录会自动算上，不用另填。"
    )
    assert [one["callback_data"] for one in asked["reply_markup"]["inline_keyboard"][0]] == [
        f"c:yes:{card.id}",
        f"c:no:{card.id}",
    ]
    contact_cards.accept(desk.session, desk.actor("王爱民"), card, desk.at)
    assert holders(desk) == [(desk.county.people["王爱民"], True)]
    assert [one["text"] for one in desk.told("李明")] == ["王爱民接受联系 李*民（大桃园村）。"]
    noted = [line["action"] for line in journal.history(desk.session, f"household:{desk.households[0]}")]
    assert noted[-2:] == ["contact.offer", "contact.accept"]


def test_whoever_pairs_for_themselves_has_said_yes_by_that(desk: Desk) -> None:
    offer(desk, "李明")
    assert holders(desk) == [(desk.county.people["李明"], True)]
    assert desk.told("李明") == []


def test_re_pairing_moves_nothing_until_it_is_accepted(desk: Desk) -> None:
    paired(desk)
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    card = offer(desk, "何双", by="孙丽")
    assert holders(desk) == [(desk.county.people["王爱民"], True), (desk.county.people["何双"], False)]
    contact_cards.accept(desk.session, desk.actor("何双"), card, desk.at)
    assert holders(desk) == [(desk.county.people["何双"], True)]
    for name in ("王爱民", "孙丽"):
        assert desk.told(name)[-1]["text"] == "何双接受联系 李*民（大桃园村）。"


def test_a_no_leaves_it_with_whoever_has_it(desk: Desk) -> None:
    paired(desk, "李明")
    card = offer(desk)
    contact_cards.decline(desk.session, desk.actor("王爱民"), card, desk.at)
    assert holders(desk) == [(desk.county.people["李明"], True)]
    told = desk.told("李明")[-1]["text"]
    assert told == "王爱民不接受联系 李*民（大桃园村），请另请一位。原来有人联系的，仍由他联系。"
    with pytest.raises(Gone):
        contact_cards.accept(desk.session, desk.actor("王爱民"), card, desk.at)


def test_another_offer_takes_the_open_one_back(desk: Desk) -> None:
    first = offer(desk)
    offer(desk, "李明", by="孙丽")
    assert holders(desk) == [(desk.county.people["李明"], False)]
    with pytest.raises(Gone):
        contact_cards.accept(desk.session, desk.actor("王爱民"), first, desk.at)


def test_the_same_person_is_not_asked_twice(desk: Desk) -> None:
    offer(desk)
    with pytest.raises(Refusal) as refused:
        offer(desk)
    assert refused.value.sentence == "已经请过他了，正在等他答复。"
    paired(desk, home=1)
    with pytest.raises(Refusal) as refused:
        offer(desk, home=1)
    assert refused.value.sentence == "已经由他联系这一户了。"


def test_it_ends_with_a_reason(desk: Desk) -> None:
    card = paired(desk)
    contact_cards.end(desk.session, desk.actor("李明"), card, REASONS[0], desk.at)
    assert holders(desk) == []
    assert (card.reason, card.ended_by) == ("户已搬走", desk.county.people["李明"])
    assert desk.told("王爱民")[-1]["text"] == "李明结束了您对 李*民（大桃园村） 的联系：户已搬走。"
    with pytest.raises(Gone):
        contact_cards.find(desk.session, desk.actor("王爱民"), card.id or 0)


@pytest.mark.parametrize("name", ["王爱民", "赵建国", "吴敏", "郑强"])
def test_pairing_is_for_the_leader_and_the_managers_of_the_place(desk: Desk, name: str) -> None:
    if name == "郑强":
        hire(desk, name, Role.LEADER, team=desk.county.teams["二队"])
    with pytest.raises(NotYours):
        offer(desk, by=name)
    card = paired(desk)
    with pytest.raises(NotYours):
        contact_cards.end(desk.session, desk.actor(name), card, REASONS[0], desk.at)


def test_only_those_of_the_place_may_be_asked(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        offer(desk, "赵建国")
    assert refused.value.sentence == "这个人不在这个村的工作队里，请另选一位。"
    people = [desk.county.people[name] for name in ("李明", "王爱民", "孙丽")]
    assert contact_cards.cadres(desk.session, desk.actor("孙丽"), PLACES[0], desk.at) == people


def test_an_answer_is_for_whoever_was_asked(desk: Desk) -> None:
    card = offer(desk)
    for name in ("李明", "孙丽"):
        with pytest.raises(NotYours):
            contact_cards.accept(desk.session, desk.actor(name), card, desk.at)
    with pytest.raises(NotYours):
        contact_cards.find(desk.session, desk.actor("赵建国"), card.id or 0)


def test_the_qr_at_a_door_is_for_those_who_may_report_from_there(desk: Desk) -> None:
    card = paired(desk)
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    for name in ("王爱民", "何双", "孙丽"):
        assert contact_cards.at_door(desk.session, desk.actor(name), card.uid).id == card.id
    for name in ("赵建国", "吴敏"):
        with pytest.raises(NotYours):
            contact_cards.at_door(desk.session, desk.actor(name), card.uid)
    with pytest.raises(Gone):
        contact_cards.at_door(desk.session, desk.actor("王爱民"), "0" * 32)


def test_an_erased_household_is_nobodys(desk: Desk) -> None:
    paired(desk)
    erasing.household(desk.session, desk.households[0], "户主申请", desk.at)
    assert holders(desk) == []
    with pytest.raises(Gone):
        offer(desk)
