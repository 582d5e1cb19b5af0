"""Word documents in the layout of official papers (GB/T 9704): A4, margins of 37, 35, 28 and 26 mm, heads centred, the
body in 仿宋 of 16 pt, sections 一、（一）1., the page's number below. Fonts go by name: whoever opens it has them. What
the library has no word for is said in Word's own elements. Heavy: for a process of its own.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from storage.texts import _

BODY, HEAD, SECOND, TITLE, PAGE = "仿宋", "黑体", "楷体", "方正小标宋简体", "宋体"  # not for people: fonts
SIZE, SMALL, LARGE = Pt(16), Pt(12), Pt(22)
LINE = Pt(28)
RED = RGBColor(0xC0, 0x00, 0x00)
_NUMBERS = "〇一二三四五六七八九"  # not for people: digits
_TEN = "十"  # not for people: a digit
_WIDE = 27.6
"""Characters of the body in a line: 156 mm of 16 pt."""


def number(count: int) -> str:
    """The number of a section, 1 to 99: 一, 十, 十二, 二十一."""
    tens, ones = divmod(count, 10)
    many = ("" if tens == 1 else _NUMBERS[tens]) + _TEN if tens else ""
    return many + (_NUMBERS[ones] if ones or not tens else "")


def blank() -> Paper:
    """A page with nothing on it but its number, outside on both sides: to the right on odd pages, to the left on
    even ones."""
    paper = Document()
    paper.core_properties.author = paper.core_properties.comments = ""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(26)
    paper.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        below = footer.paragraphs[0]
        below.alignment = side
        write(below, "— ", PAGE, Pt(14))
        _field(below, "PAGE")
        write(below, " —", PAGE, Pt(14))
    return paper


def whole(paper: Paper) -> bytes:
    """The document as a file."""
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def write(
    at: Paragraph, text: str, font: str = BODY, size: Pt = SIZE, colour: RGBColor | None = None
) -> None:
    """Add words to a paragraph. Signs that a document cannot hold are left out."""
    run = at.add_run("".join(one for one in text if one >= " " or one in "\n\t"))
    run.font.size = size
    _font(run, font)
    if colour is not None:
        run.font.color.rgb = colour


def _font(run: Run, font: str) -> None:
    run.font.name = font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - its way to a font of Chinese
    for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(kind), font)


def _field(at: Paragraph, name: str) -> None:
    """Something the reader's program reckons."""
    run = at.add_run()
    run.font.size = Pt(14)
    _font(run, PAGE)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    at._p.append(field)  # noqa: SLF001 - its way to a field
    field.append(run._element)  # noqa: SLF001 - its way to a field


def line(paper: Paper, *, indent: bool = False) -> Paragraph:
    """A new paragraph of the body."""
    made = paper.add_paragraph()
    shape = made.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        shape.first_line_indent = SIZE * 2
    return made


def centred(
    paper: Paper, text: str, font: str = BODY, size: Pt = SIZE, colour: RGBColor | None = None
) -> Paragraph:
    made = line(paper)
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(made, text, font, size, colour)
    return made


def title(paper: Paper, text: str) -> None:
    """The title, with room around it."""
    made = centred(paper, text, TITLE, LARGE)
    made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(24)


def section(paper: Paper, count: int, name: str) -> None:
    """一、name"""
    made = line(paper, indent=True)
    made.paragraph_format.keep_with_next = True
    write(made, _("{number}、{label}").format(number=number(count), label=name), HEAD)


def subsection(paper: Paper, count: int, name: str) -> Paragraph:
    """（一）name; more may be written after it."""
    made = line(paper, indent=True)
    write(made, _("（{number}）{label}").format(number=number(count), label=name), SECOND)
    return made


def item(paper: Paper, count: int, text: str) -> None:
    """1.text"""
    write(line(paper, indent=True), f"{count}.{text}")


def ruled(at: Paragraph) -> None:
    """A red rule below a paragraph."""
    _border(at, "bottom", "12", str(RED))


def _border(at: Paragraph, side: str, width: str, colour: str) -> None:
    """A rule on a side of a paragraph, its width in eighths of a point."""
    border, edge = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", width), ("space", "6"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    border.append(edge)
    at._p.get_or_add_pPr().insert_element_before(border, *_AFTER)  # noqa: SLF001 - its way to a border


_AFTER = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""What comes after a paragraph's borders, in the order that Word asks for."""


def table(paper: Paper, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """Rows under heads that come again on every page; widths in mm."""
    made = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    _row(made.rows[0], heads, widths, HEAD, WD_ALIGN_PARAGRAPH.CENTER)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - its way to repeat a row
    for row in rows:
        _row(made.add_row(), row, widths, BODY)


def _row(
    row: _Row, texts: Sequence[str], widths: Sequence[int], font: str, place: WD_ALIGN_PARAGRAPH | None = None
) -> None:
    """A row that stays on one page; numbers stand in the middle."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - its way to hold a row together
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        _cell(cell, text, width, font)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER if text.isdecimal() else place


def _cell(cell: _Cell, text: str, width: int, font: str) -> None:
    cell.width = Mm(width)
    made = cell.paragraphs[0]
    made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(2)
    write(made, text, font, SMALL)


def signed(paper: Paper, *lines: str) -> None:
    """Who signs and the day (the last of several), to the right, all on one page, and never alone on it: the end of a
    table goes along. The day begins two characters after who signs, and nothing comes closer to the edge than two."""
    if paper.tables and paper.element.body[-2] is paper.tables[-1]._tbl:  # noqa: SLF001 - its way to tell what stands last
        for row in paper.tables[-1].rows[-2:]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    for place, (text, begins) in enumerate(zip(lines, _begin(lines), strict=True)):
        made = line(paper)
        made.paragraph_format.left_indent = Pt(SIZE.pt * begins)
        made.paragraph_format.keep_with_next = True
        if not place:
            made.paragraph_format.space_before = LINE
        write(made, text)


def _begin(lines: Sequence[str]) -> list[float]:
    """Where each line of a signature begins, in characters from the left."""
    *names, last = map(_characters, lines)
    left = max(0.0, min([_WIDE - 2 - one for one in names] + [_WIDE - 4 - last])) if names else 0.0
    return [*(left for _name in names), left + 2 if names else max(0.0, _WIDE - 2 - last)]


def _characters(text: str) -> float:
    """The width of a text in Chinese characters: Latin letters and digits take half, and a bit of room around them."""
    wide = [one > "\u2e7f" for one in text]
    return sum(1.0 if one else 0.5 for one in wide) + sum(one != other for one, other in pairwise(wide)) / 4


def hide(paper: Paper, first: Paragraph) -> None:
    """From that paragraph on nothing is shown or printed, until the reader lets hidden text be shown. Tables have their
    lines from their paragraphs then, because those of a table would be drawn without its text."""
    # What stands last must be a paragraph, and is shown whatever it says of itself: it must not take a page of its own.
    line(paper).paragraph_format.line_spacing = Pt(1)
    body = paper.element.body
    for part in list(body)[body.index(first._p) : -1]:  # noqa: SLF001 - its way to tell what stands where
        for row in part.iter(qn("w:tr")):
            row.get_or_add_trPr().append(OxmlElement("w:hidden"))
        for text in part.iter(qn("w:p")):
            _hidden(Paragraph(text, paper._body), ruled_=part.tag == qn("w:tbl"))  # noqa: SLF001 - its way to the paragraphs of tables
    for table_ in paper.tables:
        if body.index(table_._tbl) > body.index(first._p):  # noqa: SLF001 - its way to tell what stands where
            table_.style = "Normal Table"


def _hidden(paragraph: Paragraph, *, ruled_: bool) -> None:
    for run in paragraph.runs:
        run.font.hidden = True
    shape = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - its way to the end of a paragraph
    mark = OxmlElement("w:rPr")
    mark.append(OxmlElement("w:vanish"))
    shape.append(mark)
    if ruled_:
        _border(paragraph, "top", "4", "000000")
        # LibreOffice moves a table that does not fit before it hides the rows, and leaves an empty page; one that
        # is kept with what follows stays. Word hides first, and breaks one that is too long to be kept.
        paragraph.paragraph_format.keep_with_next = True


def day(at: date) -> str:
    return _("{year}年{month}月{day}日").format(year=at.year, month=at.month, day=at.day)
