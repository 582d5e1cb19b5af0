"""Original bytes: once, unchanged, and on the disk before anybody is told so."""

import hashlib
import os
from pathlib import Path

import pytest

from storage.files import Files


def place(folder: Path, sha: str) -> Path:
    return folder / sha[:2] / sha[2:4] / sha


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    files, data = Files(tmp_path), os.urandom(100_000)
    sha = files.keep(data)
    assert sha == hashlib.sha256(data).hexdigest()
    assert files.read(sha) == data
    assert place(tmp_path, sha).read_bytes() == data


def test_the_same_bytes_are_there_once(tmp_path: Path) -> None:
    files = Files(tmp_path)
    sha = files.keep(b"once")
    before = place(tmp_path, sha).stat().st_ino
    assert files.keep(b"once") == sha
    assert place(tmp_path, sha).stat().st_ino == before, "what is whole is left alone"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [place(tmp_path, sha)]


@pytest.mark.fault("power cut while a photo is being kept")
@pytest.mark.parametrize("left", [b"", b"half of it", b"\x00" * 25])
def test_a_file_torn_by_a_power_cut_is_mended_when_it_is_kept_again(tmp_path: Path, left: bytes) -> None:
    files, data = Files(tmp_path), b"a photo, fetched once more"
    sha = files.keep(data)
    place(tmp_path, sha).write_bytes(left)
    assert files.keep(data) == sha
    assert files.read(sha) == data


@pytest.mark.fault("power cut while a photo is being kept")
def test_the_file_and_its_name_are_on_the_disk_before_anybody_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        fsync(handle)
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", watched)
    for data in (b"new", b"new"):
        synced.clear()
        file = place(tmp_path, Files(tmp_path).keep(data))
        assert synced == [file, file.parent, file.parent.parent, tmp_path]


def test_only_hashes_are_names(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        Files(tmp_path).read("../zhucun.key")
    with pytest.raises(FileNotFoundError):
        Files(tmp_path).read("0" * 64)
