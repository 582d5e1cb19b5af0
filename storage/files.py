"""Original bytes under their SHA-256, kept unchanged, in a local folder or an S3-compatible bucket."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

_SHA = re.compile(r"[0-9a-f]{64}")


class Files:
    """A store of bytes by content. `location` is a folder or an s3:// address (setting files_url)."""

    def __init__(self, location: str | Path) -> None:
        if isinstance(location, str) and "://" in location:
            self.store: ObjectStore = from_url(location)
        else:
            self.store = LocalStore(Path(location), mkdir=True)

    def keep(self, data: bytes) -> str:
        """Store bytes once (create-only) and give their SHA-256 in hex. Raises the store's errors."""
        sha = hashlib.sha256(data).hexdigest()
        with suppress(AlreadyExistsError):
            self.store.put(_path(sha), data, mode="create")
        return sha

    def read(self, sha: str) -> bytes:
        """The bytes. Raises FileNotFoundError when they are not here."""
        return bytes(self.store.get(_path(sha)).bytes())

    def delete(self, sha: str) -> None:
        self.store.delete(_path(sha))


def _path(sha: str) -> str:
    if not _SHA.fullmatch(sha):
        raise ValueError("not a SHA-256")
    return f"{sha[:2]}/{sha[2:4]}/{sha}"
