"""One person's phone. Tests get it from `Sandbox.phone`, see tests/phone.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tests.sandbox_http import Json, SandboxError
from tests.screen import Picture, best, buttons_of, each, line_of, named_bytes, number_of, words

if TYPE_CHECKING:
    from tests.phone import Sandbox

PATIENCE = 60.0
T = TypeVar("T")


@dataclass
class Count:
    taps: int = 0
    messages: int = 0
    typed: int = 0


class Phone:
    """One person's phone, looking at one chat (the private one, unless made by `in_group`).

    `taps` counts presses and opened links, `messages` all that was sent (an album is one), `typed` its texts.
    """

    def __init__(
        self, sandbox: Sandbox, user_id: int, name: str, chat: int | None = None, topic: int | None = None
    ) -> None:
        self.sandbox, self.id, self.name, self.topic = sandbox, user_id, name, topic
        self.chat = user_id if chat is None else chat
        self.count = Count()
        self.last_press = ""
        self.seen: dict[int, Json] = {}
        self._change = 0
        self._mark = 0
        self._heard: set[tuple[int, int, str]] = set()
        self._buttons: list[tuple[int, Json]] = []

    def __repr__(self) -> str:
        return f"<{self.name} {self.id} in {self.chat}>\n{self.picture()}"

    @property
    def taps(self) -> int:
        return self.count.taps

    @property
    def messages(self) -> int:
        return self.count.messages

    @property
    def typed(self) -> int:
        return self.count.typed

    def in_group(self, chat: int | Mapping[str, Any], topic: int | None = None) -> Phone:
        """The same phone with a group open (`chat`: its id or what `Sandbox.group` gave), same counts."""
        number = chat if isinstance(chat, int) else int(chat["id"])
        other = Phone(self.sandbox, self.id, self.name, number, topic)
        other.count = self.count
        return other

    # doing

    def says(self, text: str, **more: Any) -> Json:
        """Type and send a text (`reply_to`, `forward` as named)."""
        self.count.typed += 1
        return self._sends({"text": text} | more)

    def shares_location(self, latitude: float, longitude: float) -> Json:
        return self._sends({"location": {"latitude": latitude, "longitude": longitude}})

    def sends_sticker(self) -> Json:
        return self._sends({"sticker": True})

    def sends_contact(self, phone_number: str, first_name: str) -> Json:
        return self._sends({"contact": {"phone_number": phone_number, "first_name": first_name}})

    def _sends(self, content: Json) -> Json:
        self._act()
        self.count.messages += 1
        return self.sandbox.post("send", self._self() | {"topic": self.topic} | content)

    def sends_photos(
        self,
        pictures: Sequence[Picture] | Picture,
        as_files: bool = False,
        album: bool = True,
        caption: str | None = None,
        **more: Any,
    ) -> Json:
        """Send pictures (paths, bytes, or (name, bytes)) as photos or as files; `hold`, `twice`: "1,3"."""
        self._act()
        self.count.messages += 1
        fields = self._self() | {"topic": self.topic, "caption": caption, "as_file": int(as_files)}
        files = [named_bytes(one, number) for number, one in enumerate(each(pictures), 1)]
        return self.sandbox.wire.upload(fields | {"album": int(album)} | more, files)

    def sends_file(self, name: str, data: bytes, caption: str | None = None) -> Json:
        return self.sends_photos([(name, data)], as_files=True, album=False, caption=caption)

    def edits(self, message_id: int, text: str) -> Json:
        self._act()
        self.count.typed += 1
        return self.sandbox.post("edit", self._self() | {"message_id": message_id, "text": text})

    def opens(self, link: str) -> Json:
        """Follow a t.me link to the bot."""
        self._act()
        self.count.taps += 1
        return self.sandbox.post("link", {"user": self.id, "url": link})

    def blocks(self, blocked: bool = True) -> Json:
        return self.sandbox.post("block", {"user": self.id, "blocked": blocked})

    def presses(
        self, wish: str, message: Mapping[str, Any] | int | None = None, timeout: float = PATIENCE
    ) -> str:
        """Press the button with this label, data, or part of a label, on the newest message that has it.

        Waits for the button to appear. A link button is opened, a reply keyboard's button sends its text;
        else the id of the press, for `answered`.
        """
        wanted = None if message is None else number_of(message)
        found = self._until(lambda: self._button(wish, wanted), timeout, f"no button {wish!r}")
        message_id, button = found
        if "data" not in button:
            self._tap_other(button)
            return ""
        self._act()
        try:
            pressed = self._press({"message_id": message_id, "data": button["data"]})
        except SandboxError:
            if wanted is not None or button in buttons_of(self._now(message_id)):
                raise
            return self.presses(wish, timeout=timeout)  # it went while the finger was on its way
        self.count.taps += 1
        return pressed

    def _now(self, message_id: int) -> Json:
        self._look(0)
        return self.seen.get(message_id, {})

    def taps_key(self, label: str) -> None:
        """Press the key below the message field, whatever buttons have that word in them."""
        keys = [(number, one) for number, message in self.seen.items() for one in buttons_of(message)]
        found = next(number for number, one in keys if one["text"] == label and "data" not in one)
        self.presses(label, found)

    def _tap_other(self, button: Json) -> None:
        if button.get("url"):
            self.opens(button["url"])
            return
        assert not button.get("request_location"), "use shares_location for this button"
        self.count.taps += 1
        self._sends({"text": button["text"]})

    def presses_old(self, wish: str, message: Mapping[str, Any] | int | None = None) -> str:
        """Press a button that was on a message once and is gone: an old screen."""
        wanted = None if message is None else number_of(message)
        found = best(wish, [pair for pair in reversed(self._buttons) if wanted in (None, pair[0])])
        assert found is not None, f"no button {wish!r} was ever seen\n{self.picture()}"
        self._act()
        self.count.taps += 1
        return self._press({"message_id": found[0], "data": found[1]["data"], "stale": True})

    def _press(self, wish: Json) -> str:
        self.last_press = str(self.sandbox.post("press", self._self() | wish)["callback_query_id"])
        return self.last_press

    def answered(self, press: str | None = None, timeout: float = PATIENCE) -> Json:
        """Wait for the bot's answer to a press (the last one): {"answered", "text", "alert"}."""
        found = self.sandbox.get("answers", callback_query_id=press or self.last_press, wait=timeout)
        assert found["answered"], f"the press was not answered in {timeout:g} s\n{self.picture()}"
        return found

    # seeing

    def hears(self, substring: str, timeout: float = PATIENCE, ever: bool = False) -> Json:
        """Wait for a message that changed after this phone's last act and contains `substring`.

        The same state of a message is heard once for the same words. `ever` takes older ones too.
        """
        return self._until(lambda: self._hearing(substring, ever), timeout, f"not heard: {substring!r}")

    def _hearing(self, substring: str, ever: bool) -> Json | None:
        for message in sorted(self.seen.values(), key=lambda one: int(one["change"])):
            key = (message["message_id"], message["change"], substring)
            fresh = ever or message["change"] > self._mark
            if (
                message["from"]["id"] != self.id
                and fresh
                and key not in self._heard
                and substring in words(message)
            ):
                self._heard.add(key)
                return message
        return None

    def sees(self, substring: str) -> Json | None:
        """The newest message on the screen now that contains `substring`, without waiting."""
        return next((one for one in reversed(self.screen()) if substring in words(one)), None)

    def screen(self) -> list[Json]:
        """The messages of the chat as they stand now, oldest first."""
        self._look(0)
        return [self.seen[number] for number in sorted(self.seen)]

    def card(self) -> Json:
        """The newest message with buttons."""
        found = next((one for one in reversed(self.screen()) if one.get("keyboard")), None)
        assert found is not None, f"no message with buttons\n{self.picture()}"
        return found

    def labels(self, message: Mapping[str, Any] | None = None) -> list[str]:
        """The labels on a message's buttons (the newest card's)."""
        return [button["text"] for row in (message or self.card()).get("keyboard", []) for button in row]

    def picture(self) -> str:
        """The last messages as lines of text, for people reading a failure."""
        return "\n".join(line_of(one) for one in self.screen()[-12:])

    def _act(self) -> None:
        """What comes after now may be the answer to what is done next."""
        self._look(0)
        self._mark = self._change

    def _self(self) -> Json:
        return {"user": self.id, "chat": self.chat, "bot": self.sandbox.bot_id}

    def _look(self, wait: float) -> None:
        query = {
            "chat": self.chat,
            "bot": self.sandbox.bot_id,
            "topic": self.topic,
            "after": self._change,
            "wait": wait,
        }
        found = self.sandbox.get("messages", **query)
        self._change = max([self._change, *(one["change"] for one in found["messages"])])
        for message in found["messages"]:
            if message.get("deleted"):
                self.seen.pop(message["message_id"], None)
            else:
                self.seen[message["message_id"]] = message
                self._buttons += [(message["message_id"], button) for button in buttons_of(message)]

    def _until(self, look: Callable[[], T | None], timeout: float, complaint: str) -> T:
        deadline = time.monotonic() + timeout
        self._look(0)
        while (found := look()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{self.name}: {complaint} in {timeout:g} s\n{self.picture()}")
            self._look(left)
        return found

    def _button(self, wish: str, message_id: int | None) -> tuple[int, Json] | None:
        shown = [self.seen[number] for number in sorted(self.seen, reverse=True)]
        for message in shown:
            if message_id in (None, message["message_id"]):
                pairs = [(message["message_id"], button) for button in buttons_of(message)]
                if (found := best(wish, pairs)) is not None:
                    return found
        return None
