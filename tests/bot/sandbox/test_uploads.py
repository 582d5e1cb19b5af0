"""Photos and files from phones: recompressed or untouched, in albums, late, twice; and fetching them."""

from __future__ import annotations

import hashlib
import io
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.sandbox.media import NotAPictureError, sizes
from tests.bot.sandbox.test_receiving import drained
from tests.bot.sandbox.test_sending import picture, refused
from tests.phone import Phone, Sandbox, SandboxError

MEGABYTE = 1024 * 1024


def download(sandbox: Sandbox, file_id: str) -> bytes:
    path = sandbox.bot("getFile", file_id=file_id)["file_path"]
    return sandbox.wire.bytes(f"/file/bot{sandbox.token}/{path}")


def rotated() -> bytes:
    """A wide picture, left half red, that a phone says to turn by 90 degrees."""
    image = Image.new("RGB", (1600, 900), "blue")
    image.paste("red", (0, 0, 800, 900))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Phone"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_upright_small_and_bare() -> None:
    made = sizes(rotated())
    assert [(size.width, size.height) for size in made] == [(51, 90), (180, 320), (450, 800), (720, 1280)]
    with Image.open(io.BytesIO(made[-1].data)) as image:
        assert not image.getexif()
        red, _, blue = image.convert("RGB").getpixel((360, 100))  # type: ignore[misc]  # a tuple in RGB
        assert red > 200 > 60 > blue
    assert [size.width for size in sizes(picture(60, 40))] == [60]


@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff\xe0 broken", b"GIF89a"])
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(NotAPictureError):
        sizes(data)


def test_a_photo_is_served_as_the_receipt_says(sandbox: Sandbox, wang: Phone) -> None:
    receipt = wang.sends_photos([rotated()], caption="村口 #路")
    update = sandbox.bot("getUpdates", offset=-1)[0]
    message = update["message"]
    assert (receipt["update_ids"], receipt["message_ids"]) == ([update["update_id"]], [message["message_id"]])
    assert (message["caption"], message["caption_entities"][0]["type"]) == ("村口 #路", "hashtag")
    assert "media_group_id" not in message
    data = download(sandbox, message["photo"][-1]["file_id"])
    assert hashlib.sha256(data).hexdigest() == receipt["files"][0]["sha256"]
    assert len(data) == message["photo"][-1]["file_size"]
    shown = wang.screen()[-1]
    assert sandbox.file(shown) == data


@pytest.mark.parametrize(
    ("name", "data"), [("a.jpg", rotated()), ("a.jpg", b"text"), ("empty.bin", b""), ("x.heic", b"\0heic")]
)
def test_a_file_stays_byte_for_byte(sandbox: Sandbox, wang: Phone, name: str, data: bytes) -> None:
    wang.sends_file(name, data)
    document = sandbox.bot("getUpdates", offset=-1)[0]["message"]["document"]
    assert (document["file_name"], document["file_size"]) == (name, len(data))
    assert download(sandbox, document["file_id"]) == data


def test_an_album_is_updates_of_its_own(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    wang.sends_photos([picture(40 + n, 40) for n in range(3)], caption="三张")
    messages = [update["message"] for update in sandbox.bot("getUpdates", offset=offset)]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["三张", None, None]
    assert wang.messages == 2  # /start and one album


def test_parts_come_late_and_twice(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    receipt = wang.sends_photos([picture(40 + n, 40) for n in range(3)], hold="2", twice="3")
    ids = receipt["update_ids"]
    assert ids[1] is None
    first = sandbox.bot("getUpdates", offset=offset)
    assert [update["update_id"] for update in first] == [ids[0], ids[2]]
    assert len(wang.screen()) == 4
    late = sandbox.release()["update_ids"]
    again = sandbox.bot("getUpdates", offset=ids[2] + 1)
    assert [update["update_id"] for update in again] == [ids[2], late[0]]
    assert again[1]["message"]["message_id"] == receipt["message_ids"][1]
    assert sandbox.bot("getUpdates", offset=late[0] + 1) == []
    assert sandbox.release()["update_ids"] == []


def test_what_a_phone_cannot_send(sandbox: Sandbox, wang: Phone) -> None:
    with pytest.raises(SandboxError, match="作为文件发送"):
        wang.sends_photos([("a.jpg", b"text")])
    with pytest.raises(SandboxError, match="没有文件"):
        wang.sends_photos([])
    with pytest.raises(SandboxError, match="一组最多 10 张"):
        wang.sends_photos([picture(40, 40)] * 11)


def test_a_large_file_can_be_sent_but_not_fetched(sandbox: Sandbox, wang: Phone) -> None:
    wang.sends_file("big.zip", b"x" * (25 * MEGABYTE))
    document = sandbox.bot("getUpdates", offset=-1)[0]["message"]["document"]
    assert document["file_size"] == 25 * MEGABYTE
    assert refused(sandbox, "getFile", file_id=document["file_id"]) == "400: Bad Request: file is too big"


def test_files_that_are_not_there(sandbox: Sandbox) -> None:
    assert refused(sandbox, "getFile", file_id="AgACnothing") == (
        "400: Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    for path in (f"/file/bot{sandbox.token}/photos/file_99999.jpg", "/file/botbad/photos/file_1.jpg"):
        with pytest.raises(urllib.error.HTTPError) as error:
            sandbox.wire.bytes(path)
        error.value.close()


def test_real_photos(sandbox: Sandbox, wang: Phone, shared_data: Path) -> None:
    """Turned ones come upright, GPS goes with the EXIF; HEIC only as a file, byte for byte."""
    folder = shared_data / "data" / "photos"
    receipt = wang.sends_photos(
        [folder / "jpg_orientation_portrait_8.jpg", folder / "jpg_gps_DSCN0010.jpg"], caption="真照片"
    )
    for file in receipt["files"]:
        data = download(sandbox, file["file_id"])
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert max(image.size) <= 1280
    upright: Any = sandbox.bot("getUpdates", offset=-2)[0]["message"]["photo"][-1]
    assert upright["height"] > upright["width"]
    heic = folder / "heic_mobile_iphone_13_pro_max.HEIC"
    wang.sends_photos([heic], as_files=True)
    document = sandbox.bot("getUpdates", offset=-1)[0]["message"]["document"]
    assert download(sandbox, document["file_id"]) == heic.read_bytes()
