"""The brief of a week as a Word document in the official layout. Heavy: for a process of its own."""

from docx.document import Document
from docx.shared import Pt

from reports import official
from reports.figures import from_json
from reports.official import LARGE, RED, TITLE, day, line, write
from reports.week_paper import Paper, Sentence, paper
from storage.texts import _, labelled, listed, speaking

PAPER = "zh"
"""The paper itself is official and in Chinese."""


_WIDTHS = (40, 16, 16, 21, 21, 21, 21)
"""Of the columns of the parts, in mm."""


def draw(wish: tuple[dict[str, object], str]) -> bytes:
    """The document of kept figures (JSON) with a lead ("" for ours)."""
    data, lead = wish
    with speaking(PAPER):
        return document(paper(from_json(data), lead))


def document(made: Paper) -> bytes:
    page = official.blank()
    page.core_properties.title, page.core_properties.author = made.title[:255], made.issuer[:255]
    page.core_properties.comments = _("每句话的数据来源在文末，已隐藏；显示隐藏文字即可看到。")
    _head(page, made)
    for text in made.lead.text.splitlines():
        write(line(page, indent=True), text)
    for number, section in enumerate(made.sections, 1):
        official.section(page, number, section.name)
        for place, paragraph in enumerate(section.paragraphs, 1):
            written = official.subsection(page, place, paragraph.label)
            write(written, "".join(one.text for one in paragraph.sentences))
            for count, item in enumerate(paragraph.items, 1):
                official.item(page, count, item.text)
    if made.rows:
        official.section(page, len(made.sections) + 1, made.parts)
        official.table(page, made.heads, made.rows, _WIDTHS)
    official.signed(page, made.issuer, day(made.day))
    _sources(page, made)
    return official.whole(page)


def _head(page: Document, made: Paper) -> None:
    official.centred(page, made.name, TITLE, LARGE, RED)
    number = official.centred(page, made.number)
    number.paragraph_format.space_before = Pt(10)
    official.ruled(number)
    official.title(page, made.title)


def _sources(page: Document, made: Paper) -> None:
    """At the end, hidden: of each sentence the counts it says and the records it names."""
    head = line(page)
    head.paragraph_format.keep_with_next = True
    write(head, _("附：数据来源"), official.HEAD)
    heads = _("序号"), _("句子"), _("数据"), _("记录")
    rows = [
        (str(number), one.text, _counts(one), listed(one.records))
        for number, one in enumerate(made.sentences(), 1)
    ]
    official.table(page, heads, rows, (14, 56, 42, 44))
    official.hide(page, head)


def _counts(one: Sentence) -> str:
    return "\n".join(labelled(_(name), str(value)) for name, value in one.sources)
