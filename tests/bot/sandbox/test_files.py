"""Files of the sandbox: sizes that belong together, identifiers, paths, a folder by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.files import Files, Upload, file_id, file_path, sha256, unique_id
from bot.sandbox.model import StoredFile
from tests.bot.sandbox.test_sending import picture


def test_the_sizes_of_a_photo_know_where_they_begin() -> None:
    files = Files()
    tiny, large = files.photo(picture(60, 40)), files.photo(picture(400, 300))
    assert (tiny, large) == ([1], [2, 3, 4])
    assert {files.known[n].smallest for n in large} == {2}
    assert [files.known[n].width for n in large] == [90, 320, 400]


def test_an_identifier_is_for_one_bot_and_the_unique_one_for_all() -> None:
    files = Files()
    file = files.document(Upload("台账.csv", b"a"))
    mine, theirs = file_id(file, 42), file_id(file, 43)
    assert mine != theirs
    assert files.by_id(mine, 42) is file
    assert files.by_id(mine, 43) is None
    assert files.by_id(theirs, None) is file
    assert unique_id(file) not in (mine, theirs)


@pytest.mark.parametrize("text", ["", "AgAC", "AgAC!!!", "BQACemh1Y3Vu", "x" * 500, "文件"])
def test_what_is_no_identifier(text: str) -> None:
    files = Files()
    files.document(Upload("a", b"a"))
    assert files.by_id(text, 42) is None


def test_a_path_must_be_the_files_own() -> None:
    files = Files()
    document, photo = files.document(Upload("表.XLSX", b"a")), files.known[files.photo(picture(50, 50))[0]]
    assert (file_path(document), file_path(photo)) == ("documents/file_1.XLSX", "photos/file_2.jpg")
    assert files.by_path("documents/file_1.XLSX") is document
    for wrong in ("photos/file_1.jpg", "documents/file_2.jpg", "file_1", "documents/../file_1.XLSX", ""):
        assert files.by_path(wrong) is None


def test_a_folder_keeps_each_content_once(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    first, second = files.document(Upload("a.txt", b"same")), files.document(Upload("b.txt", b"same"))
    assert first.n != second.n
    assert [path.name for path in (tmp_path / "files").iterdir()] == [sha256(b"same")]
    assert files.data(second) == b"same"


def test_an_upload_is_shown_without_its_bytes() -> None:
    upload = Upload("a.txt", b"abc")
    assert upload.view() == {"file": "a.txt", "bytes": 3, "sha256": sha256(b"abc")}


def test_names_without_a_plain_suffix_have_none() -> None:
    file = StoredFile(7, "document", "0", 1, "text/plain", "记录.文本")
    assert file_path(file) == "documents/file_7"
