"""The layout of official papers: page, fonts, numbers of sections and pages."""

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports import official


def again(paper: Paper) -> Paper:
    return Document(io.BytesIO(official.whole(paper)))


@pytest.mark.parametrize(
    ("count", "name"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_numbers_of_sections(count: int, name: str) -> None:
    assert official.number(count) == name


def test_the_page_is_that_of_official_papers() -> None:
    (section,) = again(official.blank()).sections
    assert [round((one or 0) / Mm(1)) for one in (section.page_width, section.page_height)] == [210, 297]
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert [round((one or 0) / Mm(1)) for one in margins] == [37, 35, 28, 26]


def test_pages_are_numbered_outside() -> None:
    (section,) = again(official.blank()).sections
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (2, 0)
    assert all("PAGE" in one._p.xml for one in (odd, even))


def test_sections_have_their_numbers_and_fonts() -> None:
    paper = official.blank()
    official.title(paper, "周报")
    official.section(paper, 2, "困难情况")
    official.write(official.subsection(paper, 1, "新增。"), "三件。")
    title, first, second = again(paper).paragraphs
    assert (first.text, second.text) == ("二、困难情况", "（一）新增。三件。")
    shapes = [one.runs[0]._element.get_or_add_rPr() for one in (title, first, second)]
    fonts = [one.get_or_add_rFonts().get(qn("w:eastAsia")) for one in shapes]
    assert fonts == ["方正小标宋简体", "黑体", "楷体"]
    assert second.runs[1].font.size == Pt(16)


def test_heads_of_a_table_come_again_and_rows_stay_whole() -> None:
    paper = official.blank()
    official.table(paper, ("甲", "乙"), [("1", "2")], (50, 100))
    (table,) = again(paper).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["甲", "乙"], ["1", "2"]]
    xml = table.rows[0]._tr.xml
    assert "tblHeader" in xml
    assert "cantSplit" in xml


def test_signs_a_document_cannot_hold_are_left_out() -> None:
    paper = official.blank()
    official.write(official.line(paper), "甲\x00\x0b乙")
    assert again(paper).paragraphs[0].text == "甲乙"


@pytest.mark.parametrize(
    "issuer", ["管理组", "武清区驻村工作管理组", "天津市武清区乡村振兴驻村工作管理组办公室"]
)
def test_the_day_begins_two_characters_after_who_signs_and_both_keep_from_the_edge(issuer: str) -> None:
    paper = official.blank()
    official.signed(paper, issuer, official.day(date(2026, 1, 5)))
    lines = again(paper).paragraphs
    assert [one.text for one in lines] == [issuer, "2026年1月5日"]
    name, day = ((one.paragraph_format.left_indent or 0) / Pt(16) for one in lines)
    assert day - name == pytest.approx(2, abs=0.1)
    ends = name + len(issuer), day + 7
    assert 24 < max(ends) <= 26.1, "a line has 27.6 characters, two of which stay free"


def test_who_signs_alone_stands_to_the_right() -> None:
    paper = official.blank()
    official.signed(paper, "王磊")
    assert (again(paper).paragraphs[0].paragraph_format.left_indent or 0) / Pt(16) == pytest.approx(
        23.6, abs=0.1
    )


def test_items_are_the_third_level() -> None:
    paper = official.blank()
    official.item(paper, 2, "甲。")
    (item,) = again(paper).paragraphs
    assert (item.text, item.paragraph_format.first_line_indent) == ("2.甲。", Pt(32))


def test_what_is_hidden_is_hidden_as_a_whole_and_nothing_before_it() -> None:
    paper = official.blank()
    official.table(paper, ["村"], [["一"]], [40])
    first = official.line(paper)
    official.write(first, "附")
    official.table(paper, ["句子"], [["二\n三"]], [40])
    official.hide(paper, first)
    made = again(paper)
    shown, hidden = made.tables
    assert "w:vanish" not in shown._tbl.xml
    texts = [first, *(cell.paragraphs[0] for row in hidden.rows for cell in row.cells), made.paragraphs[-1]]
    assert all("w:vanish" in one._p.get_or_add_pPr().xml for one in texts)
    assert all(run.font.hidden for one in texts for run in one.runs)
    assert all("w:hidden" in row._tr.xml for row in hidden.rows)
    assert all(
        cell.paragraphs[0].paragraph_format.keep_with_next for row in hidden.rows for cell in row.cells
    )
    assert hidden.style is not None
    assert hidden.style.name == "Normal Table", "a table's own lines would be drawn without its text"


def filled(lines: int, sources: int) -> Paper:
    """A signed paper of so many lines and as many hidden sources."""
    paper = official.blank()
    for number in range(lines):
        official.write(official.line(paper), f"第{number}行。")
    official.signed(paper, "管理组", "2026年11月20日")
    if sources:
        first = official.line(paper)
        official.write(first, "附：数据来源")
        first.paragraph_format.keep_with_next = True
        official.table(paper, ["句子", "数据"], [["走访九次。", "九\n八"]] * sources, [60, 40])
        official.hide(paper, first)
    return paper


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="no LibreOffice here: install it to lay papers out"
)
def test_hidden_sources_take_no_page(tmp_path: Path) -> None:
    """However full the last page is: LibreOffice left an empty one behind it."""
    names = [f"{lines}-{sources}" for lines in range(15, 21) for sources in (0, 30)]
    for name in names:
        lines, sources = map(int, name.split("-"))
        filled(lines, sources).save(str(tmp_path / f"{name}.docx"))
    papers = [str(tmp_path / f"{name}.docx") for name in names]
    own = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *papers],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    pages = {
        name: len(re.findall(rb"/Type ?/Page\b", (tmp_path / f"{name}.pdf").read_bytes())) for name in names
    }
    assert {pages[f"{lines}-0"] for lines in range(15, 21)} == {1, 2}, "one of them fills the page"
    assert [pages[f"{lines}-30"] for lines in range(15, 21)] == [
        pages[f"{lines}-0"] for lines in range(15, 21)
    ]


def test_the_paper_does_not_say_what_wrote_it() -> None:
    about = again(official.blank()).core_properties
    assert (about.author, about.comments) == ("", "")


def test_who_signs_never_stands_alone_on_a_page() -> None:
    """The last rows of a table go along; a table further above does not."""
    paper = official.blank()
    official.table(paper, ["村"], [["一"], ["二"], ["三"]], [40])
    official.signed(paper, "管理组")
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in paper.tables[0].rows]
    assert kept == [None, None, True, True]
    other = official.blank()
    official.table(other, ["村"], [["一"]], [40])
    official.write(official.line(other), "以上。")
    official.signed(other, "管理组")
    assert other.tables[0].rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next is None
