"""Sealed fields: an opaque box that only the installation's keys open.

A box is version byte, key id (2 bytes), nonce (12 bytes), AES-GCM text. It is bound to `field|uid` (associated
data), so a box moved to another row or column does not open. Numbers that must be found again (ID, phone,
card) also have a blind index: HMAC-SHA256 over the normalised number.

While keys are being changed (storage/rekeying.py) the key file holds the new ones and the former ones. Every process
that has the file takes up new keys by itself: before it seals, and when it meets a box of a key it does not know.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session

from storage.chance import random_bytes

VERSION = b"\x01"
NONCE = 12
HEAD = 3 + NONCE


class CannotOpen(Exception):
    """The box was made with another key, for another row, or was damaged. Holds no content."""


@dataclass
class Keyring:
    """Keys by id; new boxes use `current`. `blind` is the key of the blind index, `former` the one before it while
    keys are being changed. Keys once known stay known to a process, for what it is reading still."""

    keys: dict[int, bytes] = field(repr=False)
    current: int
    blind: bytes = field(repr=False)
    former: bytes | None = field(default=None, repr=False)
    path: Path | None = field(default=None, repr=False)
    stamp: tuple[int, int] | None = field(default=None, repr=False)
    """Which file at that path was read."""
    _ciphers: dict[int, AESGCM] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """For another process, which makes its own ciphers: they cannot travel."""
        return self.__dict__ | {"_ciphers": {}}

    @classmethod
    def new(cls) -> "Keyring":
        return cls({1: secrets.token_bytes(32)}, 1, secrets.token_bytes(32))

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """The keys of a file. Raises OSError, ValueError, KeyError or TypeError when there are none in it."""
        stamp = _stamp(path)
        data = json.loads(path.read_text())
        keys = {int(number): base64.b64decode(key) for number, key in data["keys"].items()}
        former = base64.b64decode(data["former"]) if "former" in data else None
        return cls(keys, int(data["current"]), base64.b64decode(data["blind"]), former, path, stamp)

    def save(self, path: Path) -> None:
        """Write the key file, readable by its owner only; never over an existing one."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(self._data(), file)
            file.flush()
            os.fsync(file.fileno())

    def replace(self, path: Path) -> None:
        """Put these keys in the place of a key file: wholly or not at all, whatever happens meanwhile."""
        beside = path.with_name(path.name + ".new")
        beside.unlink(missing_ok=True)
        self.save(beside)
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "current": self.current,
            "keys": {str(number): base64.b64encode(key).decode() for number, key in self.keys.items()},
            "blind": base64.b64encode(self.blind).decode(),
        }
        if self.former is not None:
            data["former"] = base64.b64encode(self.former).decode()
        return data

    @property
    def changing(self) -> bool:
        """Whether boxes and indexes of former keys may be about."""
        return self.former is not None

    def changed(self) -> "Keyring":
        """These keys with new ones before them."""
        number = max(self.keys) + 1
        keys = self.keys | {number: secrets.token_bytes(32)}
        return Keyring(keys, number, secrets.token_bytes(32), former=self.blind)

    def settled(self) -> "Keyring":
        """The new keys alone."""
        return Keyring({self.current: self.keys[self.current]}, self.current, self.blind)

    def refresh(self) -> bool:
        """Take up the key file if it is another one by now. Whether there was anything new. A file that is gone,
        unreadable or of another installation changes nothing."""
        try:
            if self.path is None or _stamp(self.path) == self.stamp:
                return False
            there = Keyring.load(self.path)
        except (OSError, ValueError, KeyError, TypeError):
            return False
        self.stamp = there.stamp
        if any(self.keys.get(number, key) != key for number, key in there.keys.items()):
            return False
        self.keys = self.keys | there.keys
        # A lookup by the indexes of both keys while only one is about costs nothing.
        self.former = there.former or (self.blind if there.blind != self.blind else self.former)
        self.current, self.blind = there.current, there.blind
        return True

    def seal(self, name: str, uid: str, plain: str | bytes) -> bytes:
        self.refresh()
        nonce = random_bytes(NONCE)
        data = plain.encode() if isinstance(plain, str) else plain
        head = VERSION + self.current.to_bytes(2, "big")
        return head + nonce + self._cipher(self.current).encrypt(nonce, data, f"{name}|{uid}".encode())

    def open(self, name: str, uid: str, box: bytes) -> bytes:
        number = int.from_bytes(box[1:3], "big")
        if number not in self.keys:
            self.refresh()
        try:
            return self._cipher(number).decrypt(box[3:HEAD], box[HEAD:], f"{name}|{uid}".encode())
        except (InvalidTag, KeyError, ValueError) as error:
            raise CannotOpen(name) from error

    def index(self, name: str, number: str) -> bytes:
        """Blind index (16 bytes) of an ID, phone or card number, spaces and case aside."""
        self.refresh()
        return _index(self.blind, name, number)

    def indexes(self, name: str, number: str) -> list[bytes]:
        """What to look for: the index, and while keys are being changed the one of before."""
        current = self.index(name, number)
        return [current, _index(self.former, name, number)] if self.former is not None else [current]

    def _cipher(self, number: int) -> AESGCM:
        if number not in self._ciphers:
            self._ciphers[number] = AESGCM(self.keys[number])
        return self._ciphers[number]


def _index(key: bytes, name: str, number: str) -> bytes:
    plain = "".join(number.split()).upper()
    return hmac.digest(key, f"{name}|{plain}".encode(), hashlib.sha256)[:16]


def _stamp(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 - asked with each box; Path.stat takes twice as long
    return found.st_ino, found.st_mtime_ns


def keyring(session: Session) -> Keyring:
    """The keys that the session carries."""
    ring: Keyring = session.info["keyring"]
    return ring


def seal_json(session: Session, name: str, uid: str, value: Any) -> bytes:
    return keyring(session).seal(name, uid, orjson.dumps(value))


def open_json(session: Session, name: str, uid: str, box: bytes) -> Any:
    return orjson.loads(keyring(session).open(name, uid, box))


def seal_text(session: Session, name: str, uid: str, text: str) -> bytes:
    return keyring(session).seal(name, uid, text)


def open_text(session: Session, name: str, uid: str, box: bytes) -> str:
    """The text of a box. Whoever shows it to a person journals the reading (journal.read)."""
    return keyring(session).open(name, uid, box).decode()
