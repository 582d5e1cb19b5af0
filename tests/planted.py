"""Two hundred secrets that are planted, and where bytes are looked through for them."""

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.redact import is_card, is_id_number
from tests import databases

RARE = "阚逄昝郏浦邴仉麴郄亓犇淼焱垚鑫堃翀翯赟璟"
"""Signs of heads' names, so that no other word is taken for one."""


@dataclass
class Secrets:
    """All are made up by chance from one seed; those of households are numbered alike."""

    heads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return [*self.heads, *self.ids, *self.phones, *self.cards, *self.places]


def plant(seed: int) -> Secrets:
    """40 heads, 60 ID numbers, 60 phones, 30 bank cards, 10 places."""
    chance = random.Random(seed)
    made = Secrets()
    made.heads = _different(40, lambda: "".join(chance.sample(RARE, 3)))
    made.ids = _different(60, lambda: _id_number(chance))
    made.phones = _different(60, lambda: f"1{chance.choice('35789')}{chance.randrange(10**8, 10**9)}")
    made.cards = _different(30, lambda: _card(chance))
    made.places = _different(10, lambda: f"39.{chance.randrange(100000, 999999)}")
    return made


def _different(count: int, make: Any) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[make()] = None
    return list(found)


def _id_number(chance: random.Random) -> str:
    """With the right check digit: an eleventh of all that have the shape."""
    while True:
        born = f"{chance.randint(1940, 2015)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        made = f"120114{born}{chance.randrange(1000):03}{chance.choice('0123456789X')}"
        if is_id_number(made) and _checked(made):
            return made


def _checked(number: str) -> bool:
    from storage.personal import clean_id

    return clean_id(number) == number


def _card(chance: random.Random) -> str:
    while True:
        made = f"621700{chance.randrange(10**12, 10**13)}"
        if is_card(made):
            return made


def spoken(number: str) -> str:
    """A number in Chinese numerals, as people dictate it."""
    return number.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))


def cut(number: str) -> str:
    """A number as it stands in two lines."""
    return f"{number[:7]}\n{number[7:]}"


def found(secrets: list[str], places: Iterator[tuple[str, bytes]]) -> list[str]:
    """Which secret stands where, as text, as escaped JSON, or as the hex digits in which PostgreSQL writes bytes; also
    numbers in numerals and cut by a line."""
    forms = {
        form: secret
        for secret in secrets
        for said in {secret, *((spoken(secret), cut(secret)) if len(secret) > 9 else ())}
        for form in (said.encode(), said.encode("unicode-escape"), said.encode().hex().encode())
    }
    return [f"{where}: {secret}" for where, data in places for form, secret in forms.items() if form in data]


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything below a folder; what is inside an archive, too."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        yield str(file.relative_to(folder)), file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                yield from ((f"{file.name}/{name}", archive.read(name)) for name in archive.namelist())


def dump(file: Path) -> Iterator[tuple[str, bytes]]:
    """What pg_dump writes of a PostgreSQL database."""
    if databases.kind() == "postgresql":
        from tests import postgres

        yield "pg_dump", postgres.server().dump(file)
