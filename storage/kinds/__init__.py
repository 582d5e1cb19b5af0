"""The kinds of report, each declared once in a file of its own."""

from storage.forms.detail import Kind
from storage.kinds.hardship import HARDSHIP
from storage.kinds.house import HOUSE
from storage.kinds.photo_report import PHOTO
from storage.kinds.rectification import RECTIFICATION
from storage.kinds.visit import VISIT

KINDS: dict[str, Kind] = {kind.name: kind for kind in (VISIT, PHOTO, HARDSHIP, HOUSE, RECTIFICATION)}
"""By the kind's name, as in `Report.kind`; in the order of menus. A new kind is added here."""

__all__ = ["KINDS", "Kind"]
