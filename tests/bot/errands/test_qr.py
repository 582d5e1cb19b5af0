"""The QR picture of a link."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image
from sqlmodel import select

from bot.errands.qr import picture
from storage import letters
from storage.errands import ErrandState
from storage.letters import Letter
from tests.bot.errands.running import running
from tests.phone import Sandbox
from tests.storage.asking import NOW

LINK = "https://t.me/zhucun_demo_bot?start=tmK3-NdU3rguS0RBFkjsps8fjrJRw0TA"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=NOW.isoformat()) as made:
        yield made


def test_each_module_of_the_code_is_on_the_picture() -> None:
    drawn = Image.open(io.BytesIO(picture(LINK))).convert("L")
    matrix = segno.make(LINK, error="m").matrix
    assert drawn.size == ((len(matrix) + 8) * 10,) * 2
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            assert (drawn.getpixel(((x + 4) * 10 + 5, (y + 4) * 10 + 5)) == 0) is bool(dark)


def test_a_quiet_zone_surrounds_it() -> None:
    drawn = Image.open(io.BytesIO(picture(LINK))).convert("L")
    assert {drawn.getpixel((at, 20)) for at in range(drawn.width)} == {255}


def test_another_link_is_another_picture() -> None:
    assert picture(LINK) != picture(LINK + "A")


async def test_the_errand_keeps_the_picture_and_writes_one_letter(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path) as at:
        state = await at.run("qr", {"chat_id": at.chat(1001), "text": "扫码加入", "link": LINK})
        with at.store.reading() as session:
            letter = session.exec(select(Letter)).one()
            payload = letters.payload_of(session, letter)
        kept = at.files.read(payload["photo"]["$file"])
    assert state == ErrandState.DONE
    assert (letter.method, payload["caption"]) == ("sendPhoto", "扫码加入")
    assert kept == picture(LINK)
