"""Personal numbers are found as people type them, and nothing else is taken for one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.redact import Secret, found, is_card, is_id_number, is_phone, redact, typed

ID = "11010519491231002X"
CARD = "6222020200112345671"
PHONE = "13812345678"


def luhn(body: str) -> str:
    """The body with its check digit, computed the textbook way (each second digit from the right doubled)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return body + str(-total % 10)


def test_the_check_digits_are_those_of_the_standards() -> None:
    assert is_id_number(ID)
    assert is_id_number("440524188001010014")  # the example that GB 11643 prints
    assert is_card(luhn("622202020011234567"))
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert is_phone(PHONE)
    assert not is_phone("12812345678")


def test_a_mistyped_id_number_is_still_somebodys() -> None:
    assert is_id_number("110105194912310021")
    assert not is_id_number("110105194913310022")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (ID, Secret.ID_NUMBER),
        (ID.lower(), Secret.ID_NUMBER),
        ("110105 19491231 002X", Secret.ID_NUMBER),
        ("110 105 1949 1231 002X", Secret.ID_NUMBER),
        ("１１０１０５１９４９１２３１００２Ｘ", Secret.ID_NUMBER),
        (luhn("622202020011234567"), Secret.CARD),
        ("4111 1111 1111 1111", Secret.CARD),
        ("4111-1111-1111-1111", Secret.CARD),
        (PHONE, Secret.PHONE),
        ("138 1234 5678", Secret.PHONE),
        ("138-1234-5678", Secret.PHONE),
        ("+86 13812345678", Secret.PHONE),
        ("8613812345678", Secret.PHONE),
        ("１３８１２３４５６７８", Secret.PHONE),
        ("138.1234.5678", Secret.PHONE),
        ("022-82138888", Secret.PHONE),
        ("（022）8213 8888", Secret.PHONE),
        ("02282138888", Secret.PHONE),
    ],
)
def test_numbers_are_found_as_people_type_them(typed: str, kind: Secret) -> None:
    text = f"他的号码是{typed}，请核对"
    assert [one.kind for one in found(text)] == [kind]
    redacted = redact(text)
    assert redacted.startswith("他的号码是")
    assert redacted.endswith("，请核对")
    assert not any(digit.isdigit() for digit in redacted.replace("86", ""))


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01 2026-10-31 两次入户",
        "共 12345 元，分 12 期",
        "编号 ZF-20261121-0042",
        "120114001007",
        "面积 1234567890 平方厘米",
        "发票代码 022-82138888",
        "电话 20261121",
        "订单里 13812345678",
        "总产值13812345678元",
        "￥13812345678",
        "0.13812345678",
        "QQ13812345678",
        "4111111111111112",
        "",
    ],
)
def test_dates_amounts_and_codes_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "他电话82138888",
        "订单里留的手机 13812345678",
        "打13812345678度假村",
        f"合同 {ID}",
        "账户4111111111111111",
    ],
)
def test_the_last_word_before_a_number_says_what_it_is(text: str) -> None:
    assert len(found(text)) == 1


def test_a_phone_right_behind_an_id_number_is_found_too() -> None:
    assert [one.kind for one in found(f"张三{ID}{PHONE}")] == [Secret.ID_NUMBER, Secret.PHONE]


def test_tokens_are_redacted_with_the_numbers() -> None:
    assert redact("身份证[#abcdefghijklmnop]，电话13812345678", "*") == "身份证*，电话*"
    assert redact("[#abc] [#ABCDEFGHIJKLMNOP]", "*") == "[#abc] [#ABCDEFGHIJKLMNOP]"


def test_what_is_typed_brings_no_token() -> None:
    assert typed("看[#abcdefghijklmnop]这个 [#abc]") == "看***这个 [#abc]"


def test_several_numbers_side_by_side() -> None:
    text = f"张三{ID}，{PHONE} 13987654321；卡4111111111111111"
    assert [one.kind for one in found(text)] == [Secret.ID_NUMBER, Secret.PHONE, Secret.PHONE, Secret.CARD]
    assert redact(text, "×") == "张三×，× ×；卡×"


def test_places_are_those_of_the_text_as_typed() -> None:
    text = "电话 +86 138-1234-5678 李"
    (one,) = found(text)
    assert text[one.start : one.end] == "138-1234-5678"
    assert one.number == PHONE


@given(st.text("屋顶漏雨，。 ab", max_size=20), st.text("屋顶漏雨，。 ab", max_size=20))
def test_whatever_stands_around_a_phone_stays(before: str, after: str) -> None:
    assert redact(f"{before}{PHONE}{after}", "*") == f"{before}*{after}"


@given(st.text(alphabet=st.characters(categories=("N", "L", "Z", "P")), max_size=60))
def test_no_text_breaks_it_and_a_second_pass_finds_no_overlap(text: str) -> None:
    numbers = found(text)
    assert all(one.end <= two.start for one, two in pairwise(numbers))
    assert len(redact(text)) <= len(text)
