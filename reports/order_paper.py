"""An order as a Word document in the layout of official papers (GB/T 9704): A4, margins of 37, 35, 28 and 26 mm,
the heading centred, the body in 仿宋 of 16 pt. Fonts go by name: whoever opens it has them. What the library has no
word for is said in Word's own elements. Heavy: for a process of its own.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from reports import pictures
from reports.orders import Order
from storage import picture
from storage.texts import _

BODY, HEAD, TITLE = "仿宋", "黑体", "方正小标宋简体"  # not for people: names of fonts
SIZE, SMALL, LARGE = Pt(16), Pt(12), Pt(22)
LINE = Pt(28)
RED = RGBColor(0xC0, 0x00, 0x00)
WIDE = Mm(156)
"""Between the margins."""
TALL = Mm(70)
ACROSS = 2
LONGEST = 1000
"""Pixels of a photo's longer side: sharp on paper at this size."""


def draw(order: Order, shown: Sequence[bytes]) -> bytes:
    """The document with those pictures; one that cannot be read is left out."""
    paper = _blank()
    _heading(paper, order)
    for number, (label, text) in enumerate(order.about):
        _labelled(paper, _NUMBERS[number], label, text)
    _labelled(paper, _NUMBERS[len(order.about)], _("整改期限"), _day(order.due) + _("前完成整改并报送结果。"))
    _labelled(paper, _NUMBERS[len(order.about) + 1], _("任务分工"), "")
    _table(paper, _heads(), order.tasks, (15, 49, 30, 28, 34))
    _signed(paper, order)
    _receipt(paper)
    _photos(paper, order, list(_readable(shown)))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


_NUMBERS = "一二三四五六七八九十"  # not for people: numbers of headings


def _heads() -> tuple[str, ...]:
    return _("序号"), _("任务"), _("牵头单位"), _("配合单位"), _("责任人及时限")


def _blank() -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    return paper


def _write(
    line: Paragraph, text: str, font: str = BODY, size: Pt = SIZE, colour: RGBColor | None = None
) -> None:
    run = line.add_run(text)
    run.font.name, run.font.size = font, size
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - its way to a font of Chinese
    for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(kind), font)
    if colour is not None:
        run.font.color.rgb = colour


def _line(paper: Paper, *, indent: bool = False) -> Paragraph:
    line = paper.add_paragraph()
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        shape.first_line_indent = SIZE * 2
    return line


def _heading(paper: Paper, order: Order) -> None:
    top = _line(paper)
    top.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(top, order.issuer, TITLE, LARGE, RED)
    number = _line(paper)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_before = Pt(10)
    _write(number, _("编号：{number}").format(number=order.number))
    _ruled(number)
    title = _line(paper)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(24)
    _write(title, _("问题整改交办单"), TITLE, LARGE)
    _write(_line(paper), _("{team}：").format(team=order.team))
    opening = _("经核查，你队负责的村存在以下问题，现交办给你们，请按要求整改。")
    _write(_line(paper, indent=True), opening)


def _ruled(line: Paragraph) -> None:
    """The red rule below the number."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", str(RED))):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    line._p.get_or_add_pPr().append(border)  # noqa: SLF001 - its way to a border


def _labelled(paper: Paper, number: str, label: str, text: str) -> None:
    line = _line(paper, indent=True)
    line.paragraph_format.keep_with_next = not text
    _write(line, _("{number}、{label}").format(number=number, label=label), HEAD)
    if text:
        _write(line, _("：{text}").format(text=text))


def _table(paper: Paper, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _row(table.rows[0], heads, widths, HEAD)
    for row in rows:
        _row(table.add_row(), row, widths, BODY)


def _row(row: _Row, texts: Sequence[str], widths: Sequence[int], font: str) -> None:
    """A row that stays on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - its way to hold a row together
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        _cell(cell, text, width, font)


def _cell(cell: _Cell, text: str, width: int, font: str) -> None:
    cell.width = Mm(width)
    line = cell.paragraphs[0]
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
    _write(line, text, font, SMALL)


def _signed(paper: Paper, order: Order) -> None:
    for place, text in enumerate(
        (order.issuer, _("交办人：{name}").format(name=order.signer), _day(order.day))
    ):
        line = _line(paper)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = SIZE * 2
        line.paragraph_format.keep_with_next = True
        if not place:
            line.paragraph_format.space_before = LINE
        _write(line, text)


def _receipt(paper: Paper) -> None:
    """Room to sign on paper, where somebody wants it on paper."""
    gap = _line(paper)
    gap.paragraph_format.keep_with_next = True
    _table(paper, (_("签收人"), "", _("签收时间"), ""), [], (24, 54, 24, 54))


def _photos(paper: Paper, order: Order, shown: Sequence[bytes]) -> None:
    if not shown:
        return
    head = _line(paper)
    head.paragraph_format.page_break_before = True
    _write(head, _("附：问题照片"), HEAD)
    table = paper.add_table(rows=0, cols=ACROSS)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for start in range(0, len(shown), ACROSS):
        cells = table.add_row().cells
        for place, data in enumerate(shown[start : start + ACROSS]):
            _photo(cells[place], data, start + place + 1)
    if order.more:
        _write(_line(paper), _("另有 {count} 张，见电子记录。").format(count=order.more), size=SMALL)


def _photo(cell: _Cell, data: bytes, number: int) -> None:
    line = cell.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    made = line.add_run().add_picture(io.BytesIO(data))
    scale = min((WIDE / ACROSS - Mm(6)) / made.width, TALL / made.height)
    made.width, made.height = round(made.width * scale), round(made.height * scale)
    below = cell.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(below, _("照片 {number}").format(number=number), size=SMALL)


def _readable(shown: Sequence[bytes]) -> Iterable[bytes]:
    for data in shown:
        try:
            yield pictures.preview(data, LONGEST)
        except picture.Unreadable:
            continue


def _day(day: date) -> str:
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)
