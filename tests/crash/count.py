"""What a run of kills came to, counted from what was exported and from the sandbox's own record.

Imports nothing of ours: a fault of the program cannot hide in its own reading of its data. Of a folder it reads
`sent.jsonl` (what people did, as the sandbox took it), `messages.jsonl` (every message that is or was in a chat),
`lives.jsonl` (each life of the bot, how it ended, the last message by then), `moves.jsonl` (of the clock),
`chats.jsonl` (whose they are), what `zhucun` listed: `reports.jsonl`, `journal.jsonl`, `letters.jsonl`, `status.txt`,
and `files/`, what lay in the bucket, where there was one.

    python tests/crash/count.py FOLDER
"""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Key = tuple[int, str, int]
ZONE = timezone(timedelta(hours=8))
NOTHING_WAITS = ("等待处理的消息", "等待发送", "暂不能送达", "后台任务")
AGAIN = "（重发）"
FRIDAY = 4
SENDING = ("everything", "delivery")
"""Parts whose death may fall between Telegram's answer and the note of it."""


@dataclass
class Count:
    """`found` is how many of what there are, `faults` each thing lost, twice or wrong, in words."""

    found: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fault(self, *words: object) -> None:
        self.faults.append(" ".join(map(str, words)))


def read(folder: Path, name: str) -> list[Row]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


def count(folder: Path, data: Path) -> Count:
    """Count everything. `data` is the data folder, where the photos' files are unless there was a bucket."""
    found, sent, reports = Count(), read(folder, "sent"), read(folder, "reports")
    files = _files(found, folder, data)
    found.found["lives"] = len(read(folder, "lives"))
    _reports(found, sent, reports)
    _numbers(found, reports)
    _photos(found, sent, reports, files)
    _lives_of_reports(found, sent, reports)
    _erased(found, read(folder, "moves"), read(folder, "journal"), files)
    _journal(found, reports, read(folder, "rectifications"), read(folder, "journal"))
    told = Told(read(folder, "letters"), read(folder, "messages"), read(folder, "lives"))
    _letters(found, told)
    _messages(found, told)
    _answers(found, sent, told)
    _walls(found, reports, read(folder, "chats"), told)
    _digests(found, reports, read(folder, "moves"), read(folder, "chats"), told)
    _summaries(found, read(folder, "moves"), told)
    _status(found, (folder / "status.txt").read_text("utf-8"))
    return found


def _files(found: Count, folder: Path, data: Path) -> Path:
    """Where the photos are: in one place only."""
    if not (folder / "files").exists():
        return data / "files"
    found.found["files in the bucket"] = sum(one.is_file() for one in (folder / "files").rglob("*"))
    if (data / "files").exists():
        found.fault("files were kept beside the bucket")
    return folder / "files"


# records, revisions, steps


def _reports(found: Count, sent: list[Row], reports: list[Row]) -> None:
    """Each thing reported is one record, and there is no other."""
    found.found["reports"] = len(reports)
    wanted = Counter((one["number"], one["kind"], one["words"]) for one in sent)
    there = Counter((one["number"], one["kind"], one["answers"]["findings"]) for one in reports)
    for key in wanted - there:
        found.fault("lost report", *key)
    for key in there - wanted:
        found.fault("report twice, or by nobody", *key)


def _numbers(found: Count, reports: list[Row]) -> None:
    """The numbers of a day are 1, 2, 3 … without a gap."""
    days: dict[str, list[int]] = defaultdict(list)
    for one in reports:
        prefix, _, number = one["number"].rpartition("-")
        days[prefix].append(int(number))
    for prefix, numbers in days.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            found.fault("numbers of", prefix, "have gaps or repeats:", sorted(numbers))


def _photos(found: Count, sent: list[Row], reports: list[Row], files: Path) -> None:
    """Each photo once in its report, its bytes unchanged."""
    wanted = {one["number"]: sorted(one["photos"]) for one in sent}
    for one in reports:
        there = sorted(photo["sha256"] or photo["state"] for photo in one["photos"])
        found.found["photos"] += len(there)
        if there != wanted.get(one["number"]):
            found.fault("photos of", one["number"], "are", there, "not", wanted.get(one["number"]))
        for sha in there:
            file = files / sha[:2] / sha[2:4] / sha
            if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != sha:
                found.fault("file", sha, "is missing or changed")


def _lives_of_reports(found: Count, sent: list[Row], reports: list[Row]) -> None:
    """Each correction is one revision, each step is taken once and in order."""
    wanted = {one["number"]: one for one in sent}
    for one in reports:
        told = wanted.get(one["number"], {"corrections": 0, "steps": []})
        kept = [revision["revision"] for revision in one["revisions"]]
        found.found["revisions"] += len(kept)
        if kept != list(range(1, told["corrections"] + 1)) or one["revision"] != told["corrections"] + 1:
            found.fault("revisions of", one["number"], "are", kept, "and it is", one["revision"])
        steps = [step["step"] for step in one["steps"]]
        found.found["steps"] += len(steps)
        if steps != told["steps"]:
            found.fault("steps of", one["number"], "are", steps, "not", told["steps"])


# journal


def _erased(found: Count, moves: list[Row], lines: list[Row], files: Path) -> None:
    """What was kept no longer has one tombstone, and its files are gone."""
    stones = [one for one in lines if one["action"] == "erase"]
    found.found["tombstones"] = len(stones)
    if len(stones) != sum(one["why"] == "old" for one in moves):
        found.fault("tombstones:", len(stones))
    for one in stones:
        for sha in json.loads(one["body"])["files"]:
            if (files / sha[:2] / sha[2:4] / sha).exists():
                found.fault("file", sha, "was erased and is still there")


def _journal(found: Count, reports: list[Row], rectifications: list[Row], lines: list[Row]) -> None:
    found.found["journal lines"] = len(lines)
    there = Counter((one["record"], one["action"]) for one in lines if one["record"].startswith("report:"))
    wanted = Counter(key for one in reports for key in _lines_of(one))
    for one in rectifications:
        wanted[f"report:{one['number']}", "rectification.rebound"] += len(one["rebound_of"])
    for key in wanted - there:
        found.fault("lost journal line", *key)
    for key in there - wanted:
        if key[1] not in ("read", "erase"):
            found.fault("journal line twice, or of nothing", *key)
    before = b""
    # Transactions of two bots run side by side: a line may join the chain behind one that was begun after it.
    for place, one in enumerate(sorted(lines, key=lambda line: line["seq"] or len(lines)), 1):
        committed = hashlib.sha256(bytes.fromhex(one["salt"]) + one["body"].encode()).digest()
        before = hashlib.sha256(before + committed).digest()
        if (one["seq"], one["commitment"], one["hash"]) != (place, committed.hex(), before.hex()):
            found.fault("the chain is broken at line", one["id"])
            return


def _lines_of(report: Row) -> Iterator[tuple[str, str]]:
    record, kind = f"report:{report['number']}", report["kind"]
    yield record, f"{kind}.send"
    for _revision in report["revisions"]:
        yield record, f"{kind}.correct"
    for step in report["steps"]:
        yield record, f"{kind}.{step['step']}"


# letters and messages


@dataclass
class Told:
    """What the program says it sent, and what the chats hold of it."""

    letters: list[Row]
    messages: list[Row]
    lives: list[Row]
    ours: dict[Key, Row] = field(default_factory=dict)
    """Noted messages: their key → the letter, the first one of a card."""
    groups: dict[int, int] = field(default_factory=dict)
    """The bot of each group."""

    def __post_init__(self) -> None:
        self.letters = [one for one in self.letters if one["expires_at"] is None]
        self.said = [one for one in self.messages if one.get("deleted") or one["from"]["bot"]]
        self.groups = {
            one["chat"]: one["from"]["id"] for one in self.said if one["chat"] < 0 and "from" in one
        }
        for one in self.letters:
            if one["message_id"] is not None:
                self.ours.setdefault(_key(one), one)

    def key(self, message: Row) -> Key:
        """The bot, the kind of its chat and the number of a message: all a letter tells of where it went."""
        private = message["chat"] > 0
        return (
            message["bot"] if private else self.groups[message["chat"]],
            _kind(private),
            message["message_id"],
        )

    def noted(self, message: Row) -> Row | None:
        return self.ours.get(self.key(message))

    def deaths(self, message: Row) -> list[int]:
        """The last message there by the end of each life of who sends such ones."""
        bot, kind, _number = self.key(message)
        ends = [one for one in self.lives if {f"{part} {bot}" for part in SENDING}.intersection(one["parts"])]
        if kind == "private":
            return sorted(one["private"].get(str(bot), 0) for one in ends)
        return sorted(one["groups"].get(str(message["chat"]), 0) for one in ends)


def _key(letter: Row) -> Key:
    return letter["bot"], _kind(letter["chat_kind"] == "private"), letter["message_id"]


def _kind(private: bool) -> str:
    return "private" if private else "group"


def _letters(found: Count, told: Told) -> None:
    """Each letter was sent and its message is in the chat; a key exists once; cards show what they should."""
    keys = Counter(one["key"] for one in told.letters if one["key"])
    found.found["letters"] = len(told.letters)
    found.found["letters with keys"] = keys.total()
    for key, times in keys.items():
        if times > 1:
            found.fault("letter", key, "exists", times, "times")
    there = {told.key(one) for one in told.said}
    last = {one["card"]: one for one in told.letters if one["card"] is not None}
    for one in told.letters:
        if one["state"] != "sent":
            found.fault("letter", one["number"], one["method"], one["key"], "is", one["state"])
        elif _key(one) not in there:
            found.fault("letter", one["number"], one["method"], one["key"], "was sent and is nowhere")
    for card, one in last.items():
        if not one["up_to_date"]:
            found.fault("card", card, "does not show what it should")


def _messages(found: Count, told: Told) -> None:
    """Each message of the bot is noted, but for repeats: the same once more, with a death between the two."""
    found.found["messages"] = len(told.said)
    alike: dict[object, list[Row]] = defaultdict(list)
    for one in told.said:
        alike[_same(told, one)].append(one)
    for group in alike.values():
        extra = [one for one in group if told.noted(one) is None]
        found.found["repeated"] += len(extra)
        if extra and len(extra) == len(group):
            found.fault("message that no letter tells of:", _words(extra[0]), extra[0]["message_id"])
        ordered = sorted(group, key=lambda one: int(one["message_id"]))
        latest = max((one["message_id"] for one in group if told.noted(one) is not None), default=0)
        for first, second in pairwise(ordered):
            # Others may say the same: a repeat belongs to the next one that was noted, the last ones to that before.
            if told.noted(first) is None or second["message_id"] > latest:
                _explained(found, told, first, second)


def _same(told: Told, message: Row) -> tuple[object, ...]:
    """What tells that two messages are one letter: their card, else chat, words at first, and what they answer."""
    noted = told.noted(message)
    if noted is not None and noted["card"] is not None:
        return "card", noted["card"]
    if noted is None and (card := _mark(message)) is not None:
        return "card", card
    first = str(message.get("first") or _words(message)).removeprefix(AGAIN)
    return "letter", told.key(message)[0], message["chat"], "photo" in message, message.get("reply_to"), first


def _mark(message: Row) -> int | None:
    data = [button.get("data", "") for row in message.get("keyboard", []) for button in row]
    marks = [one.rpartition("~")[2] for one in data if "~" in one]
    return int(marks[0]) if marks and marks[0].isdigit() else None


def _words(message: Row) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _explained(found: Count, told: Told, first: Row, second: Row) -> None:
    """Between the two the process died; and nothing followed the first in its chat and lane before that, or it
    had been noted."""
    death = next((at for at in told.deaths(first) if first["message_id"] <= at < second["message_id"]), None)
    if death is None:
        found.fault("said twice in one life:", _words(first), first["message_id"], second["message_id"])
        return
    letter = told.noted(first) or told.noted(second)
    after = [
        one["message_id"]
        for one in told.said
        if (one["chat"], one["bot"]) == (first["chat"], first["bot"])
        and first["message_id"] < one["message_id"] <= death
        if letter is not None and (noted := told.noted(one)) is not None and noted["lane"] == letter["lane"]
    ]
    if told.noted(first) is None and after:
        found.fault("repeated though it had been noted:", _words(first), first["message_id"], "before", after)


def _answers(found: Count, sent: list[Row], told: Told) -> None:
    """Everybody who reported has the receipt; everybody who was to hear of it has heard."""
    for one in sent:
        for chat, words in [(one["who"], one["number"]), *one["heard"]]:
            found.found["answers"] += 1
            if not any(said["chat"] == chat and words in _words(said) for said in told.said):
                found.fault("no answer to", chat, "with", words)


def _walls(found: Count, reports: list[Row], chats: list[Row], told: Told) -> None:
    """Nobody is told of a report of another county, neither its number nor its words."""
    homes = {one["chat"]: one["county"] for one in chats}
    for said in told.said:
        county, text = homes[said["chat"]], _words(said)
        foreign = [one for one in reports if not one["village"].startswith(county)]
        found.found["messages beside reports of another county"] += bool(foreign)
        for one in foreign:
            if one["number"] in text or one["answers"]["findings"] in text:
                found.fault(said["chat"], "of", county, "was told of", one["number"], "of", one["village"])


# by the clock


def _digests(found: Count, reports: list[Row], moves: list[Row], chats: list[Row], told: Told) -> None:
    """Each digest that was due is told once in each group."""
    for move in moves:
        end = datetime.fromisoformat(move["to"]).astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
        for chat, county in [(one["chat"], one["county"]) for one in chats if one["chat"] < 0]:
            if move["why"] != "digest" or not _some(reports, county, end - timedelta(days=1), end):
                continue
            head = f" {end.month}月{end.day}日 简报"
            texts = [_words(one) for one in told.said if one["chat"] == chat and told.noted(one) is not None]
            found.found["digests"] += 1
            if (times := sum(head in text for text in texts)) != 1:
                found.fault("digest of", end.date(), "was told", times, "times in", chat)


def _some(reports: list[Row], county: str, start: datetime, end: datetime) -> bool:
    """Whether the county has a report of that time."""
    return any(
        start <= datetime.fromisoformat(one["sent_at"]) < end and one["village"].startswith(county)
        for one in reports
    )


def _summaries(found: Count, moves: list[Row], told: Told) -> None:
    """Each closed week has its picture and its text for each who hears of it, once (keys exist once)."""
    weeks = {week for move in moves for week in _closed(move["from"], move["to"])}
    keys = {one["key"] for one in told.letters if one["key"] and one["key"].startswith("weekly:")}
    parts = {(week, rest) for week, rest in (key.removeprefix("weekly:").split(":", 1) for key in keys)}
    found.found["summaries"] = len(parts)
    for rest in {rest for _, rest in parts}:
        told_of = {week for week, other in parts if other == rest}
        if told_of != weeks:
            found.fault("summary", rest, "of", sorted(told_of), "not", sorted(weeks))
    if weeks and not parts:
        found.fault("no summary at all")


def _closed(start: str, end: str) -> Iterator[str]:
    """The weeks whose Friday, four in the afternoon, lies between."""
    now, to = (datetime.fromisoformat(one).astimezone(ZONE) for one in (start, end))
    at = now.replace(hour=16, minute=0, second=0, microsecond=0)
    while at <= to:
        if at > now and at.weekday() == FRIDAY:
            year, week, _day = at.isocalendar()
            yield f"{year}-W{week:02d}"
        at += timedelta(days=1)


def _status(found: Count, status: str) -> None:
    """Nothing waits, nothing was put aside."""
    lines = dict(line.split(": ", 1) for line in status.splitlines() if ": " in line)
    for name in NOTHING_WAITS:
        if lines.get(name) != "0":
            found.fault(name, lines.get(name))
    aside = lines.get("需要人看：消息 / 信件 / 任务")
    if aside != "0 / 0 / 0":
        found.fault("put aside:", aside)


def shown(found: Count) -> Iterable[str]:
    yield ", ".join(f"{number} {name}" for name, number in found.found.items())
    yield from found.faults


if __name__ == "__main__":
    counted = count(Path(sys.argv[1]), Path(sys.argv[1]) / "data")
    sys.stdout.write("\n".join(shown(counted)) + "\n")
    sys.exit(bool(counted.faults))
