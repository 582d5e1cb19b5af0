"""One row of a household list, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.personal import clean_card, clean_id, clean_name, clean_phone
from storage.sheets import BadCell, Line
from storage.texts import _

COLUMNS: Mapping[str, tuple[str, ...]] = {  # not for people: headings matched in their lists
    "head": ("户主", "户主姓名", "姓名"),
    "village": ("村", "村名", "行政村", "所在村", "村代码"),
    "town": ("镇", "乡镇", "镇街", "所在乡镇"),
    "card": ("卡号", "联系卡号", "服务卡号", "联系服务卡号"),
    "id_number": ("身份证号", "身份证号码", "身份证", "证件号码", "公民身份号码"),
    "phone": ("电话", "联系电话", "手机号", "手机", "手机号码"),
    "category": ("类别", "户类别", "户类型", "困难类别"),
    "members": ("人口", "家庭人口", "人口数", "家庭人数", "人数"),
}
MEMBERS = range(1, 51)


@dataclass(frozen=True)
class Row:
    """A household as the list tells it; what is empty there is None and leaves what we have as it is."""

    line: Line
    village: str
    head: str
    card: str | None
    id_number: str | None
    phone: str | None
    category: str | None
    members: int | None


def read(line: Line, village: str) -> Row | list[BadCell]:
    """The row, or all that is wrong with it."""
    head = clean_name(line.text("head"))
    id_number, phone = clean_id(line.text("id_number")), clean_phone(line.text("phone"))
    members = _members(line.text("members"))
    faults = [*_lost(line)]
    if head is None:
        faults.append(line.fault("head", _("户主姓名是空的或不像姓名，请改正。")))
    if line.text("id_number") and id_number is None and not line.digits_lost("id_number"):
        faults.append(line.fault("id_number", _("身份证号不对（18 位，末位校验不符），请核对。")))
    if line.text("phone") and phone is None:
        faults.append(line.fault("phone", _("电话号码不对。请写 11 位手机号，或带区号的座机号。")))
    if line.text("members") and members is None:
        faults.append(line.fault("members", _("人口数要是 1 到 50 的整数。")))
    if faults or head is None:
        return faults
    card = clean_card(line.text("card")) or None
    return Row(line, village, head, card, id_number, phone, line.text("category") or None, members)


def _lost(line: Line) -> list[BadCell]:
    what = _("表格把长号码存成了数字，后几位已经丢失。请把这一列设为文本，重新填写。")
    return [line.fault(column, what) for column in ("id_number", "card") if line.digits_lost(column)]


def _members(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 4 and int(text) in MEMBERS else None
