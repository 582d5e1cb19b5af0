"""The journal: append-only lines, chained later, each change, gap and forgery found; an erasure leaves a tombstone."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from storage import journal
from storage.journal import JournalEntry
from tests.storage.plain import NOW, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as one:
        yield one


def lines(session: Session, count: int = 5) -> list[JournalEntry]:
    for number in range(count):
        journal.write(session, number, "visit.send", f"report:ZF-{number}", NOW, revision=1)
    assert journal.seal(session) == count
    session.flush()
    return list(session.exec(select(JournalEntry).order_by(col(JournalEntry.id))).all())


def faults(session: Session) -> list[tuple[int, str]]:
    session.flush()
    return [(fault.seq, fault.what) for fault in journal.verify(session)]


def test_an_untouched_chain_has_no_fault(session: Session) -> None:
    lines(session)
    assert faults(session) == []
    assert len(journal.head(session)) == 16


def test_lines_are_chained_in_order_and_only_once(session: Session) -> None:
    written = lines(session, 3)
    assert [one.seq for one in written] == [1, 2, 3]
    assert journal.seal(session) == 0
    before = journal.head(session)
    journal.write(session, None, "week.close", "region:120114", NOW)
    assert journal.head(session) == before, "a line counts once it is sealed"
    journal.seal(session)
    assert journal.head(session) != before


def test_sealing_takes_a_bounded_bite(session: Session) -> None:
    for number in range(7):
        journal.write(session, None, "x", f"r:{number}", NOW)
    assert [journal.seal(session, limit=3) for _ in range(3)] == [3, 3, 1]
    assert faults(session) == []


def test_a_changed_text_is_found(session: Session) -> None:
    written = lines(session)
    written[2].body = (written[2].body or "").replace("ZF-2", "ZF-9")
    assert faults(session) == [(3, "the text was changed")]


def test_a_line_cut_out_is_found(session: Session) -> None:
    written = lines(session)
    session.delete(written[1])
    assert (3, "line 2 is missing") in faults(session)


def test_a_forged_commitment_breaks_the_links(session: Session) -> None:
    written = lines(session)
    written[3].commitment = bytes(32)
    assert (4, "the link is broken") in faults(session)


def test_an_exchanged_pair_is_found(session: Session) -> None:
    first, second = lines(session)[1:3]
    first.body, second.body = second.body, first.body
    assert [seq for seq, _ in faults(session)] == [2, 3]


def test_an_erased_text_leaves_a_line_that_still_verifies(session: Session) -> None:
    written = lines(session)
    written[1].body, written[1].salt = None, None
    assert faults(session) == []
    assert journal.history(session, "report:ZF-1") == []


def test_the_commitment_cannot_be_guessed_from_the_text(session: Session) -> None:
    journal.write(session, 1, "read", "household:1", NOW)
    journal.write(session, 1, "read", "household:1", NOW)
    one, two = session.exec(select(JournalEntry)).all()
    assert one.body == two.body
    assert one.commitment != two.commitment


def test_history_tells_what_was_done_to_a_record_in_order(session: Session) -> None:
    journal.write(session, 1, "visit.send", "report:ZF-1", NOW)
    journal.read(session, 2, "household.head", "report:ZF-1", "查看", NOW)
    journal.write(session, 1, "visit.correct", "report:ZF-2", NOW)
    told = journal.history(session, "report:ZF-1")
    assert [(one["actor"], one["action"]) for one in told] == [(1, "visit.send"), (2, "read")]
    assert told[1]["reason"] == "查看"


def test_another_program_can_walk_the_chain(session: Session) -> None:
    lines(session)
    journal.write(session, None, "week.close", "region:120114", NOW)
    session.flush()
    found = [journal.as_data(one) for one in journal.lines(session)]
    before = b""
    for one in found[:5]:
        committed = sha256(bytes.fromhex(one["salt"]) + one["body"].encode())
        assert committed.hexdigest() == one["commitment"]
        before = sha256(before + committed.digest()).digest()
        assert before.hex() == one["hash"]
    assert (found[5]["seq"], found[5]["hash"]) == (None, None), "not chained yet"
    assert [one.record for one in journal.lines(session, "report:ZF-3")] == ["report:ZF-3"]
