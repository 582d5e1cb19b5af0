"""After an erasure: which files nothing refers to, and that deleted words leave the file of the database."""

from pathlib import Path

from storage import erasing, forgetting
from storage.kinds import KINDS
from storage.reporting import send
from tests.storage.asking import NOW, PLACES, add_photo, new_store, settle

WORD = "鑫堃赟檐"


def test_only_files_that_nothing_refers_to_are_unused(tmp_path: Path) -> None:
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        county = settle(session)
        answers = {"village": PLACES[0], "household": None, "purposes": ["look"], "findings": "x"}
        one = send(session, KINDS["visit"], answers, county.actor(session, "王爱民"), NOW)
        add_photo(session, one).sha256 = "a" * 64
        session.flush()
        assert forgetting.unused(session, ["a" * 64, "b" * 64]) == {"b" * 64}
        erasing.photos(session, one.id or 0, "保存期满", NOW)
        assert forgetting.unused(session, ["a" * 64]) == {"a" * 64} == forgetting.files_left(session)
    store.close()


def test_words_go_piece_by_piece_until_no_byte_is_left(tmp_path: Path) -> None:
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        county = settle(session)
    ids = []
    for number in range(60):
        with store.writing() as session:
            answers = {"village": PLACES[0], "household": None, "purposes": ["look"]}
            words = {"findings": f"{WORD}第{number}户"}
            made = send(session, KINDS["visit"], answers | words, county.actor(session, "王爱民"), NOW)
            ids.append(made.id or 0)
    with store.writing() as session:
        assert erasing.reports(session, ids, "保存期满", NOW).reports == 60
    pieces, more = 0, True
    while more and pieces < 100:
        with store.writing() as session:
            more = forgetting.words(session, first=pieces == 0)
        pieces += 1
    assert pieces < 100
    if not store.shared:
        forgetting.empty_log(store)
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert not any(pair.encode() in left for pair in (WORD, WORD[:2], WORD[1:3], WORD[2:]))
    store.close()
