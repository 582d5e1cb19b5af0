"""`zhucun evidence`: a pack that sha256sum checks, whose journal follows the chain, and that tells no more than it
should."""

import hashlib
import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import open_store
from storage import household_list, journal, photos
from storage.files import Files, path_of
from storage.photo import PhotoState
from storage.sealing import seal_text
from storage.summaries import WeeklySummary
from tests.drawn import drawn, phone
from tests.storage.asking import NOW, PLACES, add_full, add_photo, settle

FIRST, SECOND = "ZF-20261120-0001", "ZF-20261120-0002"
PHOTOS = (drawn("JPEG", exif=phone(6)), drawn("HEIF"), drawn("PNG"))


@dataclass
class Installed:
    folder: Path
    files: Files

    def pack(self, *arguments: str, code: int = 0) -> Path:
        """The unpacked pack."""
        out = self.folder / "out.zip"
        out.unlink(missing_ok=True)
        done = run(*arguments, "--out", str(out))
        assert done.exit_code == code, done.output
        target = self.folder / f"unpacked{len(list(self.folder.glob('unpacked*')))}"
        with zipfile.ZipFile(out) as archive:
            assert archive.testzip() is None
            archive.extractall(target)
        return target


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["evidence", *arguments])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Two reports, three photos of the first one, a journal whose head a summary printed later."""
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    store, files = open_store(), Files(tmp_path / "data" / "files")
    with store.writing() as session:
        county = settle(session)
        home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
        answers = {"village": PLACES[0], "household": home.id, "purposes": ["look"],
                   "findings": "屋顶漏雨，电话 13812345678"}  # fmt: skip
        report, _other = (
            add_full(session, "visit", county.people["王爱民"], answers, number=number)
            for number in (FIRST, SECOND)
        )
        for number in (FIRST, SECOND):
            journal.write(session, report.author_id, "visit.send", f"report:{number}", NOW)
        for place, data in enumerate(PHOTOS):
            photo = add_photo(session, report)
            photo.sha256, photo.length = files.keep(data), len(data)
            photo.mime = ("image/jpeg", "image/heic", "image/png")[place]
            photo.taken_at, photo.place = (
                "2026-11-20T15:04:05+08:00",
                seal_text(session, "photo.place", photo.uid, "39.512345,117.251234"),
            )
            journal.write(session, None, "photo.keep", f"photo:{photo.id}", NOW, sha256=photo.sha256)
        photos.copied(session, 2, photos.PREVIEW, files.keep(drawn("JPEG", (50, 40))))
        add_photo(session, report, state=PhotoState.REFUSED)
        journal.write(session, None, "other", "report:ZF-20260101-0001", NOW)
        journal.seal(session)
    store.close()
    return Installed(tmp_path, files)


def manifest(pack: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((pack / "manifest.json").read_text())
    return found


def test_sha256sum_alone_checks_all_of_it(here: Installed) -> None:
    pack = here.pack(FIRST)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=pack,
        capture_output=True,
        text=True,
        check=True,
    )
    named = {line.rpartition(": ")[0] for line in checked.stdout.splitlines()}
    everything = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    assert named == everything - {"SHA256SUMS"}
    (pack / "originals" / f"{FIRST}-01.jpg").write_bytes(b"another")
    again = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=pack, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1


def test_originals_are_the_bytes_that_came(here: Installed) -> None:
    pack = here.pack(FIRST)
    names = [f"{FIRST}-01.jpg", f"{FIRST}-02.heic", f"{FIRST}-03.png"]
    assert [(pack / "originals" / name).read_bytes() for name in names] == list(PHOTOS)
    (told,) = manifest(pack)["reports"]
    assert [one["file"] for one in told["photos"]] == [f"originals/{name}" for name in names]
    assert [one["sha256"] for one in told["photos"]] == [hashlib.sha256(data).hexdigest() for data in PHOTOS]
    assert told["photos"][0]["claimed_by_phone"]["taken_at"] == "2026-11-20T15:04:05+08:00"
    assert (pack / "shown" / f"{FIRST}-02.jpg").exists(), "what a browser cannot show is beside it as a JPEG"
    assert 'src="shown/ZF-20261120-0001-02.jpg"' in (pack / "index.html").read_text()


def test_the_journals_lines_follow_the_chain_up_to_the_printed_head(here: Installed) -> None:
    store = open_store()
    with store.writing() as session:
        head = journal.head(session)
        session.add(
            WeeklySummary(
                scope="",
                week="2026-W47",
                window_start=NOW,
                window_end=NOW,
                made_at=NOW,
                figures={"journal": head},
            )
        )
    store.close()
    pack = here.pack(FIRST)
    lines = [json.loads(line) for line in (pack / "journal.jsonl").read_text().splitlines()]
    assert [one["action"] for one in lines] == ["visit.send", *["photo.keep"] * 3, "evidence.export"]
    links = [line.split() for line in (pack / "chain.txt").read_text().splitlines()]
    digest = b""
    for place, (number, commitment, told) in enumerate(links, int(links[0][0])):
        digest = hashlib.sha256(digest + bytes.fromhex(commitment)).digest()
        assert (int(number), told) == (place, digest.hex())
    by_place = {int(number): commitment for number, commitment, _digest in links}
    for line in lines:
        made = hashlib.sha256(bytes.fromhex(line["salt"]) + line["body"].encode()).hexdigest()
        assert by_place[line["seq"]] == line["commitment"] == made
    assert head in {told[:16] for _number, _commitment, told in links}


def test_names_places_and_numbers_are_masked(here: Installed) -> None:
    pack = here.pack(FIRST)
    texts = "".join((pack / name).read_text() for name in ("index.html", "manifest.json", "journal.jsonl"))
    assert "李*山" in texts
    for secret in ("李大山", "王爱民", "13812345678", "39.51", "117.25"):
        assert secret not in texts, secret


def test_with_a_reason_all_is_told_and_journaled(here: Installed) -> None:
    pack = here.pack(FIRST, "--reveal", "纪委调查")
    page = (pack / "index.html").read_text()
    assert all(
        told in page for told in ("李大山", "王爱民", "13812345678", "39.512345, 117.251234", "纪委调查")
    )
    assert "在国内地图里查：39.51" in page
    assert manifest(pack)["reports"][0]["photos"][0]["claimed_by_phone"]["latitude"] == 39.512345
    store = open_store()
    with store.reading() as session:
        lines = journal.history(session, f"report:{FIRST}")
    store.close()
    assert [line["action"] for line in lines[1:]] == ["evidence.export", "read", "evidence.made"]
    assert lines[2]["reason"] == "纪委调查"
    assert lines[3]["sums"] == hashlib.sha256((pack / "SHA256SUMS").read_bytes()).hexdigest()


def test_what_is_missing_or_changed_is_left_out_and_said(here: Installed) -> None:
    data = here.folder / "data" / "files"
    (data / path_of(hashlib.sha256(PHOTOS[0]).hexdigest())).unlink()
    (data / path_of(hashlib.sha256(PHOTOS[2]).hexdigest())).write_bytes(b"forged")
    pack = here.pack(FIRST, code=1)
    assert [path.name for path in (pack / "originals").iterdir()] == [f"{FIRST}-02.heic"]
    assert [one["missing"] for one in manifest(pack)["reports"][0]["photos"]] == [True, False, True]
    assert (pack / "index.html").read_text().count("这张照片的文件不见了或者变了，包里没有。") == 2


def test_several_reports_in_one_pack_and_one_without_photos(here: Installed) -> None:
    pack = here.pack(SECOND, FIRST, SECOND)
    assert [one["number"] for one in manifest(pack)["reports"]] == [SECOND, FIRST]


@pytest.mark.parametrize(
    ("arguments", "says"), [(["ZF-1"], "没有这些编号的报告：ZF-1"), ([FIRST, "x", "y"], "x, y")]
)
def test_an_unknown_number_is_refused(here: Installed, arguments: list[str], says: str) -> None:
    done = run(*arguments, "--out", str(here.folder / "new.zip"))
    assert done.exit_code == 2
    assert says in done.stderr
    assert not (here.folder / "new.zip").exists()


def test_nothing_is_overwritten(here: Installed) -> None:
    (here.folder / "old.zip").write_bytes(b"old")
    done = run(FIRST, "--out", str(here.folder / "old.zip"))
    assert done.exit_code == 2
    assert (here.folder / "old.zip").read_bytes() == b"old"


def test_where_it_cannot_be_written_it_is_said(here: Installed) -> None:
    done = run(FIRST, "--out", str(here.folder / "nowhere" / "a.zip"))
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_markup_in_texts_stays_text(here: Installed) -> None:
    store = open_store()
    with store.writing() as session:
        county_person = 1
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "<script>alert(1)</script>"}
        add_full(session, "visit", county_person, answers, number="ZF-20261120-0003")
    store.close()
    page = (here.pack("ZF-20261120-0003") / "index.html").read_text()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
