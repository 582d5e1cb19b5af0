"""A backup: database, files, and a manifest by which each byte can be checked. No key is in it.

    manifest.json   what it is of, when, which keys open it; written last: without it the backup is unfinished
    SHA256SUMS      the hash of every file, as `sha256sum --check` reads it
    zhucun.db       the database (storage/snapshot.py)
    files/          the original bytes under their hashes
    readme.txt      how to restore, and where the keys must come from

The database is copied as it was at one moment, the files after it: whatever a row names is there, because files
are only ever added.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from obstore.exceptions import BaseError

from storage import revisions, snapshot
from storage.files import Files, path_of
from storage.manifest import DATABASE, FILES, README, SUMS, Manifest
from storage.sealing import Keyring
from storage.texts import _

Told = Callable[[int, int], None]
"""Hears how far it is: done, all."""
CHECKED = "zhucun"
"""What is sealed in the manifest, to tell whether a key is the right one."""


@dataclass
class Backup:
    """A backup under way into `folder`, which is new and empty. `version` is the program's."""

    url: str
    files: Files
    folder: Path
    made_at: datetime
    version: str
    keyring: Keyring | None
    """None where the keys are not at hand: the backup is as good, but nobody can tell in advance which keys open it."""
    listed: dict[str, int] = field(default_factory=dict)
    _sums: list[tuple[str, str]] = field(default_factory=list)
    _damaged: list[str] = field(default_factory=list)

    def room(self) -> int:
        """Bytes that it will need."""
        self.listed = self.files.listing()
        return snapshot.size(self.url) + sum(self.listed.values())

    def copy_database(self, told: Told) -> None:
        """Raises Damaged when the copy is not whole."""
        target = self.folder / DATABASE
        snapshot.take(self.url, target, told)
        target.chmod(0o600)
        self._sums.append((_sha_of(target), DATABASE))

    def copy_files(self, told: Told) -> None:
        """Everything that is there now; each is hashed on the way. One that was damaged before is copied as it is
        and named in the manifest, one that cannot be read is missing."""
        self.listed = self.files.listing()
        for number, sha in enumerate(sorted(self.listed), 1):
            self._copy(sha)
            told(number, len(self.listed))

    def _copy(self, sha: str) -> None:
        try:
            data = self.files.read(sha)
        except (OSError, BaseError):
            del self.listed[sha]
            return
        name = f"{FILES}/{path_of(sha)}"
        _write(self.folder / name, data)
        actual = hashlib.sha256(data).hexdigest()
        if actual != sha:
            self._damaged.append(sha)
        self._sums.append((actual, name))

    def finish(self) -> Manifest:
        """Write down what it is. Only now is it a backup."""
        facts = snapshot.facts(self.folder / DATABASE)
        manifest = Manifest(
            made_at=self.made_at,
            version=self.version,
            schema=facts.schema,
            name=facts.name,
            bots=facts.bots,
            keys=sorted(self.keyring.keys) if self.keyring else [],
            check=self.keyring.seal("backup", facts.name, CHECKED) if self.keyring else None,
            files=len(self.listed),
            bytes=sum(self.listed.values()),
            missing=sorted(facts.files - set(self.listed)),
            damaged=self._damaged,
        )
        _write(self.folder / README, _readme(manifest).encode())
        _write(self.folder / SUMS, "".join(f"{sha}  {name}\n" for sha, name in self._sums).encode())
        os.sync()
        manifest.write(self.folder)
        os.sync()
        return manifest


def opens(manifest: Manifest, keyring: Keyring) -> bool | None:
    """Whether these keys open the backup. Raises CannotOpen when they do not; None when it does not say."""
    if manifest.check is None:
        return None
    return keyring.open("backup", manifest.name, manifest.check) == CHECKED.encode()


def faults(folder: Path, told: Told) -> Iterator[str]:
    """Names of the files of a backup that are missing or changed since it was made."""
    sums = list(Manifest.sums(folder))
    for number, (sha, name) in enumerate(sums, 1):
        path = folder / name
        if not path.is_file() or _sha_of(path) != sha:
            yield name
        told(number, len(sums))


def upgradable(manifest: Manifest) -> bool:
    """Whether this program knows the schema of the backup."""
    return manifest.schema in revisions.known()


def _sha_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o600)


def _readme(manifest: Manifest) -> str:
    return _(
        "驻村通备份\n\n"
        "机器人：{bots}\n备份时间：{made_at}（UTC）\n程序版本：{version}\n\n"
        "打开它需要的密钥编号：{keys}。密钥不在这里，令牌也不在这里：请用另外保管的密钥文件 zhucun.key 或恢复单。\n"
        "核对：sha256sum --check SHA256SUMS\n"
        "恢复：zhucun restore 本目录 --data 新的数据目录\n"
        "请不要直接在这个目录上运行机器人。\n"
    ).format(
        bots="、".join(manifest.bots) or "—",  # not for people: a comma between names
        made_at=f"{manifest.made_at:%Y-%m-%d %H:%M:%S}",
        version=manifest.version,
        keys=", ".join(map(str, manifest.keys)) or "?",
    )
