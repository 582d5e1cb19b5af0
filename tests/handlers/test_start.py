"""The door: greeting, help, language, default village."""

from datetime import datetime

import pytest
from sqlmodel import select

from storage import contact_cards, identity
from storage.households import Household
from tests.phone import Phone
from tests.world import CLOCK, FAR_VILLAGE, VILLAGE_TWO, World


def test_a_greeting_says_what_is_stored_and_why(world: World) -> None:
    world.member.says("/start")
    said = world.member.hears("加密保存")
    assert len(said["text"].splitlines()) == 5


def test_the_keys_are_those_of_the_role(world: World) -> None:
    for phone, has, lacks in ((world.leader, "走访", "交办"), (world.supervisor, "交办", "走访")):
        phone.says("/start")
        said = phone.hears("加密保存")
        keys = [key["text"] for row in said["reply_keyboard"]["keyboard"] for key in row]
        assert has in keys
        assert lacks not in keys


def test_the_menu_is_registered_with_telegram_for_the_chat(world: World) -> None:
    world.colleague.says("/start")
    call = world.sandbox.hears_call("setMyCommands", scope=world.colleague.id)
    assert '"visit"' in str(call["params"]["commands"]).replace("'", '"')
    assert '"bind"' not in str(call["params"]["commands"]).replace("'", '"')


def test_a_stranger_is_told_whom_to_ask_and_nothing_else(world: World) -> None:
    for said in ("/start", "/help", "帮助", "/language", "/village", "/invite", "/rebind"):
        world.stranger.says(said)
        answer = world.stranger.hears("邀请链接")
        assert "队长或管理员" in answer["text"]
        assert not answer.get("keyboard")
        assert not answer.get("reply_keyboard")


@pytest.mark.parametrize("said", ["/help", "帮助", "/帮助", "/HELP"])
def test_help_is_found_in_any_of_its_forms(world: World, said: str) -> None:
    world.officer.says(said)
    text = world.officer.hears("/mine")["text"]
    assert "/visit" not in text
    assert "/bind" not in text


def test_help_is_by_role(world: World) -> None:
    world.admin.says("帮助")
    text = world.admin.hears("/bind")["text"]
    assert "/problem" in text
    assert "/visit" not in text


def _speak(phone: Phone, language: str) -> None:
    phone.says("/language")
    phone.hears("")
    phone.presses(language)


def test_a_language_changes_words_and_menu(world: World) -> None:
    _speak(world.outsider, "English")
    world.sandbox.hears_call("setMyCommands", scope=world.outsider.id)
    world.outsider.says("/start")
    keyboard = world.outsider.hears("")["reply_keyboard"]
    assert "/visit" in [key["text"] for row in keyboard["keyboard"] for key in row]
    _speak(world.outsider, "中文")
    world.outsider.says("语言")
    assert "选择语言" in world.outsider.hears("选择语言")["text"]


def _forge(world: World, phone: Phone, message_id: int, data: str) -> None:
    """Press with data that no button carries, as a tampered client can."""
    press = {"user": phone.id, "chat": phone.chat, "message_id": message_id, "data": data, "stale": True}
    phone.last_press = world.sandbox.post("press", press)["callback_query_id"]


def test_a_language_that_is_none_is_refused(world: World) -> None:
    world.member.says("/language")
    card = world.member.hears("选择语言")
    _forge(world, world.member, card["message_id"], "l:xx")
    assert "请点按钮" in world.member.answered()["text"]


def test_the_default_village_is_chosen_among_own_ones(world: World) -> None:
    world.member.says("默认村")
    world.member.hears("默认村")
    labels = world.member.labels()
    assert len(labels) == 2
    second = next(label for label in labels if not label.startswith("✓"))
    world.member.presses(second)
    changed = world.member.hears("默认村")
    assert world.member.labels(changed)[0] == f"✓ {second}"
    assert _villages(world, world.member.id)[0] == VILLAGE_TWO


def _villages(world: World, telegram_id: int) -> tuple[str, ...]:
    store = world.store()
    with store.reading() as session:
        actor = identity.actor_of(session, telegram_id, datetime.fromisoformat(CLOCK))
    store.close()
    assert actor is not None
    return actor.villages


def test_a_village_of_others_is_not_taken(world: World) -> None:
    world.colleague.says("默认村")
    card = world.colleague.hears("默认村")
    _forge(world, world.colleague, card["message_id"], f"h:v:{FAR_VILLAGE}")
    assert "范围" in world.colleague.answered()["text"]
    assert FAR_VILLAGE not in _villages(world, world.colleague.id)


def test_whoever_has_no_team_has_no_default_village(world: World) -> None:
    world.supervisor.says("/village")
    world.supervisor.hears("不在您的职责里")


def test_help_in_a_group_answers_members_only(world: World) -> None:
    group = world.sandbox.group("武清管理组", world.supervisor, world.stranger)
    world.stranger.in_group(group).says("/help")
    world.supervisor.in_group(group).says("/help")
    world.supervisor.in_group(group).hears("本群可用")
    answers = [one for one in world.sandbox.messages(group["id"]) if one["from"]["bot"]]
    assert len(answers) == 1


def test_the_qr_at_a_door_begins_a_visit_there_and_tells_others_nothing(world: World) -> None:
    store, now = world.store(), datetime.fromisoformat(CLOCK)
    with store.writing() as session:
        leader = identity.actor_of(session, world.leader.id, now)
        home = session.exec(select(Household.id)).first()
        assert leader is not None
        card = contact_cards.offer(session, leader, home or 0, leader.person_id, now)
        link = f"/start {contact_cards.LINK}{card.uid}"
    store.close()
    world.member.says(link)
    assert "户：李大山" in world.member.hears("为了什么事")["text"]
    for phone in (world.outsider, world.officer):
        phone.says(link)
        assert "李大山" not in phone.hears("范围")["text"]
    world.member.says(f"/start {contact_cards.LINK}{'0' * 32}")
    world.member.hears("过时")
