"""What is in hand: the number of the arrival being handled, where the next start finds it.

A process that ends at this moment was perhaps ended by that arrival; by no other one, however many wait. Written
without a sync: the kernel keeps it when a process dies, and a power cut is no arrival's fault.
"""

import os
from contextlib import suppress
from pathlib import Path

_WIDTH = 20


class Hand:
    """One per desk, that is per bot, as a small file."""

    def __init__(self, folder: Path, bot: int) -> None:
        self._file = os.open(folder / f"zhucun.{bot}.hand", os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, arrival_id: int) -> None:
        with suppress(OSError):  # on a full disk nobody is blamed
            os.pwrite(self._file, b"%*d" % (_WIDTH, arrival_id), 0)

    def empty(self) -> None:
        self.take(0)

    def holds(self) -> int:
        """The arrival that was in hand when the process or its batch ended; 0 when none was."""
        return int(os.pread(self._file, _WIDTH, 0) or 0)

    def close(self) -> None:
        os.close(self._file)
