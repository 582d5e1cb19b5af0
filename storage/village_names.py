"""Villages found by what people write: a code, an official or an everyday name."""

from sqlmodel import Session, select

from storage.names import spoken
from storage.places import Level, Region, inside
from storage.sheets import BadCell, Line
from storage.texts import _

VILLAGE, TOWNS = "村", ("镇", "乡", "街道")  # not for people: ends of names that people leave out


class Villages:
    """The villages inside a territory ("": all), read once for a whole list."""

    def __init__(self, session: Session, territory: str = "") -> None:
        regions = list(session.exec(select(Region).where(inside(Region.code, territory))))
        self.towns = {one.code: spoken(one.name) for one in regions if one.level == Level.TOWN}
        self.codes = {one.code for one in regions if one.level == Level.VILLAGE}
        self.names: dict[str, list[str]] = {}
        for one in regions:
            if one.level == Level.VILLAGE:
                self.names.setdefault(spoken(one.name), []).append(one.code)

    def find(self, text: str, town: str = "") -> list[str]:
        """Codes of the villages meant: none, one, or several of the same name. The town, when given, decides
        between them."""
        plain = "".join(text.split())
        if plain in self.codes:
            return [plain]
        found = self.names.get(spoken(plain)) or self.names.get(plain + VILLAGE) or []
        if not town:
            return found
        towns = (town, *(town + end for end in TOWNS))
        return [code for code in found if self.towns.get(code[:9]) in towns]

    def of_line(self, line: Line) -> str | BadCell:
        """The village of a row with a column "village" (and perhaps "town"), or what is wrong."""
        text, town = line.text("village"), line.text("town")
        found = self.find(text, town)
        if len(found) == 1:
            return found[0]
        return line.fault("village", unclear(text) if found else unknown(text))


def unclear(name: str) -> str:
    return _("有几个村都叫“{name}”，请写村代码，或加一列“镇”。").format(name=name)


def unknown(name: str) -> str:
    return _("没有找到村“{name}”，请核对村名，或先导入区划。").format(name=name)
