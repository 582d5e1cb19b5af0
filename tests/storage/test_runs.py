"""Runs of digits that stand apart or are written as Chinese numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import runs
from storage.redact import found, redact
from storage.runs import Run


@pytest.mark.parametrize(
    ("text", "digits", "groups", "lines"),
    [
        ("号138 0013 8000。", "13800138000", (3, 4, 4), False),
        ("号1380013\n8000。", "13800138000", (7, 4), True),
        ("号1 3 8 0 0 1 3 8。", "13800138", (1,) * 8, False),
        ("号12010119840\n316935 X。", "12010119840316935X", (11, 6, 1), False),
        ("号138--0013/8000。", "13800138000", (3, 4, 4), False),
    ],
)
def test_digits_that_stand_apart_are_one_run(
    text: str, digits: str, groups: tuple[int, ...], *, lines: bool
) -> None:
    assert list(runs.spread(text)) == [Run(1, len(text) - 1, digits, groups, lines)]


@pytest.mark.parametrize("text", ["123456", "13800    138000", "138元0013元8000", ""])
def test_others_are_none(text: str) -> None:
    assert list(runs.spread(text)) == []


def test_a_run_that_goes_on_in_numerals_is_left_to_them() -> None:
    assert list(runs.spread("幺三80013800")) == []
    (guesses,) = runs.spoken("幺三80013800")
    assert guesses[0] == Run(0, 10, "1380013800", (10,), lines=False)


def test_numerals_may_belong_to_the_words_around() -> None:
    (guesses,) = runs.spoken("王三一三八零零一三八〇○零一直")
    assert guesses[0].digits == "3138001380001"
    assert "13800138000" in [one.digits for one in guesses]


def test_a_comma_parts_numerals_only_at_last() -> None:
    said = [guesses[0].digits for guesses in runs.spoken("幺三八零零幺三，八零零零幺二三")]
    assert said == ["1380013", "8000123", "13800138000123"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("打幺三八零零幺三八零零零找他", "打*找他"),
        ("证110105491231002，旧的", "证*，旧的"),
        ("证１１０１０５　４９１２３１　００２，旧的", "证*，旧的"),
        ("手机1380013\n8000\n住二组", "手机*\n住二组"),
        ("手机1380 0138 000", "手机*"),
        ("补贴1380 0138 000", "补贴1380 0138 000"),
        ("合同110105491231002", "合同110105491231002"),
        ("一三八线和二三五线", "一三八线和二三五线"),
        ("第138 0013 8000号文件", "第138 0013 8000号文件"),
        ("水费\n15\n2600\n38000", "水费\n15\n2600\n38000"),
        ("证110105491331002", "证110105491331002"),
    ],
)
def test_what_is_hidden_of_them(text: str, left: str) -> None:
    assert redact(text, "*") == left


@given(st.text(alphabet="0123456789零一幺三八〇 -.\n，X号电话合同元", max_size=60))
def test_what_is_found_lies_side_by_side(text: str) -> None:
    ends = [0]
    for one in found(text):
        assert ends[-1] <= one.start < one.end <= len(text)
        assert any(sign.isdigit() or sign in runs.NUMERALS for sign in text[one.start : one.end])
        ends.append(one.end)
