"""Forms with a file (multipart/form-data, RFC 7578), as browsers send them."""

import re

_NAME = re.compile(rb'form-data;.*?\bname="([^"]*)"', re.IGNORECASE | re.DOTALL)
_FILE = re.compile(rb'\bfilename="([^"]*)"', re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([!-~]{1,70}?)"?(?:;|$)')

File = tuple[str, bytes]
"""Its name, and its bytes."""


def parse(kind: str, body: bytes) -> tuple[dict[str, str], File | None]:
    """The fields and the file of a body with that content type. Raises ValueError for what is no such form."""
    found = _BOUNDARY.search(kind)
    if found is None:
        raise ValueError("no boundary")
    fields: dict[str, str] = {}
    file: File | None = None
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:]:
        if part.startswith(b"--"):
            return fields, file
        head, _blank, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            raise ValueError("a part without a name")
        if called := _FILE.search(head):
            file = (called[1].decode().replace("%22", '"'), content)
        else:
            fields[name[1].decode()] = content.decode()
    raise ValueError("no end")
