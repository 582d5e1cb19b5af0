"""`zhucun photos inspect`: a line of JSON for each file, whatever it is, and exit code 0."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.commands.photos import app
from bot.settings import open_store
from storage import photos
from storage.files import Files
from storage.photo_faults import DAMAGED, EMPTY, LARGEST, NOT_A_PICTURE, TOO_LARGE
from tests.drawn import SAVED, drawn, phone
from tests.storage.asking import PLACES, add_full, add_photo, settle

FIELDS = [
    "file", "sha256", "bytes", "mime", "width", "height", "taken_at", "latitude", "longitude", "camera", "hash",
]  # fmt: skip


def inspected(*files: Path) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, ["inspect", *map(str, files)])
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_good_and_bad_files_each_have_their_line(tmp_path: Path) -> None:
    good = drawn("JPEG", exif=phone(6))
    contents = {
        "a.jpg": good, "b.jpg": b"", "c.jpg": "走访".encode(), "d.jpg": good[:300],
        "e.jpg": drawn("PNG"), "f.jpg": good + bytes(LARGEST),
    }  # fmt: skip
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    names = [*contents, "folder", "nowhere"]
    first, empty, text, half, png, large, folder, nowhere = inspected(*(tmp_path / name for name in names))
    assert list(first) == FIELDS
    assert first == {
        "file": str(tmp_path / "a.jpg"), "sha256": hashlib.sha256(good).hexdigest(), "bytes": len(good),
        "mime": "image/jpeg", "width": 80, "height": 120, "taken_at": "2026-11-20T15:04:05+08:00",
        "latitude": 39.5, "longitude": 117.25, "camera": "HUAWEI Mate 60 Pro", "hash": first["hash"],
    }  # fmt: skip
    refused = [one["refused"] for one in (empty, text, half, large)]
    assert refused == [EMPTY, NOT_A_PICTURE, DAMAGED, TOO_LARGE]
    assert (png["mime"], png["latitude"], png["camera"]) == ("image/png", None, None)
    assert "Is a directory" in folder["refused"]
    assert "No such file" in nowhere["refused"]
    assert nowhere["file"] == str(tmp_path / "nowhere")


def test_every_format_is_inspected(tmp_path: Path) -> None:
    paths = []
    for kind in SAVED:
        paths.append(tmp_path / f"{kind}.bin")
        paths[-1].write_bytes(drawn(kind))
    assert [one["mime"] for one in inspected(*paths)] == list(SAVED.values())


def test_real_photos_and_their_copies_have_near_hashes(shared_data: Path) -> None:
    """The views of one waterfall, one stored upright and one turned, differ in a number drawn on them."""
    folder = shared_data / "data" / "photos"
    names = ["jpg_orientation_landscape_1.jpg", "jpg_orientation_landscape_6.jpg", "jpg_gps_DSCN0021.jpg"]
    one, six, other = (int(found["hash"], 16) for found in inspected(*(folder / name for name in names)))
    assert (one ^ six).bit_count() <= 6
    assert (one ^ other).bit_count() > 20


@pytest.mark.parametrize("arguments", [["inspect"], []])
def test_without_a_file_it_says_how(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_tidying_deletes_what_was_drawn_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    store, files = open_store(), Files(tmp_path / "data" / "files")
    shas = {kind: files.keep(kind.encode()) for kind in ("original", photos.THUMBNAIL, "stamped:1", "pair:1")}
    with store.writing() as session:
        county = settle(session)
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "路灯"}
        photo = add_photo(session, add_full(session, "visit", county.people["王爱民"], answers))
        photo.sha256 = shas["original"]
        for kind in (photos.THUMBNAIL, "stamped:1", "pair:1"):
            photos.copied(session, photo.id or 0, kind, shas[kind])
    files.delete(shas["pair:1"])  # somebody was quicker
    done = CliRunner().invoke(app, ["tidy"])
    assert (done.exit_code, done.stdout) == (0, "删掉了 2 张图。\n")
    assert set(files.listing()) == {shas["original"], shas[photos.THUMBNAIL]}
    assert CliRunner().invoke(app, ["tidy"]).stdout == "删掉了 0 张图。\n"
    store.close()
