"""The document itself, opened again: official margins and fonts, everything said, photos in their order."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports import order_paper, paper_photos
from reports.orders import Order
from tests.drawn import drawn

ORDER = Order(
    number="ZG-20261120-0001", issuer="武清区驻村工作管理组", team="一队",
    about=(("所在村", "杨村街道大桃园村"), ("发现问题", "河边有垃圾"), ("整改要求", "清运干净")),
    tasks=(("1", "清运", "村委会", "环卫站", "张三（11月24日前）"), ("2", "立牌", "一队", "—", "李四（11月25日前）")),
    due=date(2026, 11, 25), signer="孙丽", day=date(2026, 11, 20), photos=(), more=0,
)  # fmt: skip


def opened(order: Order = ORDER, shown: Sequence[bytes] = ()) -> Paper:
    return Document(io.BytesIO(order_paper.draw(order, shown)))


def words(paper: Paper) -> str:
    return "\n".join(line.text for line in paper.paragraphs)


def test_the_page_is_that_of_official_papers() -> None:
    (section,) = opened().sections
    assert [round((one or 0) / Mm(1)) for one in (section.page_width, section.page_height)] == [210, 297]
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert [round((one or 0) / Mm(1)) for one in margins] == [37, 35, 28, 26]


def test_everything_is_said_in_its_order() -> None:
    said = words(opened())
    parts = [
        "武清区驻村工作管理组",
        "编号：ZG-20261120-0001",
        "问题整改交办单",
        "一队：",
        "一、所在村：杨村街道大桃园村",
        "二、发现问题：河边有垃圾",
        "三、整改要求：清运干净",
        "四、整改期限：2026年11月25日前完成整改并报送结果。",
        "五、任务分工",
        "交办人：孙丽",
        "2026年11月20日",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_the_body_is_of_the_official_font_and_size() -> None:
    body = next(line for line in opened().paragraphs if line.text.startswith("经核查"))
    (run,) = body.runs
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    assert (fonts.get(qn("w:eastAsia")), run.font.size) == ("仿宋", Pt(16))
    assert body.paragraph_format.first_line_indent == Pt(32)


def test_tasks_are_a_table_and_there_is_room_to_sign() -> None:
    first, second = opened().tables
    assert [cell.text for cell in first.rows[0].cells] == [
        "序号",
        "任务",
        "牵头单位",
        "配合单位",
        "责任人及时限",
    ]
    assert [cell.text for cell in first.rows[2].cells] == list(ORDER.tasks[1])
    assert [cell.text for cell in second.rows[0].cells] == ["签收人", "", "签收时间", ""]


def test_photos_are_shown_two_beside_each_other_within_the_page() -> None:
    paper = opened(replace(ORDER, more=2), [drawn(size=(900, 500)), drawn(size=(300, 900)), drawn()])
    assert len(paper.inline_shapes) == 3
    assert all(
        one.height <= paper_photos.TALL and one.width <= paper_photos.WIDE / 2 for one in paper.inline_shapes
    )
    table = paper.tables[-1]
    assert [cell.text.strip() for row in table.rows for cell in row.cells] == [
        "照片 1",
        "照片 2",
        "照片 3",
        "",
    ]
    assert "另有 2 张，见电子记录。" in words(paper)


def test_a_picture_that_cannot_be_read_is_left_out() -> None:
    paper = opened(shown=[b"no picture", drawn()])
    assert len(paper.inline_shapes) == 1


def test_without_photos_there_is_no_page_for_them() -> None:
    assert "附：问题照片" not in words(opened())
