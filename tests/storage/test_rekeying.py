"""Keys are changed while everything runs, wholly, and a change that was broken off is gone on with."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, func, select
from sqlmodel import Session, col
from sqlmodel import select as rows

from storage import (
    arrivals,
    chats,
    drafts,
    household_list,
    keyhole,
    letters,
    private_numbers,
    rekeying,
    roster,
    sealed,
)
from storage.answers import answers_of
from storage.db import Store
from storage.households import Household
from storage.redact import TOKEN
from storage.report import Report
from storage.reporting import hand_in
from storage.sealing import CannotOpen, Keyring, keyring, seal_text
from storage.showing import Degree
from storage.tables import metadata
from tests import databases
from tests.starter import PROJECT
from tests.storage.asking import NOW, PLACES, County, settle

PLAIN = {
    "phone_index",
    "id_index",
    "card_index",
    "blind",
    "token_hash",
    "salt",
    "commitment",
    "hash",
    "spots",
    "sketch",
}
"""Bytes that are no boxes: indexes, hashes, how a photo looks."""
PHONE, CARD, TYPED = "13812345678", "WQ0001", "13987654321"


@dataclass
class Kept:
    store: Store
    path: Path
    county: County

    def boxes(self) -> set[int]:
        """The numbers of the keys under which something is sealed."""
        found = set()
        with self.store.reading() as session:
            for one in sealed.columns():
                heads = session.connection().scalars(
                    select(func.substr(one.box, 2, 2)).where(one.box.is_not(None))
                )
                found |= {int.from_bytes(head, "big") for head in heads}
        return found


def fill(session: Session, county: County) -> None:
    """Something sealed of each sort that a visit makes."""
    actor, chat = county.actor(session, "王爱民"), chats.chat_of(session, 42, 1001)
    person = roster.add_person(session, "钱芳", phone=PHONE, by=None, now=NOW)
    assert person.phone
    home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
    home.card = seal_text(session, "household.card", home.uid, CARD)
    home.card_index = keyring(session).index("household.card", CARD)
    answers = {"household": home.id, "purposes": ["look"], "findings": f"电话{TYPED}", "place": [39.5, 117.2]}
    hand_in(session, drafts.start(session, chat, actor, "visit", NOW, answers=answers), actor, NOW)
    letters.say(session, chat, "sendMessage", {"text": "好"}, now=NOW)
    arrivals.keep(session, 42, [(number, b'{"update_id":1}') for number in range(450)], NOW)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    path = tmp_path / "zhucun.key"
    Keyring.new().save(path)
    store = Store(databases.url(str(tmp_path / "zhucun.db")), Keyring.load(path))
    metadata.create_all(store.write)
    with store.writing() as session:
        county = settle(session)
        fill(session, county)
    yield Kept(store, path, county)
    store.close()


def look(store: Store, county: County) -> None:
    """Everything opens, and every number is found."""
    with store.reading() as session:
        person = roster.by_phone(session, PHONE)
        assert person is not None
    with store.writing() as session:
        [head] = household_list.by_number(session, county.actor(session, "王爱民"), CARD, NOW)
        assert head.name == "李大山"
        report = session.exec(rows(Report)).one()
        said = answers_of(session, report)
        assert said["place"] == [39.5, 117.2]
        assert private_numbers.told(session, said["findings"], Degree.FULL) == f"电话{TYPED}"
        assert arrivals.body_of(session, arrivals.waiting(session, 42, 1)[0]) == {"update_id": 1}


def test_every_column_of_bytes_is_known() -> None:
    """A new sealed column that a change of keys would forget fails here."""
    there = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name not in PLAIN
    }
    assert there == {str(one) for one in sealed.columns()}


def test_everything_is_sealed_anew_and_found_again(kept: Kept) -> None:
    told: list[tuple[int, int]] = []
    count = rekeying.rotate(kept.store, kept.path, NOW, lambda done, all_: told.append((done, all_)))
    assert count > 450
    assert told[-1] == (count, count)
    assert kept.boxes() == {2}
    after = Keyring.load(kept.path)
    assert (list(after.keys), after.changing, after.blind == kept.store.keyring.blind) == ([2], False, True)
    fresh = Store(kept.store.url, after)
    look(fresh, kept.county)
    fresh.close()


def test_the_former_keys_open_nothing_afterwards(kept: Kept) -> None:
    former = Keyring.load(kept.path)
    former.path = None
    rekeying.rotate(kept.store, kept.path, NOW)
    stolen = Store(kept.store.url, former)
    with stolen.reading() as session:
        home = session.exec(rows(Household)).one()
        with pytest.raises(CannotOpen):
            household_list.name_of(session, home.id or 0)
        assert roster.by_phone(session, PHONE) is None
    assert not keyhole.opens(stolen)
    stolen.close()


def test_who_runs_meanwhile_goes_on_and_takes_up_the_new_keys(kept: Kept) -> None:
    running = Store(kept.store.url, Keyring.load(kept.path))
    seen: list[int] = []

    def meanwhile(_done: int, _all: int) -> None:
        look(running, kept.county)
        with running.writing() as session:
            arrivals.keep(session, 43, [(len(seen), b"{}")], NOW)
            seen.append(running.keyring.current)

    rekeying.rotate(kept.store, kept.path, NOW, meanwhile)
    assert set(seen) == {2}
    assert kept.boxes() == {2}
    look(running, kept.county)
    running.close()


def test_who_slept_through_it_all_wakes_up_to_the_new_keys(kept: Kept) -> None:
    asleep = Store(kept.store.url, Keyring.load(kept.path))
    rekeying.rotate(kept.store, kept.path, NOW)
    look(asleep, kept.county)
    with asleep.writing() as session:
        arrivals.keep(session, 43, [(1, b"{}")], NOW)
    assert kept.boxes() == {2}
    asleep.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from storage import rekeying
from storage.db import Store
from storage.sealing import Keyring
from tests.storage.asking import NOW
path, url, after = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def told(done, _all):
    if done >= after:
        os.kill(os.getpid(), signal.SIGKILL)
rekeying.rotate(Store(url, Keyring.load(path)), path, NOW, told)
"""


@pytest.mark.parametrize("after", [1, 300])
def test_killed_in_the_middle_it_goes_on_where_it_was(kept: Kept, after: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(kept.path), kept.store.url, str(after)], cwd=PROJECT,
        env=dict(os.environ), timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert kept.boxes() == {1, 2}
    begun = Keyring.load(kept.path)
    assert begun.changing
    again = Store(kept.store.url, begun)
    look(again, kept.county)
    total = rekeying.left(again, begun)
    assert rekeying.rotate(again, kept.path, NOW) == total
    look(again, kept.county)
    again.close()
    assert (kept.boxes(), list(Keyring.load(kept.path).keys)) == ({2}, [2])


def test_a_box_that_does_not_open_stops_it_and_no_key_is_lost(kept: Kept) -> None:
    with kept.store.writing() as session:
        home = session.exec(rows(Household)).one()
        home.head = home.head[:-1] + bytes([home.head[-1] ^ 1])
    with pytest.raises(CannotOpen):
        rekeying.rotate(kept.store, kept.path, NOW)
    assert sorted(Keyring.load(kept.path).keys) == [1, 2]


def test_keys_of_another_installation_are_not_taken_up(kept: Kept) -> None:
    kept.path.unlink()
    Keyring.new().save(kept.path)
    look(kept.store, kept.county)
    with kept.store.writing() as session:
        arrivals.keep(session, 43, [(1, b"{}")], NOW)
        newest = session.exec(rows(arrivals.Arrival).order_by(col(arrivals.Arrival.id).desc())).first()
        assert newest is not None
        assert arrivals.body_of(session, newest) == {}


def test_a_key_file_that_is_gone_or_spoilt_meanwhile_changes_nothing(kept: Kept) -> None:
    for spoil in (lambda: kept.path.write_text("{"), kept.path.unlink):
        spoil()
        look(kept.store, kept.county)


def test_other_keys_are_noticed(kept: Kept) -> None:
    other = Store(kept.store.url, Keyring.new())
    assert keyhole.opens(kept.store)
    assert not keyhole.opens(other)
    other.close()


def test_a_token_outlives_a_change_of_keys(kept: Kept) -> None:
    """Written again in the same text afterwards, the number has the token it had."""
    with kept.store.writing() as session:
        report = session.exec(rows(Report)).one()
        before = TOKEN.findall(str(answers_of(session, report)["findings"]))
        origin = session.exec(rows(private_numbers.PrivateNumber.origin)).one()
    rekeying.rotate(kept.store, kept.path, NOW)
    with kept.store.writing() as session:
        assert TOKEN.findall(private_numbers.hide(session, TYPED, origin, NOW)) == before
