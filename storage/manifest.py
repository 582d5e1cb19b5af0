"""What a backup says of itself."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, SUMS, README, DATABASE, FILES = "manifest.json", "SHA256SUMS", "readme.txt", "zhucun.db", "files"
_LINE = re.compile(
    rf"([0-9a-f]{{64}})  ({re.escape(DATABASE)}|{FILES}/[0-9a-f]{{2}}/[0-9a-f]{{2}}/[0-9a-f]{{64}})"
)


class NoBackup(Exception):
    """The folder holds no finished backup, or its manifest was changed."""


@dataclass(frozen=True)
class Manifest:
    """`made_at`: whatever was confirmed before is in it. `schema`: the revision of its database. `name`: the
    installation that the copied database belongs to, which is nobody's. `keys`: ids of the keys that open it;
    `check`: a box that shows whether they do. `missing` and `damaged`: hashes of files that were so before."""

    made_at: datetime
    version: str
    schema: str
    name: str
    bots: list[str]
    keys: list[int]
    check: bytes | None
    files: int
    bytes: int
    missing: list[str]
    damaged: list[str]

    def write(self, folder: Path) -> None:
        """Put it into the folder, at once or not at all, with the hash of the list of hashes."""
        data = asdict(self) | {
            "format": FORMAT,
            "made_at": self.made_at.astimezone(UTC).isoformat(),
            "check": base64.b64encode(self.check).decode() if self.check else None,
            "sums": _sha(folder / SUMS),
        }
        part = folder / f"{MANIFEST}.part"
        part.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
        part.chmod(0o600)
        part.replace(folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises NoBackup."""
        try:
            data: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
            if data.pop("format") != FORMAT or data.pop("sums") != _sha(folder / SUMS):
                raise NoBackup(folder)
            check = data["check"]
            return cls(**data | {
                "made_at": datetime.fromisoformat(data["made_at"]),
                "check": base64.b64decode(check) if check else None,
            })  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NoBackup(folder) from error

    @staticmethod
    def sums(folder: Path) -> Iterator[tuple[str, str]]:
        """Hash and name of each file, the database first. Raises NoBackup for a name that is none of a backup."""
        for line in (folder / SUMS).read_text("ascii").splitlines():
            found = _LINE.fullmatch(line)
            if found is None:
                raise NoBackup(folder)
            yield found[1], found[2]


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
