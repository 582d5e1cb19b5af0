"""`zhucun verify`: nothing to say of what is as it was; each fault by its name, and exit code 1."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import open_store
from storage import journal, photos
from storage.files import Files, path_of
from storage.journal import JournalEntry
from storage.summaries import WeeklySummary
from tests.storage.asking import NOW, PLACES, add_full, add_photo, settle

NUMBER = "ZF-20261120-0001"


@dataclass
class Kept:
    folder: Path
    shas: list[str]

    def path(self, number: int) -> Path:
        return self.folder / "files" / path_of(self.shas[number])


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A report with two photos and a preview, and a journal of five lines."""
    folder = tmp_path / "data"
    monkeypatch.setenv("ZHUCUN_DATA", str(folder))
    store, files = open_store(), Files(folder / "files")
    shas = [files.keep(f"photo {number}".encode() * 300_000) for number in range(3)]
    with store.writing() as session:
        county = settle(session)
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "屋顶漏雨"}
        report = add_full(session, "visit", county.people["王爱民"], answers, number=NUMBER)
        for sha in shas[:2]:
            add_photo(session, report).sha256 = sha
        photos.copied(session, 2, photos.PREVIEW, shas[2])
        for line in range(5):
            journal.write(session, None, "visit.send", f"report:ZF-{line}", NOW)
        journal.seal(session)
        journal.write(session, None, "read", "reports", NOW)
        session.add(
            WeeklySummary(
                scope="120114", week="2026-W47", window_start=NOW, window_end=NOW, made_at=NOW,
                figures={"journal": journal.head(session)},
            )
        )  # fmt: skip
    store.close()
    return Kept(folder, shas)


def verified(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["verify", *arguments])


def faults(*arguments: str) -> list[str]:
    done = verified(*arguments)
    assert done.exit_code == 1, done.output
    assert f"共 {len(done.stdout.splitlines())} 处不对" in done.stderr
    return done.stdout.splitlines()


def line(session: Session, seq: int) -> JournalEntry:
    return session.exec(select(JournalEntry).where(JournalEntry.seq == seq)).one()


def head_of(seq: int) -> str:
    store = open_store()
    with store.reading() as session:
        found = line(session, seq).hash or b""
    store.close()
    return found.hex()[:16]


def test_what_is_as_it_was_is_said_in_one_line(kept: Kept) -> None:
    done = verified("--head", head_of(3).upper())
    assert (done.exit_code, done.stdout) == (0, "都没有变：照片、文件和日志。\n")


def test_a_missing_and_a_changed_file_are_named(kept: Kept) -> None:
    kept.path(0).unlink()
    data = bytearray(kept.path(1).read_bytes())
    data[1_500_000] ^= 1
    kept.path(1).write_bytes(data)
    kept.path(2).write_bytes(b"")
    assert faults() == [
        f"{NUMBER} 照片 1（{kept.shas[0]}）：文件不见了",
        f"{NUMBER} 照片 2（{kept.shas[1]}）：内容变了",
        f"{NUMBER} 照片 2 preview（{kept.shas[2]}）：内容变了",
    ]


def test_a_forged_line_is_named(kept: Kept) -> None:
    store = open_store()
    with store.writing() as session:
        line(session, 2).body = '{"action": "nothing"}'
        unsealed = session.exec(select(JournalEntry).where(col(JournalEntry.seq).is_(None))).one()
        unsealed.body = "{}"
    store.close()
    assert faults() == ["日志第 2 行：内容被改过", "日志里还没有入链的一行：内容被改过"]


def test_a_line_that_was_taken_out_is_named(kept: Kept) -> None:
    store = open_store()
    with store.writing() as session:
        session.delete(line(session, 3))
    store.close()
    assert faults() == ["日志第 4 行：前面缺行", "日志第 4 行：和前一行接不上"]


def test_an_end_that_was_cut_off_is_seen_by_the_head_that_was_printed(kept: Kept) -> None:
    last = head_of(5)
    store = open_store()
    with store.writing() as session:
        session.delete(line(session, 5))
    store.close()
    assert faults() == [f"日志里没有链首 {last}（2026-W47）"]
    assert faults("--head", "0123456789abcdef") == [
        "日志里没有链首 0123456789abcdef（您给出的）", f"日志里没有链首 {last}（2026-W47）",
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["", "xyz", "0123", "0123456789abcdef0"])
def test_what_is_no_head_is_refused(kept: Kept, head: str) -> None:
    done = verified("--head", head)
    assert done.exit_code == 2
    assert "16 位十六进制数" in done.stderr


def test_an_empty_installation_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "new"))
    assert verified().exit_code == 0


def test_a_long_journal_is_walked_a_page_at_a_time(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PAGE", 2)
    assert verified().exit_code == 0
