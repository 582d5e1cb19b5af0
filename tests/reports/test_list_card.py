"""The card of a list: counts, each fault with its cell, and buttons only where something is to be done."""

from reports import list_card
from storage.list_kinds import Checked, ListKind
from storage.lists import Wish
from storage.sheets import BadCell, Known, Line

WISH = Wish(file="F", name="清单<1>.xlsx", source="医保局", person=1, chat=1, card=1, language="zh")
WRONG = [BadCell(row, f"C{row}", "期限看不懂") for row in range(3, 20)]
KNOWN = [Known(Line(4, (), {}), "ZG-20261120-0001")]


def test_a_dry_run_tells_what_would_be_and_every_fault() -> None:
    made = Checked(ListKind.PROBLEMS, [1, 2], KNOWN, WRONG)
    text, rows = list_card.looked(WISH, made, 5)
    assert "<b>问题清单</b> 清单&lt;1&gt;.xlsx" in text
    assert "试运行，还没有写入：交办 2 件，已在办 1 件，有误 17 处" in text
    assert "第 4 行：已在办，ZG-20261120-0001" in text
    assert "<b>C3</b> 期限看不懂" in text
    assert "…还有 5 处。" in text
    assert rows == [[("导入：交办 2 件", "il:import:5:problems"), ("不导入", "il:leave:5")]]


def test_a_comparison_names_its_source_and_new_households() -> None:
    text, _rows = list_card.looked(WISH, Checked(ListKind.COMPARED, [1], [], [], strangers=1), 5)
    assert "立案 1 户，其中新户 1 户" in text
    assert "来源：医保局" in text


def test_pairings_that_are_so_already_change_nothing() -> None:
    text, rows = list_card.looked(WISH, Checked(ListKind.PAIRS, [], [], [], same=3), 5)
    assert "请人联系 0 户，不变 3 户" in text
    assert rows == []


def test_what_went_in_is_told_and_why_it_stopped() -> None:
    made = Checked(ListKind.PROBLEMS, [1, 2], KNOWN, WRONG[:1])
    text, rows = list_card.written(WISH, made, 1, made.wrong, "第 5 行：这个队已经撤了。")
    assert text.splitlines()[1:] == [
        "✓ 已导入：交办 1 件",
        "第 4 行：已在办，ZG-20261120-0001",
        "第 5 行：这个队已经撤了。",
        "<b>C3</b> 期限看不懂",
        "有误的行不导入；改好后把文件再发一次，已导入的不会重复。",
    ]
    assert rows == []


def test_headings_that_fit_several_are_asked_about() -> None:
    text, rows = list_card.which(WISH, [ListKind.COMPARED, ListKind.PAIRS], 5)
    assert "按哪一种来" in text
    assert rows == [
        [("部门比对名单", "il:as:5:compared"), ("结对名单", "il:as:5:pairs")],
        [("不导入", "il:leave:5")],
    ]


def test_a_counter_shows_how_far_it_is() -> None:
    assert "正在导入：10 / 40" in list_card.writing(WISH, "problems", 10, 40)[0]
    assert "正在导入…" in list_card.writing(WISH, "problems")[0]


def test_rosters_and_regions_are_told_in_their_own_words() -> None:
    text, rows = list_card.looked(
        WISH, Checked(ListKind.ROSTER, [1, 2], [], [], strangers=1, same=3, waiting=2), 5
    )
    assert "任职 2 人次，其中新人 1 人，不变 3 人次" in text
    assert "2 人次的链接还没有打开" in text
    assert rows[0][0] == ("导入：任职 2 人次", "il:import:5:roster")
    made = Checked(ListKind.REGIONS, [1], [], [], strangers=1, same=7, absent=2)
    text, _rows = list_card.written(WISH, made, 1, [])
    assert text.splitlines()[1:] == ["✓ 已导入：写入 1 个区域", "库里有而表里没有：2 个，保留不动。"]
