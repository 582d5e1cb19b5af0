"""What each kind of question takes, and the sentence it says when it does not."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.forms import Choice, Date, HouseholdPick, Location, Number, PersonPick, Photos, Text, Village
from storage.forms.dates import day_in
from storage.forms.picks import NOBODY
from storage.forms.plain import clean, number_in
from storage.kinds.hardship import Guarantee
from storage.kinds.visit import Purpose
from storage.refusals import Refusal

TODAY = date(2026, 11, 20)
TEXT = Text(label="情况", prompt="怎么样？", limit=10)
MANY = Choice(label="事由", prompt="为什么？", of=Purpose, many=True)
ONE = Choice(label="事由", prompt="为什么？", of=Purpose)
NONE = Choice(label="缺保障", prompt="哪项？", of=Guarantee, many=True, none="都有保障")
DAY = Date(label="日期", prompt="哪天？")
DUE = Date(label="期限", prompt="哪天？", future=True)
NUMBER = Number(label="人数", prompt="几人？", least=1, most=99)
HOUSE = HouseholdPick(label="户", prompt="哪户？")
PLACE = Location(label="位置", prompt="哪里？")


def test_a_text_keeps_its_lines_and_loses_its_blank_ends() -> None:
    assert TEXT.check("  屋顶\n漏雨\x00 ") == "屋顶\n漏雨"


@pytest.mark.parametrize("given_text", ["", "   ", "\x00\x07", None, 5, "一二三四五六七八九十百"])
def test_a_text_that_is_none_or_too_long_is_refused(given_text: object) -> None:
    with pytest.raises(Refusal) as refused:
        TEXT.check(given_text)
    assert "请" in refused.value.sentence


def test_the_sentence_about_a_long_text_says_both_lengths() -> None:
    with pytest.raises(Refusal) as refused:
        TEXT.check("字" * 12)
    assert "10" in refused.value.sentence
    assert "12" in refused.value.sentence


@given(st.text())
def test_a_cleaned_text_has_nothing_that_controls(text: str) -> None:
    kept = clean(text)
    assert kept == clean(kept)
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in kept)


@given(st.integers(0, 9999))
def test_a_number_is_read_in_either_kind_of_digits(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert number_in(str(number)) == number_in(wide) == number_in(f" {number} 人 ") == number


@pytest.mark.parametrize(
    ("said", "number"),
    [("三", 3), ("十", 10), ("十二", 12), ("二十三口", 23), ("两个", 2), ("一百零五", 105), ("两千", 2000)],
)
def test_a_number_is_read_in_words(said: str, number: int) -> None:
    assert number_in(said) == number


@pytest.mark.parametrize("said", ["", "三四", "很多", "1.5", "-3", "1e3", "１２a", "9" * 40])
def test_what_is_no_whole_number_is_none(said: str) -> None:
    assert number_in(said) is None


@given(st.text())
def test_whatever_is_typed_for_a_number_is_a_number_within_bounds_or_refused(text: str) -> None:
    with suppress(Refusal):
        assert 1 <= NUMBER.check(text) <= 99


def test_a_choice_takes_value_and_label_and_keeps_the_order_of_the_list() -> None:
    assert ONE.check("policy") == ONE.check("政策宣传") == "policy"
    assert MANY.check(["safety", "policy", "safety"]) == ["policy", "safety"]
    assert MANY.check("policy") == ["policy"]
    assert MANY.shown(["policy", "safety"]) == "政策宣传、安全排查"


def test_a_choice_of_nothing_is_an_answer_only_where_declared() -> None:
    assert NONE.check([]) == []
    assert NONE.shown([]) == "都有保障"
    for ask, wrong in ((MANY, []), (ONE, []), (ONE, "闲聊")):
        with pytest.raises(Refusal):
            ask.check(wrong)


def test_choices_may_be_typed_with_any_comma() -> None:
    for typed in ("政策宣传、安全排查", "政策宣传,安全排查", "政策宣传， 安全排查", "安全排查 政策宣传"):
        assert MANY.typed(typed) == ["policy", "safety"]
    assert MANY.typed("政策宣传，还修了路") is None
    assert MANY.typed(" ") is None
    assert ONE.typed("政策宣传、安全排查") is None


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天", "2026-11-20"),
        ("昨天", "2026-11-19"),
        ("前天", "2026-11-18"),
        ("11-20", "2026-11-20"),
        ("11.3", "2026-11-03"),
        ("11月3日", "2026-11-03"),
        ("１１／３", "2026-11-03"),
        ("12-31", "2025-12-31"),
        ("25-12-31", "2025-12-31"),
        ("2025年2月28日", "2025-02-28"),
        ("周五", "2026-11-20"),
        ("周三", "2026-11-18"),
        ("星期六", "2026-11-14"),
        ("上周三", "2026-11-11"),
        ("上周日", "2026-11-15"),
        ("礼拜天", "2026-11-15"),
        ("2026-11-02", "2026-11-02"),
    ],
)
def test_a_day_is_read_as_people_say_it(said: str, day: str) -> None:
    assert DAY.on(said, TODAY) == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("明天", "2026-11-21"),
        ("后天", "2026-11-22"),
        ("1-5", "2027-01-05"),
        ("周三", "2026-11-25"),
        ("今天", "2026-11-20"),
    ],
)
def test_a_day_to_come_is_read_forwards(said: str, day: str) -> None:
    assert DUE.on(said, TODAY) == day


@pytest.mark.parametrize("said", ["明天", "2027-01-01", "2-30", "13-1", "那天", "", "11-21-3"])
def test_a_day_that_is_none_or_to_come_is_refused(said: str) -> None:
    with pytest.raises(Refusal):
        DAY.on(said, TODAY)


def test_a_day_gone_by_is_refused_where_one_to_come_is_asked() -> None:
    with pytest.raises(Refusal, match="Refusal") as refused:
        DUE.on("昨天", TODAY)
    assert "早于" in refused.value.sentence


@given(st.dates(TODAY - timedelta(days=364), TODAY))
def test_a_day_of_the_last_year_is_found_by_month_and_day(day: date) -> None:
    if (day.month, day.day) != (2, 29):
        assert day_in(f"{day.month}-{day.day}", TODAY) == day


@given(st.text(max_size=20))
def test_whatever_is_typed_for_a_day_is_a_day_not_to_come_or_refused(text: str) -> None:
    with suppress(Refusal):
        assert date.fromisoformat(DAY.on(text, TODAY)) <= TODAY


def test_a_day_is_kept_as_a_date_and_answered_as_text() -> None:
    assert DAY.kept("2026-11-20") == TODAY
    assert DAY.answer(TODAY) == "2026-11-20"
    assert DAY.kept(None) is None
    assert DAY.shown("2026-11-20") == "11月20日"


def test_a_household_is_an_id_a_name_or_nobody() -> None:
    assert HOUSE.check(7) == 7
    assert HOUSE.check(NOBODY) == NOBODY
    assert HOUSE.check(" 李 爱民 ") == "李爱民"
    assert HOUSE.shown(NOBODY) == "不入户"
    assert HOUSE.shown("李爱民") == "李爱民（新增）"
    must = HouseholdPick(label="户", prompt="哪户？", allow_none=False, allow_new=False)
    for wrong in (NOBODY, -1, "李爱民", None, "", 1.5):
        with pytest.raises(Refusal):
            must.check(wrong)


def test_a_place_lies_on_the_globe() -> None:
    assert PLACE.check([39.4, 117]) == [39.4, 117.0]
    assert PLACE.shown([39.4, 117.0]) == "39.40000, 117.00000"
    for wrong in ([91, 0], [0, 181], [1], "39.4,117", None, ["a", "b"]):
        with pytest.raises(Refusal):
            PLACE.check(wrong)


def test_people_are_ids_without_repetition() -> None:
    ask = PersonPick(label="同行", prompt="谁？")
    assert ask.check([3, 1, 3]) == [1, 3]
    assert ask.check(2) == [2]
    with pytest.raises(Refusal):
        ask.check(["王"])


def test_a_village_is_a_code() -> None:
    ask = Village(label="村", prompt="哪村？")
    assert ask.check("120114001001") == "120114001001"
    with pytest.raises(Refusal):
        ask.check("大桃园")


def test_photos_have_room_up_to_their_limit() -> None:
    ask = Photos(label="照片", prompt="请发照片", limit=2)
    ask.room(1)
    with pytest.raises(Refusal) as refused:
        ask.room(2)
    assert "2 张" in refused.value.sentence
    assert ask.shown(3) == "3 张"
