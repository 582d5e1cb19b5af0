"""Forms with a file: what a browser sends comes out as it went in; anything else is refused."""

from contextlib import suppress

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.web import form_data


class _Kept(aiohttp.abc.AbstractStreamWriter):
    """Keeps what a client writes."""

    def __init__(self) -> None:
        self.data = b""

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        self.data += bytes(chunk)

    async def write_eof(self, chunk: bytes = b"") -> None: ...
    async def drain(self) -> None: ...
    def enable_compression(self, *_given: object, **_more: object) -> None: ...
    def enable_chunking(self) -> None: ...
    async def write_headers(self, *_given: object) -> None: ...


def sent(boundary: str, *parts: tuple[str, bytes]) -> bytes:
    """(head, content) as a browser writes them."""
    head = f"--{boundary}\r\nContent-Disposition: form-data; "
    made = [f"{head}{more}\r\n\r\n".encode() + content for more, content in parts]
    return b"\r\n".join([*made, f"--{boundary}--\r\n".encode()])


@given(some.binary(max_size=200))
def test_bytes_come_out_as_they_went_in(data: bytes) -> None:
    body = sent("b0und", ('name="mark"', b"x.y"), ('name="file"; filename="\u6e05\u5355.xlsx"', data))
    fields, file = form_data.parse("multipart/form-data; boundary=b0und", body)
    assert (fields, file) == ({"mark": "x.y"}, ("清单.xlsx", data))


async def test_what_another_client_writes_is_read() -> None:
    form = aiohttp.FormData({"mark": "x.y"})
    form.add_field("file", b"1,2\r\n", filename="list.csv", content_type="text/csv")
    payload, kept = form(), _Kept()
    await payload.write(kept)
    assert form_data.parse(payload.content_type, kept.data) == ({"mark": "x.y"}, ("list.csv", b"1,2\r\n"))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
        ),
    ],
)
def test_what_is_no_such_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError):
        form_data.parse(kind, body)


@given(some.binary(max_size=300))
def test_whatever_comes_ends_in_a_form_or_a_refusal(body: bytes) -> None:
    with suppress(ValueError):
        form_data.parse("multipart/form-data; boundary=--", body)
