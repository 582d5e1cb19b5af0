"""Who sees how much of a person is decided in one place."""

import ast

import pytest

from storage import showing
from storage.redact import Secret
from storage.showing import Channel, Degree, Of, degree
from tests.house.tree import ROOT

PUBLIC = (Channel.GROUP, Channel.SUMMARY, Channel.NOTICE, Channel.PICTURE, Channel.API)
ID = "120114199001011234"


@pytest.mark.parametrize("channel", PUBLIC)
@pytest.mark.parametrize("of", Of)
def test_what_is_public_is_masked_whatever_reason_is_given(of: Of, channel: Channel) -> None:
    assert degree(of, channel, own=True, reason=True) <= Degree.MASKED


@pytest.mark.parametrize("of", Of)
def test_files_are_masked_until_there_is_a_reason(of: Of) -> None:
    assert degree(of, Channel.FILE) == degree(of, Channel.FILE, own=True) == Degree.MASKED
    assert degree(of, Channel.FILE, reason=True) == Degree.FULL


@pytest.mark.parametrize("channel", Channel)
def test_a_number_is_never_shown_in_full_unasked(channel: Channel) -> None:
    assert degree(Of.NUMBER, channel, own=True) <= Degree.MASKED


def test_heads_in_lists_are_for_their_own_team() -> None:
    assert degree(Of.HEAD, Channel.LIST) == Degree.MASKED
    assert degree(Of.HEAD, Channel.LIST, own=True) == Degree.FULL


def test_an_officer_sees_initials_until_the_name_is_asked_for() -> None:
    assert degree(Of.HEAD, Channel.REFERRAL, own=True) == Degree.INITIALS
    assert degree(Of.HEAD, Channel.REFERRAL, reason=True) == Degree.FULL


def test_every_degree_is_shown_somewhere() -> None:
    """What no channel uses would be a promise that nobody keeps."""
    assert {degree(of, channel) for of in Of for channel in Channel} == set(Degree)


def test_groups_hear_no_more_than_the_family_name_of_a_colleague() -> None:
    shown = {of: degree(of, Channel.GROUP, own=True, reason=True) for of in Of}
    assert shown == {Of.COLLEAGUE: Degree.INITIALS, Of.HEAD: Degree.NOTHING, Of.NUMBER: Degree.NOTHING}


def test_what_is_not_declared_is_not_shown() -> None:
    assert degree(Of.HEAD, Channel.GROUP, own=True, reason=True) == Degree.NOTHING
    assert degree(Of.HEAD, Channel.LINK) == Degree.NOTHING
    assert degree(Of.NUMBER, Channel.LIST) == Degree.NOTHING


@pytest.mark.parametrize(
    ("whole", "shown", "seen"),
    [
        ("李爱民", Degree.FULL, "李爱民"),
        ("李爱民", Degree.MASKED, "李*民"),
        ("李爱民", Degree.INITIALS, "李某"),
        ("欧阳明月", Degree.INITIALS, "欧阳某"),
        ("欧阳", Degree.INITIALS, "欧某"),
        ("李爱民", Degree.NOTHING, ""),
        ("", Degree.FULL, ""),
    ],
)
def test_a_name_is_rendered_by_degree(whole: str, shown: Degree, seen: str) -> None:
    assert showing.name(whole, shown) == seen


@pytest.mark.parametrize(
    ("kind", "whole", "seen"),
    [
        (Secret.ID_NUMBER, ID, "1201**********1234"),
        (Secret.PHONE, "13812345678", "138****5678"),
        (Secret.PHONE, "6789693", "****693"),
        (Secret.CARD, "6217000010001234563", "***************4563"),
    ],
)
def test_a_number_is_rendered_by_degree(kind: Secret, whole: str, seen: str) -> None:
    assert showing.number(kind, whole, Degree.MASKED) == seen
    assert showing.number(kind, whole, Degree.FULL) == whole
    assert showing.number(kind, whole, Degree.INITIALS) == showing.number(kind, whole, Degree.NOTHING) == ""


def test_nobody_else_masks() -> None:
    """Masks are made by storage/names.py and used by storage/showing.py alone."""
    masks = {"masked", "mask_id", "mask_phone", "mask_number", "surname"}
    broken = []
    for folder in ("bot", "handlers", "reports", "storage"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                used = isinstance(node, ast.Attribute) and node.attr in masks
                if used and file.name not in ("names.py", "showing.py"):
                    broken.append(f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert broken == []
