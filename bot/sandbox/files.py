"""Files of the sandbox: bytes by content, numbers by size, and identifiers that belong to one bot."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.media import sizes
from bot.sandbox.model import StoredFile

_PREFIX = {"photo": "AgAC", "document": "BQAC"}


@dataclass(frozen=True)
class Upload:
    """What came in a multipart part."""

    name: str
    data: bytes

    def view(self) -> dict[str, object]:
        return {"file": self.name, "bytes": len(self.data), "sha256": sha256(self.data)}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Files:
    """Bytes live in memory, or in `folder` under their SHA-256 when one is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.known: dict[int, StoredFile] = {}
        self._bytes: dict[str, bytes] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, file: StoredFile, data: bytes) -> StoredFile:
        if self.folder is None:
            self._bytes.setdefault(file.sha256, data)
        elif not (self.folder / file.sha256).exists():
            part = self.folder / (file.sha256 + ".part")
            part.write_bytes(data)
            part.replace(self.folder / file.sha256)
        self.known[file.n] = file
        return file

    def data(self, file: StoredFile) -> bytes:
        return self._bytes[file.sha256] if self.folder is None else (self.folder / file.sha256).read_bytes()

    def _next(self) -> int:
        return len(self.known) + 1

    def document(self, upload: Upload) -> StoredFile:
        mime = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        found = sha256(upload.data)
        file = StoredFile(self._next(), "document", found, len(upload.data), mime, upload.name)
        return self.put(file, upload.data)

    def photo(self, data: bytes) -> list[int]:
        """Numbers of the sizes, smallest first; NotAPictureError when it cannot be read."""
        first = self._next()
        for n, size in enumerate(sizes(data), first):
            file = StoredFile(n, "photo", sha256(size.data), len(size.data), "image/jpeg")
            file.width, file.height, file.smallest = size.width, size.height, first
            self.put(file, size.data)
        return list(range(first, self._next()))

    def by_id(self, file_id: str, bot_id: int | None) -> StoredFile | None:
        """The file of an identifier given to `bot_id` (None: to any bot)."""
        owner, n = _read_id(file_id)
        return self.known.get(n) if owner and bot_id in (None, owner) else None

    def by_path(self, path: str) -> StoredFile | None:
        stem = path.rpartition("/")[2].partition(".")[0].removeprefix("file_")
        file = self.known.get(int(stem)) if stem.isdigit() else None
        return file if file is not None and file_path(file) == path else None


def file_id(file: StoredFile, bot_id: int) -> str:
    """Another one for each bot, as in Telegram."""
    inner = base64.urlsafe_b64encode(f"zhucun {bot_id} {file.n} {file.sha256[:12]}".encode()).decode()
    return _PREFIX[file.kind] + inner.rstrip("=")


def _read_id(text: str) -> tuple[int, int]:
    inner = text[4:]
    try:
        words = base64.urlsafe_b64decode(inner + "=" * (-len(inner) % 4)).decode().split()
        return (int(words[1]), int(words[2])) if words[0] == "zhucun" else (0, 0)
    except (binascii.Error, ValueError, IndexError):
        return (0, 0)


def unique_id(file: StoredFile) -> str:
    inner = base64.urlsafe_b64encode(f"{file.n} {file.sha256[:6]}".encode()).decode()
    return "AQAD" + inner.rstrip("=")


def file_path(file: StoredFile) -> str:
    if file.kind == "photo":
        return f"photos/file_{file.n}.jpg"
    suffix = Path(file.name or "").suffix
    return f"documents/file_{file.n}{suffix if suffix.isascii() else ''}"
