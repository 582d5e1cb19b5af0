"""The bots of an installation."""

from storage import bots
from tests.storage.county import Here


def test_no_bot_has_run_yet(here: Here) -> None:
    assert bots.username(here.session) is None
    assert bots.username(here.session, 42) is None
    assert bots.known(here.session) == []


def test_a_bot_is_remembered_with_its_present_name(here: Here) -> None:
    bots.remember(here.session, 42, "old_bot")
    bots.remember(here.session, 42, "new_bot")
    assert [(one.id, one.username) for one in bots.known(here.session)] == [(42, "new_bot")]


def test_of_several_bots_the_named_one_is_meant(here: Here) -> None:
    bots.remember(here.session, 43, "second_bot")
    bots.remember(here.session, 42, "first_bot")
    assert bots.username(here.session, 43) == "second_bot"
    assert bots.username(here.session) == "first_bot"
    assert bots.username(here.session, 44) is None
