"""A list on its way: fetched, looked at, taken in; its card tells, whatever happens."""

from typing import Any

import pytest
from sqlmodel import col, select

from storage import bots, cards, chats, letters, lists, roster_links, uploads
from storage.cards import Card
from storage.errands import ErrandState
from storage.letters import Letter
from storage.report import Report
from storage.uploads import ListUpload
from tests.bot.errands.running import BOT, Running
from tests.lists import workbook
from tests.phone import Phone, Sandbox
from tests.storage.asking import NOW

HEADINGS = ["村", "存在问题", "整改期限"]
ROWS = [HEADINGS, ["大桃园", "河边有垃圾", "2026-11-30"], ["大桃园", "路灯不亮", "尽快"]]


class Sender:
    """A supervisor's phone at the sandbox, and the chat and card of what they sent."""

    def __init__(self, r: Running, sandbox: Sandbox, name: str = "孙丽") -> None:
        self.r, self.name = r, name
        self.phone = Phone(sandbox, sandbox.post("users", {"name": name, "id": 3001})["id"], name)
        self.sandbox, self.chat = sandbox, r.chat(3001, name)

    def wish(self, data: bytes, name: str = "清单.xlsx", **changed: Any) -> dict[str, Any]:
        self.phone.sends_file(name, data)
        sent = self.sandbox.bot("getUpdates", offset=-1)[-1]["message"]["document"]
        with self.r.store.writing() as session:
            chat = chats.chat_of(session, BOT, 3001)
            card = cards.show(session, chat, {"text": "正在核对"}, now=NOW).id or 0
        made = lists.Wish(
            sent["file_id"], name, "医保局", self.r.county.people[self.name], self.chat, card, "zh"
        )
        return made.body(**changed)

    def card(self) -> dict[str, Any]:
        with self.r.store.reading() as session:
            one = session.exec(select(Card).order_by(col(Card.id).desc())).first()
            assert one is not None
            return cards.wanted_of(session, one) or {}


@pytest.fixture
def sender(r: Running, county_sandbox: Sandbox) -> Sender:
    return Sender(r, county_sandbox)


def reports(r: Running) -> list[Report]:
    with r.store.reading() as session:
        return list(session.exec(select(Report)))


async def test_a_look_writes_nothing_and_offers_what_is_right(r: Running, sender: Sender) -> None:
    assert await r.run(lists.CHECK, sender.wish(workbook(ROWS))) == ErrandState.DONE
    said = sender.card()
    assert "交办 1 件，有误 1 处" in said["text"]
    assert "<b>C3</b> 期限看不懂" in said["text"]
    assert [one["text"] for one in said["reply_markup"]["inline_keyboard"][0]] == [
        "导入：交办 1 件",
        "不导入",
    ]
    assert reports(r) == []


async def test_taken_in_twice_it_is_there_once(r: Running, sender: Sender) -> None:
    """As after a crash before it was noted as done."""
    wish = sender.wish(workbook(ROWS), kind="problems")
    assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
    assert "✓ 已导入：交办 1 件" in sender.card()["text"]
    assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
    assert "✓ 已导入：交办 0 件" in sender.card()["text"]
    assert len(reports(r)) == 1


@pytest.mark.fault("list in chat that is no list")
async def test_whatever_is_sent_the_card_says_what_to_do(r: Running, sender: Sender) -> None:
    for data in (b"no workbook", workbook([["品名"]])):
        assert await r.run(lists.CHECK, sender.wish(data)) == ErrandState.DONE
        assert "什么都没有导入" in sender.card()["text"]
    assert await r.run(lists.CHECK, sender.wish(workbook(ROWS), file="forged")) == ErrandState.DONE
    assert "请重新发送" in sender.card()["text"]


async def test_headings_of_two_kinds_are_asked_about(r: Running, sender: Sender) -> None:
    await r.run(lists.CHECK, sender.wish(workbook([["户主", "村", "联系人", "备注"]])))
    rows = sender.card()["reply_markup"]["inline_keyboard"]
    assert [one["text"] for one in rows[0]] == ["部门比对名单", "结对名单"]


@pytest.mark.fault("list in chat whose sender manages nothing any more")
async def test_whoever_manages_nothing_any_more_is_told(r: Running, sender: Sender) -> None:
    wish = sender.wish(workbook(ROWS), kind="problems", person=r.county.people["郑强"])
    assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
    assert "不在您负责的范围内" in sender.card()["text"]
    assert reports(r) == []


async def test_a_template_is_sent_as_a_file(r: Running, sender: Sender) -> None:
    body = {"chat": sender.chat, "kind": "problems", "language": "zh"}
    assert await r.run(lists.TEMPLATE, body) == ErrandState.DONE


async def test_newcomers_of_a_roster_get_a_link_each_once(r: Running, county_sandbox: Sandbox) -> None:
    """Taken in again, as after a crash, nobody gets a second one."""
    with r.store.writing() as session:
        bots.remember(session, BOT, "zhucun_bot")
    sender = Sender(r, county_sandbox, "周正")
    people = [[f"新人{one}", "一队"] for one in "甲乙丙丁戊己庚辛壬癸子丑"]
    wish = sender.wish(workbook([["姓名", "工作队"], *people]), kind="roster")
    for done in ("任职 12 人次", "任职 0 人次，"):
        assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
        assert f"✓ 已导入：{done}".rstrip("，") in sender.card()["text"]
        with r.store.reading() as session:
            said = select(Letter).where(Letter.chat_id == sender.chat, Letter.method == "sendMessage")
            told = [letters.payload_of(session, one).get("text", "") for one in session.exec(said)]
        links = [
            line for text in told for line in text.splitlines() if line.startswith("https://t.me/zhucun_bot?")
        ]
        assert len(links) == len(set(links)) == 12
    assert "12 人次的链接还没有打开" in sender.card()["text"]


def links_told(r: Running, sender: Sender) -> list[list[str]]:
    """The links of each message."""
    with r.store.reading() as session:
        said = select(Letter).where(Letter.chat_id == sender.chat, Letter.method == "sendMessage")
        texts = [str(letters.payload_of(session, one).get("text", "")) for one in session.exec(said)]
    found = [[line for line in text.splitlines() if line.startswith("https://")] for text in texts]
    return [some for some in found if some]


def gathered(r: Running) -> list[ListUpload]:
    with r.store.reading() as session:
        return list(session.exec(select(ListUpload)))


def brought(r: Running, sandbox: Sandbox, count: int, console: str | None) -> tuple[Sender, dict[str, Any]]:
    """A roster of so many newcomers, sent in chat."""
    sender = Sender(r, sandbox, "周正")
    with r.store.writing() as session:
        bots.remember(session, BOT, "zhucun_bot")
        bots.open_console(session, BOT, console)
        chief = r.county.actor(session, "周正")
        number = roster_links.begin(session, chief, "花名册.xlsx", NOW)
    people = [[f"新{chr(0x4E00 + one)}", "一队"] for one in range(count)]
    book = workbook([["姓名", "工作队"], *people])
    return sender, sender.wish(book, "花名册.xlsx", kind="roster", links=number)


async def test_few_links_are_told_in_one_message_and_forgotten(r: Running, county_sandbox: Sandbox) -> None:
    sender, wish = brought(r, county_sandbox, 12, "https://example.org/office")
    for _again in range(2):
        assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
        ((*links,),) = links_told(r, sender)
        assert (len(links), len(set(links))) == (12, 12)
        assert all(one.startswith("https://t.me/zhucun_bot?start=") for one in links)
        assert gathered(r) == [], "what was told is kept nowhere"


async def test_many_links_wait_sealed_on_the_console(r: Running, county_sandbox: Sandbox) -> None:
    """One message leads to them, however often it is taken in; the chat and what is at rest hold none of them."""
    sender, wish = brought(r, county_sandbox, 31, "https://example.org/office")
    for _again in range(2):
        assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
        (one,) = gathered(r)
        assert links_told(r, sender) == [[f"https://example.org/office/lists/{one.id}"]]
        with r.store.reading() as session:
            made = uploads.links(session, one)
            ((text, rows), busy) = uploads.shown(session, one) or (("", []), True)
        assert len({address for _name, _place, address in made}) == 31
        assert ("已导入" in text, rows, busy) == (True, [], False)
        assert b"t.me" not in (one.shown or b"")


async def test_without_a_console_many_links_are_told_in_few_messages(
    r: Running, county_sandbox: Sandbox
) -> None:
    sender, wish = brought(r, county_sandbox, 95, None)
    assert await r.run(lists.IMPORT, wish) == ErrandState.DONE
    told = links_told(r, sender)
    assert len(told) <= 4
    assert len({link for some in told for link in some}) == 95
    with r.store.reading() as session:
        texts = [
            str(letters.payload_of(session, one).get("text", "")) for one in session.exec(select(Letter))
        ]
    assert max(map(len, texts)) < 4096
