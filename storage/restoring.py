"""Putting a backup in place: files first, the database last and under its name only when all is done, so that
a restore that was broken off can simply be begun again."""

import os
import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from storage import migrate, restored
from storage.backup import Told
from storage.db import Store
from storage.files import Files
from storage.manifest import DATABASE, FILES, Manifest
from storage.sealing import Keyring

PART = f"{DATABASE}.part"


def place_files(folder: Path, files: Files, without: Collection[str], told: Told) -> None:
    """Put the backup's files back, but for those named in `without` (as in SHA256SUMS)."""
    names = [
        name for _sha, name in Manifest.sums(folder) if name.startswith(f"{FILES}/") and name not in without
    ]
    for number, name in enumerate(names, 1):
        files.put_back(Path(name).name, (folder / name).read_bytes())
        told(number, len(names))


def place_database(folder: Path, data: Path, manifest: Manifest, now: datetime) -> int:
    """Put the database back, brought to this program's schema. How many letters are kept back."""
    part = data / PART
    for old in data.glob(f"{PART}*"):
        old.unlink()
    shutil.copyfile(folder / DATABASE, part)
    part.chmod(0o600)
    store = Store(f"sqlite:///{part}", Keyring.new())  # nothing is sealed or opened here
    try:
        migrate.upgrade(store.write)
        with store.writing() as session:
            kept = restored.bring_back(session, manifest.made_at, now)
    finally:
        store.close()
    os.sync()
    part.replace(data / DATABASE)
    return kept
