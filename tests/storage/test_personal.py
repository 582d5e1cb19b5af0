"""Numbers and names of persons, cleaned and checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.personal import clean_card, clean_id, clean_name, clean_phone

# 11010519491231002X is the standard's own example.
GOOD = "11010519491231002X"


@pytest.mark.parametrize("text", [GOOD, GOOD.lower(), "110105 19491231 002x"])
def test_an_id_number_is_cleaned(text: str) -> None:
    assert clean_id(text) == GOOD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105194912310021",
        "11010519491331002X",
        "110105194912310",
        "010105194912310021",
        "１１０１０５１９４９１２３１００２Ｘ",
        "x" * 18,
        GOOD + "1",
    ],
)
def test_what_is_no_id_number(text: str) -> None:
    assert clean_id(text) is None


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, more: int) -> None:
    wrong = str((int(GOOD[place]) + more) % 10)
    assert clean_id(GOOD[:place] + wrong + GOOD[place + 1 :]) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("022-29341234", "02229341234"),
        ("(0316)5551234", "03165551234"),
        ("（0316）5551234", "03165551234"),
        ("5551234", None),
        ("23812345678", None),
        ("1381234567", None),
        ("无", None),
        ("", None),
    ],
)
def test_a_phone_number(text: str, phone: str | None) -> None:
    assert clean_phone(text) == phone


def test_a_card_number_has_no_spaces_and_capitals() -> None:
    assert clean_card(" wq-00 12 ") == "WQ-0012"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李爱民", "李爱民"),
        (" 李 明 ", "李明"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("Anna  Lee", "Anna Lee"),
        ("=1+1", None),
        ("123", None),
        ("", None),
        ("👍👍", None),
        ("李" * 41, None),
        ("李\n明", "李明"),
    ],
)
def test_a_name(text: str, name: str | None) -> None:
    assert clean_name(text) == name


@given(st.text(max_size=60))
def test_a_cleaned_name_stays_as_it_is(text: str) -> None:
    name = clean_name(text)
    if name is not None:
        assert clean_name(name) == name
        assert 1 <= len(name) <= 40
