"""`make crash`: as many kills as KILLS says, in legs of some fifty, each on an installation of its own; then, on
SQLite, a power cut at every frame of a recorded run. With --apart every part is a process, and they die one by one;
with --webhook updates are pushed; with --bots 2 two counties share the database, each with a bot; with --bucket photos
lie in one.

Finished legs are lines of `legs.jsonl` in the folder of the run, so one that was broken off goes on with the next leg.
A leg in which something was lost, twice or not visited ends the run; its folder stays to be looked at.
"""

import argparse
import json
import os
import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

from tests import databases
from tests.crash import count, power
from tests.crash.deaths import plan
from tests.crash.modes import WHOLE, Mode, refusal
from tests.crash.run import installation, whole
from tests.phone import Json
from tests.starter import Starter

LEG = 54
RECORDED, RESTARTS = 12.0, 12
"""Seconds of the run whose log is cut off at every frame; from how many of them the bot is started again."""


def main() -> int:
    args = _arguments()
    mode = Mode(args.apart, args.webhook, args.bots, args.bucket)
    if said := refusal(mode, args.database):
        _say(said)
        return 2
    databases.use(args.database)
    args.folder = args.folder or Path("build/crash") / str(mode)
    if args.fresh:
        shutil.rmtree(args.folder, ignore_errors=True)
    args.folder.mkdir(parents=True, exist_ok=True)
    starter, cut = Starter(), None
    try:
        while (done := sum(leg["kills"] for leg in _legs(args.folder))) < args.kills:
            leg = _leg(args.folder, len(_legs(args.folder)) + 1, starter, mode)
            _say(f"{done + leg['kills']} of {args.kills} kills: {_told(Counter(leg['found']))}")
            if leg["faults"] or leg["missed"]:
                _say("\n".join([*leg["faults"], *(f"not visited: {one}" for one in leg["missed"])]))
                return 1
            _note(args.folder, leg)
        if args.database == "sqlite" and mode == WHOLE:
            cut = _power(args.folder, starter)
    finally:
        starter.close()
    _say(_summary(_legs(args.folder)))
    return _say_cut(cut) if cut is not None else 0


def _say_cut(cut: Json) -> int:
    told = f"power cut at each of {cut['frames']} frames: {_told(Counter(cut['found']))}"
    _say("\n".join([told, *cut["faults"]]))
    return int(bool(cut["faults"]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=int(os.environ.get("KILLS", "200")))
    parser.add_argument(
        "--folder",
        type=Path,
        help="where a broken-off run goes on; without it one of its own for each way of running",
    )
    parser.add_argument("--fresh", action="store_true", help="forget the legs that are done")
    kinds = ("sqlite", "postgresql")
    parser.add_argument("--database", choices=kinds, default="sqlite", help="a real server of its own")
    parser.add_argument("--apart", action="store_true", help="every part of the bot is a process")
    parser.add_argument("--webhook", action="store_true", help="updates are pushed, not asked for")
    parser.add_argument("--bots", type=int, choices=(1, 2), default=1, help="two counties share the database")
    parser.add_argument("--bucket", action="store_true", help="photos lie in an S3 bucket")
    return parser.parse_args()


def _legs(folder: Path) -> list[Json]:
    file = folder / "legs.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _note(folder: Path, leg: Json) -> None:
    with (folder / "legs.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(leg, ensure_ascii=False) + "\n")
    shutil.rmtree(folder / f"leg-{leg['leg']}")


def _leg(folder: Path, number: int, starter: Starter, mode: Mode) -> Json:
    """One leg; its seed is its number."""
    started = time.monotonic()
    with installation(folder / f"leg-{number}", starter, number, mode) as run:
        whole(run, plan(LEG, number, mode.points))
        found = count.count(run.folder, run.data)
        lives = count.read(run.folder, "lives")
        return {
            "leg": number,
            "kills": len(lives),
            "at_random": sum(one["point"] == "random" for one in lives),
            "seconds": round(time.monotonic() - started),
            "found": dict(found.found),
            "faults": found.faults,
            "missed": sorted(run.missed()),
        }


def _power(folder: Path, starter: Starter) -> Json:
    """A recorded run, cut off at every frame, and started again from some."""
    place = folder / "power"
    with installation(place, starter, 1) as run:
        recorded = power.record(run, RECORDED)
        lost = {one: recorded.missing(one, place) for one in range(recorded.frames + 1)}
        faults = [f"cut at frame {one}: {words}" for one, found in lost.items() for words in found]
        restarts = random.Random(1).sample(range(recorded.frames), RESTARTS)
        faults += [f"cut at frame {one}: another ledger" for one in restarts
                   if power.again(recorded, one) != recorded.ledger]  # fmt: skip
        found = {"moments": len(recorded.moments), "updates": len(recorded.updates),
                 "reports": len(recorded.ledger), "restarts": RESTARTS}  # fmt: skip
    return {"frames": recorded.frames, "found": found, "faults": faults}


def _told(found: Counter[str]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in found.items() if name != "lives")


def _summary(legs: list[Json]) -> str:
    total: Counter[str] = Counter()
    for leg in legs:
        total.update(leg["found"])
    kills, seconds = (sum(leg[name] for leg in legs) for name in ("kills", "seconds"))
    at_random = sum(leg["at_random"] for leg in legs)
    return f"{kills} kills ({at_random} at random moments) in {seconds} s, nothing lost, nothing twice: {_told(total)}"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
