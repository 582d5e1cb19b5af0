"""Reading pictures: type by content, limits, damage, and never another error than Unreadable."""

import hashlib
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.ExifTags import Base

from storage import photo_faults, picture
from storage.picture import Unreadable, read
from tests.drawn import SAVED, WIDE, drawn, lying, moving, phone

KINDS = sorted(SAVED)
SMALL = {kind: drawn(kind, (48, 32)) for kind in KINDS} | {"MARKED": drawn("JPEG", (48, 32), exif=phone(6))}


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.sentence


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_is_told_by_its_content(kind: str) -> None:
    data = drawn(kind)
    facts = read(data)
    assert (facts.mime, facts.width, facts.height) == (SAVED[kind], *WIDE)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.length == len(data)
    assert (facts.taken_at, facts.camera, facts.place) == (None, None, None)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "P"), ("PNG", "1"), ("PNG", "RGBA"), ("PNG", "LA"),
                                            ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA")])  # fmt: skip
def test_unusual_colours_are_read(kind: str, mode: str) -> None:
    assert read(drawn(kind, mode=mode)).mime == SAVED[kind]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_read(kind: str) -> None:
    facts = read(moving(kind))
    assert (facts.mime, facts.width, facts.height) == (SAVED[kind], *WIDE)


def test_a_picture_of_several_from_a_phone_is_a_jpeg() -> None:
    data = moving("MPO")
    assert read(data).mime == "image/jpeg"


@pytest.mark.fault("empty file")
def test_nothing_is_no_picture() -> None:
    assert refusal(b"") == photo_faults.EMPTY


@pytest.mark.fault("text file named .jpg")
@pytest.mark.parametrize(
    "data",
    [
        "走访记录".encode(),
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + bytes(60),
        b"II*\x00" + bytes(60),
        b"\x00\x00\x00\x20ftypmp42" + bytes(60),
        b"BM" + bytes(60),
        b"\xff\xd8",
    ],
)
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert refusal(data) == photo_faults.NOT_A_PICTURE


def test_more_than_telegram_gives_is_refused_unread() -> None:
    data = SMALL["JPEG"]
    assert refusal(data + bytes(photo_faults.LARGEST)) == photo_faults.TOO_LARGE
    assert read(data + bytes(photo_faults.LARGEST - len(data))).length == photo_faults.LARGEST


@pytest.mark.fault("damaged photo")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_picture_is_damaged(kind: str, part: float) -> None:
    data = drawn(kind, (640, 480))
    assert refusal(data[: int(len(data) * part)]) == photo_faults.DAMAGED


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBP",
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x18ftypavif",
        b"\0\0\0\x18ftypmif1",
    ],
)
def test_a_head_alone_is_damaged(head: bytes) -> None:
    assert refusal(head + b"abcdefgh" * 20) == photo_faults.DAMAGED


@pytest.mark.fault("picture bomb")
@pytest.mark.parametrize("size", [(8001, 8000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert refusal(lying(size)) == photo_faults.TOO_MANY_PIXELS


def test_a_large_photo_of_a_phone_is_no_bomb() -> None:
    """108 megapixels as JPEG, the most that phones sold make; one row more than the limit is refused."""
    assert read(drawn("JPEG", (12_000, 9_000), mode="L", quality=5)).width == 12_000
    assert refusal(drawn("JPEG", (12_000, 10_001), mode="L", quality=5)) == photo_faults.TOO_MANY_PIXELS


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "AVIF", "HEIF"])
def test_width_and_height_are_those_of_the_upright_picture(kind: str, turned: int) -> None:
    facts = read(drawn(kind, exif=phone(turned)))
    assert (facts.width, facts.height) == (WIDE if turned < 5 else WIDE[::-1])
    assert facts.camera == "HUAWEI Mate 60 Pro"


def test_facts_and_refusals_cross_to_another_process() -> None:
    """Pictures are read in a spawned process: what comes back must be the same."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        assert process.submit(read, SMALL["MARKED"]).result() == read(SMALL["MARKED"])
        with pytest.raises(Unreadable) as caught:
            process.submit(read, b"text").result()
    assert caught.value.sentence == photo_faults.NOT_A_PICTURE


def test_a_refusal_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(Unreadable(photo_faults.EMPTY)))
    assert again.sentence == photo_faults.EMPTY


def mutated(data: bytes, cut: int, changes: list[tuple[int, int]], insert: tuple[int, bytes]) -> bytes:
    """`data` with bytes changed and some put in, then cut."""
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    at = insert[0] % len(changed)
    return bytes(changed[:at] + insert[1] + changed[at:])[: cut or None]


mutations = st.builds(
    mutated,
    st.sampled_from(list(SMALL.values())),
    st.integers(0, 2000),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12),
    st.tuples(st.integers(0, 5000), st.binary(max_size=8)),
)


@settings(max_examples=int(os.environ.get("ZHUCUN_MUTATIONS", "150")), deadline=None)
@given(mutations | st.binary(max_size=200))
def test_no_bytes_raise_anything_but_unreadable(data: bytes) -> None:
    facts = sentence = None
    try:
        facts = read(data)
    except Unreadable as error:
        sentence = error.sentence
    if facts is None:
        assert sentence in vars(photo_faults).values()
    else:
        assert 0 < facts.width * facts.height <= picture.SCALED_PIXELS
        assert facts.mime in SAVED.values()


def scanned(times: int, size: tuple[int, int] = (48, 32)) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = drawn("JPEG", size, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * times + data[-2:]


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    """Each scan goes over the whole picture: a few bytes can cost a second."""
    assert read(scanned(50)).width == 48
    assert refusal(scanned(200_000)) == photo_faults.TOO_MANY_PIXELS


def test_the_film_behind_a_moving_photo_is_not_read_as_scans() -> None:
    """Phones append some megabytes of film, which hold the bytes of a scan's mark by chance."""
    assert read(drawn("JPEG") + b"\xff\xda\x00\x02" * 500).mime == "image/jpeg"


def test_how_it_lies_and_what_wrote_it_are_told() -> None:
    marks = phone(6)
    marks[Base.Software] = "HarmonyOS 4.0\0"
    facts = read(drawn("JPEG", exif=marks))
    assert (facts.orientation, facts.software) == (6, "HarmonyOS 4.0")
    assert (read(SMALL["PNG"]).orientation, read(SMALL["PNG"]).software) == (1, None)
