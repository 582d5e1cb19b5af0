"""Questions answered by sending something: photos, a place."""

from dataclasses import dataclass
from typing import Any, ClassVar

from storage.forms.ask import Ask
from storage.refusals import Refusal
from storage.texts import _


@dataclass(frozen=True, kw_only=True)
class Photos(Ask):
    """Pictures, at most `limit`. They are rows of their own (storage/photo.py); the answer is how many."""

    limit: int = 50

    def shown(self, answer: Any) -> str:
        return _("{count} 张").format(count=answer)

    def room(self, have: int) -> None:
        """Raises Refusal when no more picture fits."""
        if have >= self.limit:
            raise Refusal(
                _("一份报告最多 {limit} 张照片，这一张没有加上。请先发送，再另报一份。").format(
                    limit=self.limit
                )
            )


@dataclass(frozen=True, kw_only=True)
class Location(Ask):
    """A place as [latitude, longitude] in degrees (WGS-84). It tells where a household lives: sealed."""

    sealed: ClassVar[bool] = True

    def check(self, given: Any) -> list[float]:
        match given:
            case [int() | float() as lat, int() | float() as lon] if abs(lat) <= 90 and abs(lon) <= 180:
                return [float(lat), float(lon)]
        raise Refusal(_("请点聊天框旁的回形针，选“位置”发送；不发也可以。"))

    def shown(self, answer: Any) -> str:
        lat, lon = answer
        return f"{lat:.5f}, {lon:.5f}"
