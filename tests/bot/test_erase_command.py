"""`zhucun erase`: a dry run writes nothing; afterwards no byte of it is in the data folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot import settings
from bot.cli import app
from storage import erasing, household_list, journal
from storage.erasing import MARK
from storage.files import Files
from storage.kinds import KINDS
from storage.report import Report
from storage.reporting import send
from tests import planted
from tests.storage.asking import NOW, PLACES, add_photo, settle

WORDS = "鑫堃赟家的屋檐塌了"
PIECES = [WORDS, "鑫堃", "堃赟", "屋檐", "檐塌"]
"""The words, and the pairs by which the search index finds them."""


@dataclass
class Kept:
    folder: Path
    household: int
    sha: str

    def said(self) -> list[str]:
        """Where the words are, in any file."""
        return planted.found(PIECES, planted.files(self.folder))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    folder = tmp_path / "data"
    monkeypatch.setenv("ZHUCUN_DATA", str(folder))
    store, files = settings.open_store(), Files(folder / "files")
    sha = files.keep(b"photo" * 1000)
    with store.writing() as session:
        county = settle(session)
        home = household_list.add(session, PLACES[0], "鑫堃赟", by=None, now=NOW).id or 0
        answers = {"village": PLACES[0], "household": home, "purposes": ["look"]}
        made = [
            send(session, KINDS["visit"], answers | {"findings": words}, county.actor(session, "王爱民"), NOW)
            for words in (WORDS, "一切都好")
        ]
        add_photo(session, made[0]).sha256 = sha
        journal.seal(session)
    store.close()
    return Kept(folder, home, sha)


def zhucun(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["erase", *map(str, arguments)])


def test_a_dry_run_says_what_would_go_and_writes_nothing(kept: Kept) -> None:
    before = kept.said()
    done = zhucun("--household", kept.household, "--reason", "本人申请", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "试运行" in done.output
    assert "报告 2 份" in done.output
    assert "照片 1 张（文件 1 个）" in done.output
    assert kept.said() == before != []
    assert list(Files(kept.folder / "files").listing()) == [kept.sha]
    store = settings.open_store()
    with store.reading() as session:
        assert journal.history(session, f"household:{kept.household}")[-1]["action"] == "household.add"
    store.close()


def test_no_byte_of_it_is_left_in_the_data_folder(kept: Kept) -> None:
    done = zhucun("--household", kept.household, "--reason", "本人申请")
    assert done.exit_code == 0, done.output
    assert "已删除：报告 2 份" in done.output
    assert kept.said() == []
    assert Files(kept.folder / "files").listing() == {}
    store = settings.open_store()
    with store.writing() as session:
        assert household_list.name_of(session, kept.household) == MARK
        journal.seal(session)
        assert list(journal.verify(session)) == []
        assert len(session.exec(select(Report)).all()) == 2
    store.close()
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--reason", "x"),
        ("--household", 1, "--person", 1, "--reason", "x"),
        ("--household", 1),
        ("--household", 999, "--reason", "x"),
        ("--before", "去年", "--reason", "x"),
        ("--person", 1, "--reason", "x"),
    ],
)
def test_what_is_unclear_or_not_allowed_erases_nothing(kept: Kept, arguments: tuple[object, ...]) -> None:
    before = kept.said()
    assert zhucun(*arguments).exit_code == 2
    assert kept.said() == before


def test_old_reports_go_by_the_rule(kept: Kept) -> None:
    assert "报告 0 份" in zhucun("--before", "2026-01-01", "--reason", "保存期满").output
    assert "报告 2 份" in zhucun("--before", "2027-01-01", "--reason", "保存期满").output
    assert not any("檐" in one for one in kept.said())


def test_files_of_an_erasure_that_was_broken_off_go_with_the_next(kept: Kept) -> None:
    """Killed after the commit and before the files were deleted."""
    store, files = settings.open_store(), Files(kept.folder / "files")
    with store.writing() as session:
        assert erasing.household(session, kept.household, "本人申请", NOW).files == {kept.sha}
    assert list(files.listing()) == [kept.sha]
    store.close()
    looked = CliRunner().invoke(app, ["verify"])
    assert (looked.exit_code, f"已按规定删除的文件还在（{kept.sha}）" in looked.output) == (1, True)
    assert zhucun("--before", "2020-01-01", "--reason", "保存期满").exit_code == 0
    assert files.listing() == {}
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0


def test_a_file_that_was_sent_again_since_stays(kept: Kept) -> None:
    zhucun("--household", kept.household, "--reason", "本人申请")
    store, files = settings.open_store(), Files(kept.folder / "files")
    assert files.keep(b"photo" * 1000) == kept.sha
    with store.writing() as session:
        add_photo(session, session.exec(select(Report)).first() or pytest.fail("no report")).sha256 = kept.sha
    store.close()
    assert zhucun("--before", "2020-01-01", "--reason", "保存期满").exit_code == 0
    assert list(files.listing()) == [kept.sha]
