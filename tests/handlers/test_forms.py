"""Forms as people use and misuse them, through the sandbox and the real bot."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from storage import household_list, photos, reporting, teams
from storage.people import Person
from storage.photo import PhotoState
from storage.report import Report
from tests.drawn import drawn, shot
from tests.phone import Phone
from tests.world import CLOCK, VILLAGE_TWO, World


def sent(world: World, phone: Phone) -> list[dict[str, Any]]:
    """The reports of that person as they stand in the database, oldest first."""
    world.settled(40)
    store = world.store()
    with store.reading() as session:
        mine = select(Report).join(Person, col(Person.id) == Report.author_id)
        found = session.exec(mine.where(Person.telegram_id == phone.id).order_by(col(Report.id)))
        told = [
            reporting.answers_of(session, one)
            | {
                "kind": one.kind,
                "number": one.number,
                "states": [photo.state for photo in photos.of_report(session, one)],
                "sha256": [photo.sha256 for photo in photos.of_report(session, one)],
            }
            for one in found
        ]
    store.close()
    return told


def pictures(count: int, first: int = 90) -> list[bytes]:
    return [shot(first + number) for number in range(count)]


def test_a_usual_visit_takes_four_taps_and_one_typed_message(world: World) -> None:
    phone = world.member
    phone.says("/start")
    phone.hears("走访")
    phone.count.taps = phone.count.typed = phone.count.messages = 0
    phone.presses("走访")  # the key under the message field
    phone.presses("李大山")
    phone.presses("政策宣传")
    phone.sends_photos(pictures(5))
    phone.says("屋顶漏雨，已联系住建部门")
    phone.hears("照片：5 张")
    phone.presses("发送")
    phone.hears("ZF-")
    assert (phone.taps, phone.typed) == (4, 1)
    last = sent(world, phone)[-1]
    assert (last["kind"], last["findings"], last["photos"]) == ("visit", "屋顶漏雨，已联系住建部门", 5)
    assert last["states"] == [PhotoState.KEPT] * 5


def test_a_photo_report_takes_one_message_and_one_tap(world: World) -> None:
    phone = world.colleague
    phone.count.taps = phone.count.typed = phone.count.messages = 0
    phone.sends_photos(pictures(1, 200), album=False, caption="村口垃圾已清理")
    phone.presses("发送")
    phone.hears("ZP-")
    assert (phone.taps, phone.messages) == (1, 1)
    assert sent(world, phone)[-1]["findings"] == "村口垃圾已清理"


@pytest.mark.fault("text where a button is expected")
def test_words_at_a_button_are_kept_with_the_findings(world: World) -> None:
    phone = world.member
    phone.says("/case")
    phone.presses("王秀英")
    phone.says("老人住院，儿女都在外地打工")
    phone.hears("已记到“情况”里")
    for label in ("低保", "因病", "基本医疗", "一般"):
        phone.presses(label)
    phone.presses("发送")
    phone.hears("KN-")
    assert sent(world, phone)[-1]["findings"] == "老人住院，儿女都在外地打工"


@pytest.mark.fault("button of an old card")
def test_an_old_button_shows_the_receipt_and_sends_nothing_again(world: World) -> None:
    phone = world.member
    phone.says("/visit")
    phone.presses("李卫国")
    phone.presses("了解情况")
    phone.says("一切都好")
    phone.presses("发送")
    phone.hears("ZF-")
    before = sent(world, phone)
    phone.presses_old("✓ 发送")
    phone.answered()
    phone.presses_old("政策宣传")
    phone.answered()
    assert sent(world, phone) == before


@pytest.mark.fault("album comes late")
def test_photos_of_an_album_that_come_after_sending_are_added(world: World) -> None:
    phone = world.colleague
    phone.sends_photos(pictures(4, 300), caption="修渠现场", hold="3,4")
    phone.hears("照片：2 张")
    phone.presses("发送")
    number = phone.hears("ZP-")["text"].split("\n")[1]
    world.sandbox.release()
    phone.hears("发送后又收到 2 张")
    last = sent(world, phone)[-1]
    assert (last["number"], last["photos"]) == (number, 4)


@pytest.mark.fault("album comes twice")
def test_a_photo_that_comes_twice_counts_once(world: World) -> None:
    phone = world.colleague
    phone.sends_photos(pictures(3, 400), caption="修路现场", twice="2")
    phone.hears("照片：3 张")
    phone.presses("发送")
    phone.hears("ZP-")
    phone.sends_photos(pictures(1, 400), album=False)  # forwarded to be sure: the same picture again
    world.settled(40)
    assert sent(world, phone)[-1]["photos"] == 3


@pytest.mark.fault("caption of 1,024 characters")
def test_a_long_caption_is_kept_whole(world: World) -> None:
    phone, words = world.colleague, "路" * 1024
    phone.sends_photos(pictures(1, 450), album=False, caption=words)
    phone.presses("发送")
    phone.hears("ZP-")
    assert sent(world, phone)[-1]["findings"] == words


@pytest.mark.fault("sticker")
def test_a_sticker_gets_a_sentence_and_the_card_stays(world: World) -> None:
    phone = world.colleague
    phone.says("/visit")
    phone.hears("走访哪一户")
    phone.sends_sticker()
    phone.hears("贴纸没法记下来")
    phone.hears("走访哪一户")
    phone.presses("取消")
    phone.hears("已取消")


@pytest.mark.fault("empty file")
def test_an_empty_file_is_refused_and_its_words_are_kept(world: World) -> None:
    phone = world.colleague
    phone.says("/visit")
    phone.hears("走访哪一户")
    phone.sends_file("坏.jpg", b"", caption="墙有裂缝")
    phone.hears("0 字节")
    phone.hears("情况：墙有裂缝", ever=True)
    phone.presses("取消")


@pytest.mark.fault("text file named .jpg")
def test_a_file_that_is_no_picture_is_named_to_its_sender(world: World) -> None:
    phone = world.colleague
    phone.sends_file("说明.jpg", "这不是照片".encode(), caption="说明")
    phone.hears("没有存下")
    phone.presses("取消")


@pytest.mark.fault("document of 25 MB")
def test_a_file_over_the_limit_is_refused_before_it_is_fetched(world: World) -> None:
    phone = world.colleague
    phone.sends_file("大图.jpg", b"\xff\xd8" + bytes(25 * 2**20))
    phone.hears("20 MB")
    world.settled(40)
    assert not [call for call in world.sandbox.calls("getFile") if not call["ok"]]


@pytest.mark.fault("HEIC")
def test_a_heic_sent_as_a_file_is_kept_byte_for_byte(world: World) -> None:
    phone, data = world.colleague, drawn("HEIF")
    phone.sends_file("IMG_0001.HEIC", data, caption="屋顶")
    phone.presses("发送")
    phone.hears("ZP-")
    assert sent(world, phone)[-1]["sha256"] == [hashlib.sha256(data).hexdigest()]


@pytest.mark.fault("message edited after sending")
def test_an_edit_after_sending_offers_a_correction_and_changes_nothing_by_itself(world: World) -> None:
    phone = world.colleague
    phone.says("/visit")
    phone.presses("张铁柱")
    phone.presses("了解情况")
    message = phone.says("一切都好")
    phone.presses("发送")
    phone.hears("ZF-")
    phone.edits(message["message_id"], "屋后滑坡")
    phone.hears("要更正报告吗")
    assert sent(world, phone)[-1]["findings"] == "一切都好"
    phone.presses("发送更正")
    phone.hears("已更正")
    assert sent(world, phone)[-1]["findings"] == "屋后滑坡"


@pytest.mark.fault("forwarded message")
def test_a_forwarded_text_is_taken_as_if_it_were_typed(world: World) -> None:
    phone = world.colleague
    phone.says("李大山家电线老化", forward=True)
    phone.hears("要报什么")
    phone.presses("走访")
    phone.hears("情况：李大山家电线老化")
    phone.presses("取消")


@pytest.mark.fault("HTML and formulas in names")
def test_markup_in_a_name_is_shown_as_it_was_typed(world: World) -> None:
    phone = world.colleague
    phone.says("/visit")
    phone.says("<b>=1+1</b>李")
    phone.presses("新增")
    phone.hears("户：<b>=1+1</b>李（新增）")
    phone.presses("取消")


@pytest.mark.fault("stranger in a group")
def test_in_a_group_a_form_is_a_button_and_strangers_are_not_answered(world: World) -> None:
    group = world.sandbox.group("驻村群", world.member, world.stranger)
    there = world.member.in_group(group)
    there.says("/visit@zhucun_demo_bot")
    there.hears("私聊")
    world.stranger.in_group(group).says("/visit@zhucun_demo_bot")
    there.presses("私聊填写")
    world.member.hears("走访哪一户")
    world.member.presses("取消")
    answers = [one for one in there.screen() if "私聊" in str(one.get("text"))]
    assert len(answers) == 1


@pytest.mark.fault("press by somebody else")
def test_nobody_presses_the_buttons_of_somebody_elses_draft(world: World) -> None:
    world.member.says("/visit")
    card = world.member.hears("走访哪一户")
    data = card["keyboard"][0][0]["data"]
    assert data.startswith("f:set:")
    world.leader.says("/visit")
    mine = world.leader.hears("走访哪一户")
    press = world.sandbox.post(
        "press", {"user": world.leader.id, "message_id": mine["message_id"], "data": data, "stale": True}
    )
    assert "不在您负责的范围" in world.leader.answered(str(press["callback_query_id"]))["text"]
    world.leader.presses("取消")
    world.member.presses("取消")


def test_somebody_without_villages_is_told_who_reports(world: World) -> None:
    world.officer.says("/visit")
    world.officer.hears("不在您的职责里")
    world.stranger.says("/visit")
    world.stranger.hears("邀请链接")


@pytest.mark.fault("kill in the middle of an album")
def test_the_answer_of_a_draft_survives_a_power_cut(fresh_world: World) -> None:
    fresh_world.start()
    fresh_world.ready()
    phone = fresh_world.member
    phone.says("/visit")
    phone.presses("李大山")
    phone.hears("为了什么事")
    fresh_world.kill()
    phone.sends_photos(pictures(3))
    fresh_world.start()
    fresh_world.ready()
    phone.hears("照片：3 张", timeout=60)
    phone.presses("了解情况")
    phone.says("一切都好")
    phone.presses("发送")
    phone.hears("ZF-")
    (only,) = sent(fresh_world, phone)
    assert only["photos"] == 3


@pytest.mark.parametrize("name", ["heic_mobile_iphone_13_pro_max.HEIC", "jpg_orientation_portrait_8.jpg"])
def test_real_photos_sent_as_files_are_kept_byte_for_byte(world: World, shared_data: Path, name: str) -> None:
    data = (shared_data / "data" / "photos" / name).read_bytes()
    world.colleague.sends_photos([(name, data)], as_files=True, album=False, caption=name)
    world.colleague.presses("发送")
    world.colleague.hears("ZP-")
    assert sent(world, world.colleague)[-1]["sha256"] == [hashlib.sha256(data).hexdigest()]


def test_a_village_with_many_households_is_paged_and_searched(world: World) -> None:
    store = world.store()
    with store.writing() as session:
        for number in range(12):
            name = f"赵{'一二三四五六七八九十甲乙'[number]}"
            household_list.add(session, VILLAGE_TWO, name, by=None, now=datetime.fromisoformat(CLOCK))
        name = teams.place_names(session, [VILLAGE_TWO])[0]
    store.close()
    phone = world.leader
    phone.says("/visit")
    phone.presses("换村")
    phone.presses(name)
    phone.hears("走访哪一户")
    assert sum(label.startswith("赵") for label in phone.labels()) == 8
    phone.presses("›")
    phone.hears(f"村：{name}")
    assert "2/2" in phone.labels()
    phone.says("赵乙")
    phone.hears("户：赵乙")
    phone.presses("了解情况")
    phone.says("新来的住户")
    phone.presses("发送")
    phone.hears("ZF-")
    assert sent(world, phone)[-1]["village"] == VILLAGE_TWO
    phone.says("/visit")
    phone.hears(f"村：{name}")  # the village one was in last is taken as meant
    phone.presses("取消")


def test_a_report_is_opened_from_the_list_with_its_photos(world: World) -> None:
    phone = world.colleague
    phone.sends_photos(pictures(2, 500), caption="新修的水渠")
    phone.presses("发送")
    phone.hears("ZP-")
    world.settled(40)
    phone.says("/mine")
    phone.presses("现场照片")
    phone.hears("说明：新修的水渠")
    phone.presses("看照片（2）")
    world.settled(40)
    assert sum("photo" in one and one["from"]["id"] != phone.id for one in phone.screen()) == 2
    phone.presses("返回列表")
    phone.hears("我报过的")


def test_a_second_form_keeps_the_first(world: World) -> None:
    phone = world.colleague
    phone.says("/visit")
    phone.presses("陈桂兰")
    phone.says("/photo")
    phone.hears("草稿已存")
    phone.sends_photos(pictures(1, 600), album=False)
    phone.hears("照片：1 张")
    phone.presses("发送")
    phone.hears("ZP-")
    phone.says("草稿")
    phone.presses("走访", phone.hears("没写完的草稿"))
    phone.hears("户：陈桂兰")
    phone.says("/cancel")
    phone.hears("已取消")
