"""How people and places are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import names
from tests.storage.county import Here


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("李爱民", "李*民"), ("李明", "李*"), ("李", "*"), ("欧阳正华", "欧**华"), ("Anna Lee", "A******e")],
)
def test_a_masked_name(name: str, hidden: str) -> None:
    assert names.masked(name) == hidden


@pytest.mark.parametrize(
    ("mask", "number", "hidden"),
    [
        (names.mask_phone, "13812345678", "138****5678"),
        (names.mask_id, "120114199001011237", "1201**********1237"),
        (names.mask_phone, "123", "***"),
        (names.mask_id, "", ""),
    ],
)
def test_a_masked_number(mask: object, number: str, hidden: str) -> None:
    assert callable(mask)
    assert mask(number) == hidden


@given(st.text(min_size=1, max_size=30))
def test_a_mask_keeps_the_length_and_hides_something(text: str) -> None:
    for hidden in (names.masked(text), names.mask_phone(text)):
        assert len(hidden) == len(text)
        assert "*" in hidden


@pytest.mark.parametrize(
    ("official", "usual"),
    [
        ("大桃园村委会", "大桃园村"),
        ("大桃园村村委会", "大桃园村"),
        ("大桃园村村民委员会", "大桃园村"),
        ("碧溪园第一社区居民委员会", "碧溪园第一社区"),
        ("团结路社区居委会", "团结路社区"),
        ("杨村街道", "杨村街道"),
        ("村委会", "村委会"),
    ],
)
def test_a_region_is_called_as_people_call_it(official: str, usual: str) -> None:
    assert names.spoken(official) == usual


def test_a_colleague_is_called_by_the_whole_name(here: Here) -> None:
    person = here.person("王爱民")
    assert names.full(here.session, person) == "王爱民"


def test_the_end_of_a_card_number() -> None:
    assert names.tail("WQ-000123") == "0123"
    assert names.tail("") == ""
