"""Households of the demo's villages: heads, card numbers, categories, all invented."""

# not for people: invented names and the headings of a list
import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
GIVEN = (
    "秀兰", "桂英", "玉珍", "淑华", "凤英", "春生", "德福", "长顺", "满仓", "宝财", "连喜", "金锁", "树林", "万山",
    "来顺", "大成", "永林", "全义", "守信", "有田", "志田", "文贵", "洪福", "春来", "秋菊", "桂芝", "玉兰", "素珍",
    "铁柱", "振海", "国良", "建设", "红旗", "爱军", "卫东", "月娥", "巧云", "翠萍", "立冬", "双喜",
)  # fmt: skip
CATEGORIES = (
    ("一般户", 11), ("脱贫户", 5), ("低保户", 3), ("边缘易致贫户", 2), ("脱贫不稳定户", 1), ("突发严重困难户", 1),
    ("特困供养", 1), ("残疾", 2),
)  # fmt: skip
HEADINGS = ("村代码", "户主", "卡号", "类别", "人口")
EACH = 25
"""Households in a village."""

Row = tuple[str, str, str, str, int]


def rows(villages: Sequence[str], chance: random.Random) -> Iterator[Row]:
    """Village, head, card number, category and how many live there; no name twice in a village."""
    names = [surname + given for surname in SURNAMES for given in GIVEN]
    kinds, weights = zip(*CATEGORIES, strict=True)
    for village in villages:
        for number, head in enumerate(chance.sample(names, EACH), 1):
            category = chance.choices(kinds, weights)[0]
            alone = category == "特困供养"
            yield village, head, card(village, number), category, 1 if alone else chance.randint(1, 6)


def card(village: str, number: int) -> str:
    """The number of a household's contact card."""
    return f"WQ{village[6:]}-{number:03d}"


def write(path: Path, villages: Sequence[str], chance: random.Random) -> None:
    """The list as an administrator would have it, ready for import."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(villages, chance))
