"""Where a peer keeps the finished visits: one SQLite table, a durable commit each, by plain sqlite3."""

import os
import sqlite3

HOUSEHOLDS = tuple(f"户主{a}{b}" for a in "甲乙" for b in "一二三四五六")
PURPOSES = (
    "了解情况",
    "政策宣传",
    "防返贫排查",
    "安全排查",
    "住房",
    "医疗",
    "就学",
    "就业帮扶",
    "产业帮扶",
    "矛盾调解",
    "慰问关爱",
    "其他",
)


class Records:
    """Opened once; `add` gives the visit's number."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(os.environ["RECORDS"], isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS visit (id INTEGER PRIMARY KEY, author, household, purpose, findings)"
        )

    def add(self, author: int, household: str, purpose: str, findings: str) -> str:
        row = (author, household, purpose, findings)
        made = self._db.execute(
            "INSERT INTO visit (author, household, purpose, findings) VALUES (?, ?, ?, ?)", row
        )
        return f"ZF-{made.lastrowid:06d}"


def rows(labels: tuple[str, ...], prefix: str) -> list[list[tuple[str, str]]]:
    """Buttons two in a row: label and data."""
    made = [(label, f"{prefix}:{label}") for label in labels]
    return [made[start : start + 2] for start in range(0, len(made), 2)]


def summary(data: dict[str, str]) -> str:
    return f"<b>走访</b>\n户：{data['household']}\n事由：{data['purpose']}\n情况：{data['findings']}"
