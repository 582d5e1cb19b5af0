"""An order as a Word document in the layout of official papers (reports/official.py). Heavy: for a process of its
own."""

from collections.abc import Sequence

from docx.document import Document as Paper
from docx.shared import Pt

from reports import official
from reports.official import HEAD, LARGE, RED, TITLE, day, line, write
from reports.orders import Order
from reports.paper_photos import photos
from storage.texts import _


def draw(order: Order, shown: Sequence[bytes]) -> bytes:
    """The document with those pictures; one that cannot be read is left out."""
    paper = official.blank()
    _heading(paper, order)
    for number, (label, text) in enumerate(order.about, 1):
        _labelled(paper, number, label, text)
    past = len(order.about) + 1
    _labelled(paper, past, _("整改期限"), day(order.due) + _("前完成整改并报送结果。"))
    official.section(paper, past + 1, _("任务分工"))
    official.table(paper, _heads(), order.tasks, (15, 49, 30, 28, 34))
    official.signed(paper, order.issuer, _("交办人：{name}").format(name=order.signer), day(order.day))
    _receipt(paper)
    photos(paper, _("附：问题照片"), [(one, "") for one in shown], order.more)
    return official.whole(paper)


def _heads() -> tuple[str, ...]:
    return _("序号"), _("任务"), _("牵头单位"), _("配合单位"), _("责任人及时限")


def _heading(paper: Paper, order: Order) -> None:
    official.centred(paper, order.issuer, TITLE, LARGE, RED)
    number = official.centred(paper, _("编号：{number}").format(number=order.number))
    number.paragraph_format.space_before = Pt(10)
    official.ruled(number)
    official.title(paper, _("问题整改交办单"))
    write(line(paper), _("{team}：").format(team=order.team))
    opening = _("经核查，你队负责的村存在以下问题，现交办给你们，请按要求整改。")
    write(line(paper, indent=True), opening)


def _labelled(paper: Paper, number: int, label: str, text: str) -> None:
    made = line(paper, indent=True)
    write(made, _("{number}、{label}").format(number=official.number(number), label=label), HEAD)
    write(made, _("：{text}").format(text=text))


def _receipt(paper: Paper) -> None:
    """Room to sign on paper, where somebody wants it on paper."""
    gap = line(paper)
    gap.paragraph_format.keep_with_next = True
    official.table(paper, (_("签收人"), "", _("签收时间"), ""), [], (24, 54, 24, 54))
