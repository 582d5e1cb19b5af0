"""What was in hand when a process ended is known to the next one."""

import signal
import subprocess
import sys
from pathlib import Path

from bot.hand import Hand
from tests.house.tree import ROOT

PROGRAM = """
import os, signal, sys
from pathlib import Path
from bot.hand import Hand
hand = Hand(Path(sys.argv[1]), 42)
hand.take(4711)
hand.empty()
hand.take(12)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_new_one_holds_nothing(tmp_path: Path) -> None:
    hand = Hand(tmp_path, 42)
    assert hand.holds() == 0
    hand.empty()
    assert hand.holds() == 0
    hand.close()


def test_what_was_in_hand_is_found_after_a_kill(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    hand = Hand(tmp_path, 42)
    assert hand.holds() == 12
    hand.close()


def test_each_bot_has_its_own(tmp_path: Path) -> None:
    one, other = Hand(tmp_path, 42), Hand(tmp_path, 43)
    one.take(9_223_372_036_854_775_807)
    other.take(1)
    assert (one.holds(), other.holds()) == (9_223_372_036_854_775_807, 1)
    one.close()
    other.close()
