"""`zhucun demo` as a person runs it: the page, the phones, the bot that comes back, the end and the next time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from sqlmodel import col, select

from bot.demo import lives
from bot.demo.cast import ACTORS, CREWS, HERO, LEAD, SECOND, WATCHER
from bot.demo.stories import COUNTY_GROUP, TOPICS, TOWN_GROUP
from storage import alarms, errands, journal, letters
from storage.contact_cards import ContactCard
from storage.db import Store
from storage.errands import ErrandState
from storage.files import Files
from storage.handovers import Handover
from storage.letters import LetterState
from storage.referrals import Answer, Referral
from storage.report import Report, ReportState
from storage.sealing import Keyring
from tests.bot.page_world import QUIET, chromium
from tests.demo_world import Demo, Desk, command, drawn, end, reports_a_visit, started
from tests.phone import Json, Phone

pytestmark = pytest.mark.browser
AFTER_RESTART = 120.0


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for the whole file, because filling a county takes its time. It was broken off once before it was
    ready, and begins anew."""
    folder = tmp_path_factory.mktemp("demo") / "zhucun-demo"
    break_off(folder)
    with started(folder) as made:
        yield made


def break_off(folder: Path) -> None:
    process = subprocess.Popen(command(folder), stdout=subprocess.PIPE, text=True, start_new_session=True)
    half = Demo(process, folder)
    half.hears("正在准备")
    assert end(process) == 0
    assert half.said[1:] == []
    assert not (folder / "demo").exists()


@pytest.fixture
def store(demo: Demo) -> Iterator[Store]:
    """Its database, beside the running bot."""
    folder = demo.folder / "bot"
    made = Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(folder / "zhucun.key"))
    yield made
    made.close()


@pytest.fixture
def page(demo: Demo) -> Iterator[Page]:
    """The page in a browser; nothing leaves the sandbox, nothing is logged as an error."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install the package chromium to try the page")
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        page = browser.new_context(locale="zh-CN", viewport={"width": 1600, "height": 1000}).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda line: wrong.append(line.text) if line.type in {"error", "warning"} else None
        )
        page.on(
            "request", lambda ask: None if ask.url.startswith((demo.url, "blob:")) else wrong.append(ask.url)
        )
        page.goto(demo.url)
        yield page
        browser.close()
    assert wrong == []


def group(demo: Demo, title: str) -> Json:
    return next(dict(chat) for chat in demo.sandbox.state()["chats"] if chat.get("title") == title)


def texts(messages: list[Json]) -> list[str]:
    return [str(one.get("text") or one.get("caption") or "") for one in messages]


def reports(demo: Demo) -> list[dict[str, Any]]:
    listed = demo.zhucun("reports", "list", "--format", "json", "--limit", "1000")
    return [json.loads(line) for line in listed.splitlines()]


def test_it_says_when_it_is_ready(demo: Demo) -> None:
    assert demo.said[-1] == f"ready {demo.url}"
    assert len(demo.said) == 3, "it began anew"
    assert demo.url.endswith("/")
    assert demo.sandbox.now()[:16].endswith("T09:30")
    assert "Traceback" not in demo.bot_log


def test_everybody_has_a_phone_with_a_menu(demo: Demo) -> None:
    state = demo.sandbox.state()
    assert [one["name"] for one in state["users"]][:3] == ["王磊 · 队员", "赵敏 · 队长", "孙涛 · 管理组"]
    assert len(state["users"]) == len(ACTORS)
    for player in ACTORS:
        said = demo.sandbox.messages(player.id)
        assert any("我把您的走访" in text for text in texts(said)), player.name
    offered = demo.sandbox.post("command_menu", {"user": HERO.id, "chat": HERO.id})["commands"]
    assert "visit" in {one["command"] for one in offered}


def test_the_group_has_last_fridays_summary_as_text_and_picture(demo: Demo) -> None:
    said = demo.sandbox.messages(group(demo, COUNTY_GROUP)["id"])
    summaries = [one for one in said if "周 周报" in texts([one])[0]]
    assert [("photo" in one) for one in summaries] == [True, False]
    assert "1 个队这一周没有报告" in texts(summaries)[1]
    assert "紧急困难 1 件" in texts(summaries)[1]
    assert "整改逾期 1 件" in texts(summaries)[1]
    assert any("日 简报" in text for text in texts(said))
    assert demo.sandbox.file(summaries[0])[:3] == b"\xff\xd8\xff"


def test_the_towns_topic_has_its_own_summary(demo: Demo) -> None:
    forum = group(demo, TOWN_GROUP)
    topic = next(one["id"] for one in forum["topics"] if one["name"] == TOPICS[-1])
    said = demo.sandbox.get("messages", chat=forum["id"], topic=topic)["messages"]
    assert sum("河西务镇 " in text and "周 周报" in text for text in texts(said)) == 2


def all_told(demo: Demo, store: Store) -> None:
    """Wait until no letter waits: the page opens before the last of the morning's news is out."""
    for _ in range(600):
        with store.reading() as session:
            if not letters.count(session, LetterState.WAITING) + letters.count(session, LetterState.SENDING):
                return
        demo.sandbox.calls(after=10**9, wait=0.1)
    raise AssertionError("letters still wait")


def test_leaders_have_their_teams_week_and_this_mornings_news_alone(demo: Demo, store: Store) -> None:
    all_told(demo, store)
    for crew in CREWS:
        said = texts(demo.sandbox.messages(crew.people[0].id))
        assert sum(f"{crew.name} " in text and "周 周报" in text for text in said) == 1, (
            "the text, no picture"
        )
    mine = texts(demo.sandbox.messages(LEAD.id))
    assert any("陈晓报了走访" in text for text in mine)
    assert sum("报了" in text for text in mine) < 12, "history was told to a phone"
    assert len(demo.sandbox.messages(WATCHER.id)) < 8


def test_the_history_is_like_any_other(demo: Demo, store: Store) -> None:
    found = reports(demo)
    kinds = Counter(one["number"][:2] for one in found)
    assert kinds["ZF"] > 150
    assert kinds["ZP"] > 20
    assert kinds["KN"] > 3
    assert kinds["ZG"] == len(CREWS) - 1
    assert len({one["number"] for one in found}) == len(found)
    files = Files(demo.folder / "bot" / "files")
    shown = {photo["sha256"]: photo["bytes"] for one in found for photo in one["photos"]}
    assert len(shown) >= 20
    assert all(len(files.read(sha)) == size for sha, size in shown.items())
    with store.reading() as session:
        assert list(journal.verify(session)) == []
        assert letters.count(session, LetterState.PARKED) == errands.count(session, ErrandState.PARKED) == 0
        assert letters.count(session, LetterState.HELD) == 0


def test_history_is_found_by_asking_on_the_phone(demo: Demo) -> None:
    """Numbers, words and photos of the past are found as if they had come by phone."""
    watcher = Phone(demo.sandbox, WATCHER.id, WATCHER.name)
    watcher.says("查询 漏雨")
    assert watcher.hears("漏雨")["keyboard"]


def test_rectifications_wait_for_those_whose_turn_it_is(demo: Demo) -> None:
    member, second = (Phone(demo.sandbox, one.id, one.name) for one in (HERO, SECOND))
    member.says("整改")
    assert len(member.labels(member.hears("等您办理的整改"))) == 1
    second.says("整改")
    assert any(
        "河西务" in label or "大龙庄村" in label for label in second.labels(second.hears("等您办理的整改"))
    )


def test_a_visit_through_the_page_and_the_weeks_summary(demo: Demo, page: Page, tmp_path: Path) -> None:
    """The main job as a visitor tries it: album, receipt, the leader's notice, the clock, the group's summary."""
    desk = Desk(page)
    expect(page.locator(".seat")).to_have_count(3)
    expect(desk.phone("孙涛").locator(".chat-title h3")).to_have_text(COUNTY_GROUP)
    reports_a_visit(desk, HERO.name, drawn(tmp_path))
    desk.sees(HERO.name, "照片 3 张，已全部保存")
    notice = desk.sees(LEAD.name, f"{HERO.name}报了走访")
    expect(notice).to_contain_text("照片：3 张")
    before = desk.phone(WATCHER.name).locator(".theirs .bubble img").count()
    desk.goes_to_friday()
    expect(desk.phone(WATCHER.name).locator(".theirs .bubble img")).to_have_count(before + 1)
    expect(desk.sees(WATCHER.name, "存证链")).to_contain_text("走访")
    newest = max(reports(demo), key=lambda one: str(one["sent_at"]))
    assert len(newest["photos"]) == 3
    assert newest["author"] == HERO.name


def test_a_bot_that_dies_comes_back_and_answers(demo: Demo) -> None:
    os.kill(demo.bot_pid(), signal.SIGKILL)
    demo.hears("机器人停了")
    member = Phone(demo.sandbox, HERO.id, HERO.name)
    member.says("/help")
    demo.hears("机器人又在了")
    assert member.hears("/visit", timeout=AFTER_RESTART)


def test_it_ends_politely_and_goes_on_where_it_was(demo: Demo) -> None:
    """The last of this file: it ends the demo that all others looked at."""
    numbers, clock, pid = {one["number"] for one in reports(demo)}, demo.sandbox.now(), demo.bot_pid()
    said = texts(demo.sandbox.messages(group(demo, COUNTY_GROUP)["id"]))
    assert end(demo.process) == 0
    assert not Path(f"/proc/{pid}").exists()
    with started(demo.folder) as again:
        assert again.said == [f"ready {again.url}"]
        assert {one["number"] for one in reports(again)} == numbers
        assert again.sandbox.now() > clock
        assert texts(again.sandbox.messages(group(again, COUNTY_GROUP)["id"])) == said
        member = Phone(again.sandbox, HERO.id, HERO.name)
        member.says("/help")
        assert member.hears("/visit")


def test_a_house_a_referral_contact_cards_and_a_handover_are_in_its_past(store: Store) -> None:
    with store.reading() as session:
        house = session.exec(select(Report).where(Report.kind == "house")).one()
        assert house.state == ReportState.REHOUSED
        assert alarms.standing(session, house) is None
        answers = session.exec(select(Referral.answer).order_by(col(Referral.id))).all()
        assert answers == [Answer.GIVEN, Answer.CANNOT]
        pack = session.exec(select(Handover)).one()
        assert pack.taken_by is not None
        assert not pack.lapsed
        theirs = select(ContactCard.person_id).where(
            col(ContactCard.accepted_at).is_not(None), col(ContactCard.ended_at).is_(None)
        )
        cards = Counter(session.exec(theirs))
    members = sum(len(crew.people) - 1 for crew in CREWS)
    assert (len(cards), sum(cards.values())) == (members, lives.EACH * (members + 1))
    assert cards[pack.taken_by] == 2 * lives.EACH
    assert pack.person_id not in cards
