"""Original bytes under their SHA-256, kept unchanged, in a local folder or an S3-compatible bucket."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PIECE = 2**20
_SHA = re.compile(r"[0-9a-f]{64}")


class Files:
    """A store of bytes by content. `location` is a folder or an s3:// address (setting files_url)."""

    def __init__(self, location: str | Path) -> None:
        self.location = location
        bucket = isinstance(location, str) and "://" in location
        self.folder = None if bucket else Path(location)
        if bucket:
            _ = self.store  # a wrong address is said at once
        else:
            Path(location).mkdir(parents=True, exist_ok=True)

    @cached_property
    def store(self) -> "ObjectStore":
        from obstore.store import LocalStore, from_url  # four megabytes that delivery seldom needs

        return from_url(str(self.location)) if self.folder is None else LocalStore(self.folder)

    def keep(self, data: bytes) -> str:
        """Store bytes once (create-only) and give their SHA-256 in hex, when they would outlive a power cut.
        Raises the store's errors."""
        from obstore.exceptions import AlreadyExistsError  # as above

        sha = hashlib.sha256(data).hexdigest()
        try:
            self.store.put(path_of(sha), data, mode="create")
        except AlreadyExistsError:
            if self.folder is not None and self.read(sha) != data:
                self.store.put(path_of(sha), data)  # torn by a power cut before it was on the disk
        if self.folder is not None:
            _settle(self.folder / path_of(sha))
        return sha

    def keep_file(self, file: Path) -> str:
        """The same for a file of any size, a piece at a time."""
        digest = hashlib.sha256()
        with file.open("rb") as source:
            while piece := source.read(PIECE):
                digest.update(piece)
        sha = digest.hexdigest()
        self.store.put(path_of(sha), file)  # over the same bytes, if they were here
        if self.folder is not None:
            _settle(self.folder / path_of(sha))
        return sha

    def put_back(self, sha: str, data: bytes) -> None:
        """Store the bytes of a backup under the name they had, damaged ones too; what is there stays."""
        from obstore.exceptions import AlreadyExistsError  # as above

        with suppress(AlreadyExistsError):
            self.store.put(path_of(sha), data, mode="create")

    def read(self, sha: str) -> bytes:
        """The bytes. Raises FileNotFoundError when they are not here."""
        return bytes(self.store.get(path_of(sha)).bytes())

    def pieces(self, sha: str) -> Iterator[bytes]:
        """The bytes, some at a time. Raises FileNotFoundError when they are not here."""
        yield from (bytes(piece) for piece in self.store.get(path_of(sha)).stream(min_chunk_size=PIECE))

    def whole(self, sha: str) -> bool:
        """Whether the bytes still have that hash. Raises FileNotFoundError when they are not here."""
        digest = hashlib.sha256()
        for piece in self.pieces(sha):
            digest.update(piece)
        return digest.hexdigest() == sha

    def listing(self) -> dict[str, int]:
        """Hash and size in bytes of everything that is here."""
        found = {}
        for some in self.store.list():
            for one in some:
                sha = one["path"].rpartition("/")[2]
                if _SHA.fullmatch(sha) and one["path"] == path_of(sha):
                    found[sha] = one["size"]
        return found

    def delete(self, sha: str) -> None:
        self.store.delete(path_of(sha))


def _settle(file: Path) -> None:
    """Have a file on the disk, and its name in the three folders above it: the store leaves both to the kernel."""
    for one in (file, *list(file.parents)[:3]):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def path_of(sha: str) -> str:
    """Where the bytes of that hash lie. Raises ValueError for what is no hash."""
    if not _SHA.fullmatch(sha):
        raise ValueError("not a SHA-256")
    return f"{sha[:2]}/{sha[2:4]}/{sha}"
