"""Sealed fields: an opaque box that only the installation's keys open.

A box is version byte, key id (2 bytes), nonce (12 bytes), AES-GCM text. It is bound to `field|uid` (associated
data), so a box moved to another row or column does not open. Numbers that must be found again (ID, phone,
card) also have a blind index: HMAC-SHA256 over the normalised number.
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
    """Keys by id; new boxes use `current`. `blind` is the key of the blind index."""

    keys: dict[int, bytes] = field(repr=False)
    current: int
    blind: bytes = field(repr=False)
    _ciphers: dict[int, AESGCM] = field(default_factory=dict, repr=False)

    @classmethod
    def new(cls) -> "Keyring":
        return cls({1: secrets.token_bytes(32)}, 1, secrets.token_bytes(32))

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        data = json.loads(path.read_text())
        keys = {int(number): base64.b64decode(key) for number, key in data["keys"].items()}
        return cls(keys, int(data["current"]), base64.b64decode(data["blind"]))

    def save(self, path: Path) -> None:
        """Write the key file, readable by its owner only; never over an existing one."""
        data = {
            "current": self.current,
            "keys": {str(number): base64.b64encode(key).decode() for number, key in self.keys.items()},
            "blind": base64.b64encode(self.blind).decode(),
        }
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(data, file)

    def seal(self, name: str, uid: str, plain: str | bytes) -> bytes:
        nonce = random_bytes(NONCE)
        data = plain.encode() if isinstance(plain, str) else plain
        head = VERSION + self.current.to_bytes(2, "big")
        return head + nonce + self._cipher(self.current).encrypt(nonce, data, f"{name}|{uid}".encode())

    def open(self, name: str, uid: str, box: bytes) -> bytes:
        try:
            cipher = self._cipher(int.from_bytes(box[1:3], "big"))
            return cipher.decrypt(box[3:HEAD], box[HEAD:], f"{name}|{uid}".encode())
        except (InvalidTag, KeyError, ValueError) as error:
            raise CannotOpen(name) from error

    def index(self, name: str, number: str) -> bytes:
        """Blind index (16 bytes) of an ID, phone or card number, spaces and case aside."""
        plain = "".join(number.split()).upper()
        return hmac.digest(self.blind, f"{name}|{plain}".encode(), hashlib.sha256)[:16]

    def _cipher(self, number: int) -> AESGCM:
        if number not in self._ciphers:
            self._ciphers[number] = AESGCM(self.keys[number])
        return self._ciphers[number]


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
