"""People at work while their bot dies under their hands: reports of each kind, corrections, steps of rectifications.

Whoever waits for an answer waits until it comes. What somebody did is written down only when it is finished, with
what the sandbox told of it (the bytes of photos) and the number that was answered.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash.counties import County
from tests.drawn import drawn
from tests.phone import Json, Phone
from tests.screen import best, buttons_of, words
from tests.world import World

PATIENCE = 150.0
NUMBER = re.compile(r"[A-Z]{2}-\d{8}-\d{4}")


class Hand:
    """A phone's owner, who looks only at what has come since the work was begun, the newest first: of a message
    that came twice, either will do."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.since = 0

    def begins(self, text: str) -> None:
        self.since = max((int(one["message_id"]) for one in self.phone.screen()), default=0)
        self.phone.says(text)

    def _new(self) -> list[Json]:
        seen = self.phone.seen
        return [seen[number] for number in sorted(seen, reverse=True) if number > self.since]

    def sees(self, *told: str, ever: bool = False) -> Json:
        """The newest message with all these words."""

        def look() -> Json | None:
            there = self._new() if not ever else sorted(self.phone.seen.values(), key=_newest)
            return next((one for one in there if _told(one, told)), None)

        return self.phone._until(look, PATIENCE, f"not seen: {told}")

    def presses(self, label: str, *told: str, ever: bool = False) -> None:
        """Press this button on the newest message that has it (and these words)."""

        def look() -> tuple[int, Json] | None:
            there = self._new() if not ever else sorted(self.phone.seen.values(), key=_newest)
            pairs = [
                (int(one["message_id"]), key) for one in there if _told(one, told) for key in buttons_of(one)
            ]
            return best(label, pairs)

        message_id, button = self.phone._until(look, PATIENCE, f"no button {label!r} with {told}")
        self.phone._press({"message_id": message_id, "data": button["data"], "stale": True})


def _newest(message: Json) -> int:
    return -int(message["message_id"])


def _told(message: Json, told: tuple[str, ...]) -> bool:
    return bool(message["from"]["bot"]) and all(one in words(message) for one in told)


@dataclass
class People:
    """Four threads of work in one county; `sent` is the file of what they did."""

    world: World
    county: County
    sent: Path
    _resting: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)
    _troubles: list[BaseException] = field(default_factory=list)
    _pictures: int = 0

    def __post_init__(self) -> None:
        self.hands = {name: Hand(phone) for name, phone in self.world.phones.items()}
        self.works = (self.visits, self.cases, self.corrections, self.rectifications)

    def work(self) -> None:
        for one in self.works:
            self._threads.append(threading.Thread(target=self._rounds, args=(one,), daemon=True))
            self._threads[-1].start()

    def finish(self) -> None:
        """Let each finish what is begun. Raises what went wrong."""
        self._resting.set()
        for one in self._threads:
            one.join()
        self.check()

    def check(self) -> None:
        """Raise what went wrong so far."""
        if self._troubles:
            raise self._troubles[0]

    def _rounds(self, work: Callable[[int], None]) -> None:
        number = 0
        try:
            while not self._resting.is_set():
                number += 1
                work(number)
        except BaseException as trouble:  # noqa: BLE001 - raised where the run is led
            self._troubles.append(trouble)

    def _note(self, who: Hand, kind: str, said: str, number: str, **more: Any) -> None:
        line: Json = {"who": who.phone.chat, "kind": kind, "words": said, "number": number}
        line |= {"photos": [], "corrections": 0, "steps": [], "heard": []} | more
        with self._lock, self.sent.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _album(self, who: Hand, count: int, as_files: bool) -> list[str]:
        """Pictures nobody has sent before; what the sandbox keeps of them."""
        with self._lock:
            sizes = [
                (60 + (self._pictures + one) % 400, 40 + (self._pictures + one) // 400)
                for one in range(count)
            ]
            self._pictures += count
        sent = who.phone.sends_photos([drawn(size=size) for size in sizes], as_files=as_files)
        return [str(one["sha256"]) for one in sent["files"]]

    # work

    def visits(self, number: int) -> None:
        """A visit with an album; every third one sent as files, every fourth one corrected afterwards."""
        who, said = self.hands["member"], f"{self.county.mark}第{number}次走访"
        self._visit(
            who,
            self.county.heads[0],
            said,
            album=3,
            as_files=number % 3 == 1,
            corrections=int(number % 4 == 0),
        )

    def _visit(
        self, who: Hand, where: str, said: str, album: int = 0, as_files: bool = False, corrections: int = 0
    ) -> None:
        who.begins("/visit")
        who.presses(where, "走访哪一户")
        who.presses("安全排查", "为了什么事")
        who.sees("情况怎么样")
        photos = self._album(who, album, as_files) if album else []
        who.phone.says(said)
        who.sees(f"情况：{said}", *([f"照片：{album} 张"] if album else []))
        who.presses("✓ 发送", f"情况：{said}")
        receipt = NUMBER.findall(words(who.sees("✓ 走访已发送", said)))[0]
        for one in range(corrections):
            said = self._corrected(who, receipt, said, one + 1)
        leader = self.hands["leader"].phone.chat
        heard = [(leader, f"报了走访 {receipt}")] if album else []
        heard += [
            (leader, f"更正了 {receipt}（第 {one + 2} 版）") for one in range(corrections if album else 0)
        ]
        self._note(who, "visit", said, receipt, photos=photos, corrections=corrections, heard=heard)

    def _corrected(self, who: Hand, number: str, said: str, time: int) -> str:
        better = f"{said}，更正{time}"
        who.presses("更正", "✓", number)
        who.presses(f"情况：{said}", "改哪一行")
        who.sees(f"更正 {number}", "情况怎么样")
        who.phone.says(better)
        who.presses("✓ 发送更正", better)
        who.sees("✓ 已更正", better)
        return better

    def cases(self, number: int) -> None:
        """A hardship case that begins with its words; every second one is urgent."""
        who, said = self.hands["colleague"], f"{self.county.mark}第{number}件困难"
        urgency = ("紧急", "一般")[number % 2]
        who.begins(said)
        for label, asked in (("困难", "要报什么"), (self.county.heads[1], "哪一户有困难"), ("低保", "属于哪一类"),
                             ("因病", "主要原因"), ("基本医疗", "没有保障"), (urgency, "急不急")):  # fmt: skip
            who.presses(label, asked)
        who.presses("✓ 发送", f"紧急程度：{urgency}")
        receipt = NUMBER.findall(words(who.sees("✓ 困难情况已发送")))[0]
        told = ["leader", *(["supervisor"] if urgency == "紧急" else [])]
        heard = [(self.hands[name].phone.chat, f"报了困难情况 {receipt}") for name in told]
        self._note(who, "hardship", said, receipt, heard=heard)

    def corrections(self, number: int) -> None:
        """A draft that is left alone, and a visit that is corrected twice."""
        who = self.hands["outsider"]
        who.begins("/visit")
        who.presses("不入户", "走访哪一户")
        who.sees("为了什么事")
        self._visit(who, "不入户", f"{self.county.mark}第{number}次下村", corrections=2)

    def rectifications(self, number: int) -> None:
        """A problem goes down to the team and comes back mended; every second one is returned once. In the end the
        supervisor looks up what problems there were."""
        boss, who = self.hands["supervisor"], self.hands["leader"]
        said = f"{self.county.mark}问题{number}号"
        boss.begins("/problem")
        boss.presses(self.county.team, "哪个工作队")
        boss.presses(self.county.village, "哪个村")
        boss.sees("发现了什么问题")
        boss.phone.says(said)
        boss.presses("15 个工作日", "哪一天前")
        boss.presses("✓ 发送", f"问题：{said}")
        receipt = NUMBER.findall(words(boss.sees("已通知工作队", said)))[0]
        done = f"{self.county.mark}办好{number}"
        photos, steps = self._mend(who, f"交办整改 {receipt}", done), ["complete"]
        if number % 2 == 0:
            boss.presses("退回", f"完成整改 {receipt}")
            boss.presses("还没有整改到位", "为什么退回")
            boss.presses("✓ 发送", "退回原因")
            boss.sees("✓ 已退回", receipt)
            done = f"{self.county.mark}又办{number}"
            photos += self._mend(who, f"退回整改 {receipt}", done)
            steps += ["return", "complete"]
        self._accept(boss, receipt, done)
        heard = [
            (self.hands[one].phone.chat, f"交办整改 {receipt}") for one in ("member", "colleague", "leader")
        ]
        heard += [(boss.phone.chat, f"已验收 {receipt}"), (who.phone.chat, f"销号 {receipt}")]
        steps += ["accept", "strike_off"]
        boss.begins("/query 问题")
        boss.sees(said, receipt)
        self._note(boss, "rectification", said, receipt, photos=photos, steps=steps, heard=heard)

    def _mend(self, who: Hand, notice: str, done: str) -> list[str]:
        """Answer a notice with a photo and words; the photo."""
        who.sees(notice, ever=True)
        who.since = max(who.phone.seen)
        who.presses("去整改", notice, ever=True)
        who.sees("做了什么")
        photos = self._album(who, 1, as_files=False)
        who.phone.says(done)
        who.sees(done, "整改后照片：")
        who.presses("✓ 发送", done)
        who.sees("✓ 已提交验收")
        return photos

    def _accept(self, boss: Hand, receipt: str, done: str) -> None:
        """Two people accept what was done last, one after the other. A notice of what was sent back may come
        once more, and its buttons are refused."""
        admin = self.hands["admin"]
        boss.presses("验收", f"完成整改 {receipt}", "请验收", done)
        boss.sees(f"✓ 已验收 {receipt}")
        admin.presses("✓ 已核实，销号", f"验收了整改 {receipt}", ever=True)
        admin.sees(f"✓ 已销号 {receipt}", ever=True)
