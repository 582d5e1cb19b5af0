"""The order document is asked for when a problem is issued, and whenever somebody wants it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage import errands, journal, letters, orders
from storage.errands import Errand
from storage.letters import Lane, Letter
from storage.photo import PhotoState
from storage.refusals import NotYours
from tests.storage.asking import add_photo
from tests.storage.mending import issued
from tests.storage.reporting_world import Desk


def asked(desk: Desk) -> list[dict[str, Any]]:
    found = select(Errand).where(Errand.kind == "order").order_by(col(Errand.id))
    return [errands.body_of(desk.session, one) for one in desk.session.exec(found)]


def test_whoever_is_to_mend_it_gets_the_document(desk: Desk) -> None:
    report = issued(desk)
    (body,) = asked(desk)
    team = {desk.chat(name).id for name in ("王爱民", "李明")}
    assert (body["report"], {chat for chat, _language in body["chats"]}) == (report.id, team)


def test_asked_again_it_comes_to_that_chat_and_once_a_minute(desk: Desk) -> None:
    report = issued(desk)
    for _press in range(2):
        orders.again(desk.session, report, desk.chat("孙丽"), desk.at)
    orders.again(desk.session, report, desk.chat("孙丽"), desk.at + timedelta(minutes=1))
    assert [body["chats"] for body in asked(desk)[1:]] == [[[desk.chat("孙丽").id, "zh"]]] * 2


def test_it_waits_for_photos_but_not_for_ever(desk: Desk) -> None:
    report = issued(desk)
    assert not orders.may_wait(desk.session, report, desk.at, desk.at)
    add_photo(desk.session, report, state=PhotoState.WAITING)
    assert orders.may_wait(desk.session, report, desk.at, desk.at + timedelta(minutes=9))
    assert not orders.may_wait(desk.session, report, desk.at, desk.at + orders.PATIENCE)


def test_the_file_is_sent_once_in_the_language_of_each(desk: Desk) -> None:
    report = issued(desk)
    chats = [(desk.chat("王爱民").id or 0, "zh"), (desk.chat("李明").id or 0, "en")]
    for _time in range(2):
        orders.send(desk.session, report, "a" * 64, chats, orders.ISSUED, desk.at)
    sent = select(Letter).where(Letter.method == "sendDocument").order_by(col(Letter.id))
    rows = list(desk.session.exec(sent))
    assert [one.lane for one in rows] == [Lane.NOTICE] * 2
    first, second = (letters.payload_of(desk.session, one) for one in rows)
    assert first["document"] == {"$file": "a" * 64, "name": f"交办单 {report.number}.docx"}
    assert second["caption"] == f"Order {report.number}"


def test_an_answer_goes_before_notices(desk: Desk) -> None:
    report = issued(desk)
    orders.send(desk.session, report, "b" * 64, [(desk.chat("孙丽").id or 0, "zh")], "202611201200", desk.at)
    (row,) = desk.session.exec(select(Letter).where(Letter.method == "sendDocument"))
    assert row.lane == Lane.TALK


def test_the_ledger_is_for_those_who_manage_a_place(desk: Desk) -> None:
    for name in ("王爱民", "李明", "吴敏"):
        with pytest.raises(NotYours):
            orders.ledger(desk.session, desk.actor(name), desk.chat(name), desk.at)
    for _press in range(2):
        orders.ledger(desk.session, desk.actor("孙丽"), desk.chat("孙丽"), desk.at)
    (errand,) = desk.session.exec(select(Errand).where(Errand.kind == "ledger"))
    body = errands.body_of(desk.session, errand)
    assert (body["regions"], body["name"]) == (["120114001"], "整改清单和台账 2026-11-20")
    written = [line["action"] for line in journal.history(desk.session, "reports")]
    assert written == ["rectifications.export"]


def test_the_ledger_is_sent_once_for_an_errand(desk: Desk) -> None:
    chat = desk.chat("孙丽").id or 0
    for _time in range(2):
        orders.send_ledger(desk.session, chat, "c" * 64, "台账", 7, desk.at)
    (row,) = desk.session.exec(select(Letter).where(Letter.method == "sendDocument"))
    assert letters.payload_of(desk.session, row)["document"] == {"$file": "c" * 64, "name": "台账.xlsx"}
