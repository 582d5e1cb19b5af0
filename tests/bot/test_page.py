"""The page of the sandbox in a real browser: what people do on the phones, and what the bot gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.bot.page_world import QUIET, Control, EchoBot, Json, chromium, picture, sandbox_process

pytestmark = pytest.mark.browser
NAMES = ("李卫国 · 队员", "王建军 · 队长", "<b>赵敏</b> & 管理组")


@dataclass
class Scene:
    """The page in front of three people, and the bot behind it."""

    page: Page
    base: str
    control: Control
    bot: EchoBot
    li: int
    wang: int
    zhao: int
    wrong: list[str]

    def forget(self, words: str) -> None:
        """The browser notes every refused request in its log: leave out the one a test asked for."""
        assert any(words in line for line in self.wrong), self.wrong
        self.wrong[:] = [line for line in self.wrong if words not in line]

    def phone(self, user: int) -> Locator:
        return self.page.locator(f'.seat[data-user="{user}"]')

    def open(self, *users: int, size: tuple[int, int] = (1440, 900)) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.goto(f"{self.base}?phones={','.join(map(str, users))}" if users else self.base)
        expect(self.page.locator(".seat").first).to_be_attached()

    def write(self, user: int, text: str) -> None:
        field = self.phone(user).get_by_role("textbox", name="写消息")
        field.fill(text)
        field.press("Enter")

    def attach(self, user: int, kind: str, *paths: Path) -> None:
        phone = self.phone(user)
        phone.get_by_role("button", name="添加照片、文件或位置").click()
        with self.page.expect_file_chooser() as chooser:
            phone.get_by_role("menuitem", name=kind).click()
        chooser.value.set_files(list(paths))

    def say(self, chat: int, text: str, **more: Any) -> int:
        return int(self.control.bot("sendMessage", chat_id=chat, text=text, **more)["message_id"])

    def say_after_start(self, text: str, **more: Any) -> int:
        """The bot writes to the member, who has written first (it may not otherwise)."""
        self.write(self.li, "在吗")
        self.bot.wait_for(1, of_user(self.li))
        return self.say(self.li, text, **more)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install the package chromium to try the page")
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox_process() as address:
        yield address


@pytest.fixture(scope="module")
def bot(base: str) -> Iterator[EchoBot]:
    bot = EchoBot(Control(base))
    bot.start()
    yield bot
    bot.stopping = True
    bot.join(60)


@pytest.fixture
def scene(browser: Browser, base: str, bot: EchoBot) -> Iterator[Scene]:
    """Three new people for each test; nothing may be logged as an error, nothing may leave the sandbox."""
    control = bot.control
    li, wang, zhao = (control.person(name) for name in NAMES)
    context = browser.new_context(locale="zh-CN")
    context.set_default_timeout(60_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("request", lambda ask: None if ask.url.startswith((base, "blob:")) else wrong.append(ask.url))
    yield Scene(page, base, control, bot, li, wang, zhao, wrong)
    context.close()
    assert wrong == []


def of_user(user: int, kind: str = "message") -> Any:
    return lambda update: update.get(kind, {}).get("from", {}).get("id") == user


def said(update: Json, user: int) -> str | None:
    message = update.get("message", {})
    return message.get("text") if message.get("from", {}).get("id") == user else None


def test_phones_lie_side_by_side_and_names_stay_text(scene: Scene) -> None:
    scene.open(scene.li, scene.wang, scene.zhao)
    assert scene.page.title() == "驻村通 · 演示"
    boxes = [scene.phone(user).bounding_box() for user in (scene.li, scene.wang, scene.zhao)]
    lefts = [box["x"] for box in boxes if box]
    assert len(lefts) == 3
    assert lefts == sorted(set(lefts))
    expect(scene.phone(scene.li).locator(".plate")).to_contain_text("李卫国队员")
    expect(scene.phone(scene.zhao).locator(".plate")).to_contain_text("<b>赵敏</b> & 管理组")


def test_the_first_view_says_what_to_try_until_it_is_waved_away(scene: Scene) -> None:
    scene.open(scene.li)
    hints = scene.page.get_by_role("complementary", name="试试看")
    expect(hints.get_by_role("listitem")).to_have_count(3)
    hints.get_by_role("button").click()
    expect(hints).to_be_hidden()
    scene.page.reload()
    expect(scene.phone(scene.li)).to_be_visible()
    expect(hints).to_be_hidden()


def test_start_brings_the_bots_keyboard_and_a_key_is_said(scene: Scene) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    phone.get_by_role("button", name="开始").click()
    expect(phone.get_by_text("你好 /start")).to_be_visible()
    phone.get_by_role("group", name="快捷回复").get_by_role("button", name="走访").click()
    expect(phone.locator(".theirs .bubble").last).to_contain_text("哪一户？")


def test_a_press_shows_the_answer_and_the_edited_message(scene: Scene) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    scene.write(scene.li, "走访")
    phone.get_by_role("button", name="张桂兰").click()
    expect(phone.locator(".toast")).to_have_text("已选好")
    bubble = phone.locator(".theirs .bubble").last
    expect(bubble.locator("strong")).to_have_text("张桂兰")
    expect(bubble).to_contain_text("已编辑")
    expect(phone.locator(".keyboard")).to_have_count(0)


def test_an_alert_waits_to_be_read_and_closes_with_escape(scene: Scene) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    scene.write(scene.li, "走访")
    phone.get_by_role("button", name="提醒我").click()
    alert = phone.get_by_role("alertdialog")
    expect(alert).to_contain_text("请先选户")
    scene.page.keyboard.press("Escape")
    expect(alert).to_have_count(0)
    expect(phone.locator(".key.busy")).to_have_count(0)


def test_several_photos_go_as_one_album(scene: Scene, tmp_path: Path) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    paths = [picture(tmp_path / f"{n}.jpg", colour=f"#{n}8a") for n in range(3)]
    scene.attach(scene.li, "照片", *paths)
    expect(phone.locator(".tray-chip")).to_have_count(3)
    scene.write(scene.li, "村口的路")
    album = phone.locator(".mine .bubble")
    expect(album).to_have_count(1)
    expect(album.get_by_role("button", name="看照片")).to_have_count(3)
    expect(album).to_contain_text("村口的路")
    got = [update["message"] for update in scene.bot.wait_for(3, of_user(scene.li))]
    assert len({message["media_group_id"] for message in got}) == 1
    assert [message.get("caption") for message in got] == ["村口的路", None, None]
    expect(phone.locator(".tray")).to_be_hidden()


def test_a_photo_can_be_looked_at_large(scene: Scene, tmp_path: Path) -> None:
    scene.open(scene.li)
    scene.attach(scene.li, "照片", picture(tmp_path / "a.jpg"))
    scene.phone(scene.li).get_by_role("button", name="发送", exact=True).click()
    scene.phone(scene.li).get_by_role("button", name="看照片").click()
    dialog = scene.page.get_by_role("dialog", name="照片")
    expect(dialog).to_be_visible()
    scene.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_file_arrives_byte_for_byte_with_name_and_size(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "走访记录.pdf"
    path.write_bytes(b"%PDF-1.4 " + bytes(5000))
    scene.open(scene.li)
    scene.attach(scene.li, "文件", path)
    scene.phone(scene.li).get_by_role("button", name="发送", exact=True).click()
    line = scene.phone(scene.li).locator(".document")
    expect(line).to_contain_text("走访记录.pdf")
    expect(line).to_contain_text("4.9 KB · PDF")
    [update] = scene.bot.wait_for(1, of_user(scene.li))
    assert scene.control.download(update["message"]["document"]["file_id"]) == path.read_bytes()


def test_a_refused_photo_says_so_and_stays_in_the_tray(scene: Scene, tmp_path: Path) -> None:
    broken = tmp_path / "空.jpg"
    broken.write_bytes(b"no picture")
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    scene.attach(scene.li, "照片", broken)
    scene.write(scene.li, "屋顶")
    expect(phone.get_by_role("alert")).to_contain_text("请作为文件发送")
    expect(phone.locator(".tray-chip")).to_have_count(1)
    expect(phone.get_by_role("textbox", name="写消息")).to_have_value("屋顶")
    scene.forget("400")


def test_the_location_key_sends_a_place(scene: Scene) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    scene.write(scene.li, "/start")
    phone.get_by_role("button", name="发送位置").click()
    dialog = scene.page.get_by_role("dialog", name="发送位置")
    dialog.get_by_label("纬度").fill("39.41234")
    dialog.get_by_role("button", name="发送这个位置").click()
    expect(phone.locator(".location")).to_contain_text("39.41234")
    got = scene.bot.wait_for(2, of_user(scene.li))
    assert got[-1]["message"]["location"]["latitude"] == pytest.approx(39.41234)


def test_an_own_message_is_edited_by_double_click(scene: Scene) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    scene.write(scene.li, "三户已走")
    bubble = phone.locator(".mine .bubble")
    bubble.dblclick()
    expect(phone.locator(".mode-banner")).to_contain_text("修改三户已走")
    scene.write(scene.li, "四户已走")
    expect(bubble).to_contain_text("四户已走")
    expect(bubble).to_contain_text("已编辑")
    [update] = scene.bot.wait_for(1, of_user(scene.li, "edited_message"))
    assert update["edited_message"]["text"] == "四户已走"


def test_arrow_up_edits_the_last_message_and_escape_leaves_it(scene: Scene) -> None:
    scene.open(scene.li)
    field = scene.phone(scene.li).get_by_role("textbox", name="写消息")
    scene.write(scene.li, "明天去")
    expect(scene.phone(scene.li).locator(".mine .bubble")).to_be_visible()
    field.press("ArrowUp")
    expect(field).to_have_value("明天去")
    field.press("Escape")
    expect(field).to_have_value("")


def test_a_reply_quotes_the_message_it_answers(scene: Scene) -> None:
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    said = scene.say_after_start("请补一张照片")
    phone.locator(f'[data-id="{said}"]').hover()
    phone.locator(f'[data-id="{said}"]').get_by_role("button", name="这条消息可以…").click()
    phone.get_by_role("menuitem", name="回复").click()
    scene.write(scene.li, "好的")
    expect(phone.locator(".mine .quote").last).to_contain_text("请补一张照片")
    got = scene.bot.wait_for(2, of_user(scene.li))
    assert got[-1]["message"]["reply_to_message"]["message_id"] == said


def test_a_deleted_message_goes_away(scene: Scene) -> None:
    scene.open(scene.li)
    said = scene.say_after_start("发错了")
    message = scene.phone(scene.li).get_by_text("发错了")
    expect(message).to_be_visible()
    scene.control.bot("deleteMessage", chat_id=scene.li, message_id=said)
    expect(message).to_have_count(0)


def test_html_of_the_bot_is_shown_and_html_of_people_is_not(scene: Scene) -> None:
    scene.open(scene.li)
    bubble = scene.phone(scene.li).locator(".theirs .bubble").last
    scene.say_after_start('<b>粗</b> <i>斜</i> &lt;img src=x onerror="alert(1)"&gt;', parse_mode="HTML")
    expect(bubble.locator("strong")).to_have_text("粗")
    expect(bubble).to_contain_text('<img src=x onerror="alert(1)">')
    scene.write(scene.li, "<script>alert(1)</script>")
    expect(scene.phone(scene.li).locator(".mine .bubble").last).to_contain_text("<script>alert(1)</script>")
    assert scene.page.locator(".screen script, .screen .words img").count() == 0


def test_the_menu_lists_the_commands_of_this_chat(scene: Scene) -> None:
    for kind, name in (("all_private_chats", "走访"), ("all_group_chats", "周报")):
        commands = [{"command": "visit", "description": name}]
        scene.control.bot("setMyCommands", commands=commands, scope={"type": kind})
    group = scene.control.act("groups", title="管理组", members=[scene.wang], bot=True)
    scene.open(scene.wang)
    phone = scene.phone(scene.wang)
    menu = phone.get_by_role("button", name="命令菜单")
    menu.click()
    expect(phone.get_by_role("menuitem")).to_have_text(["走访/visit"])
    phone.get_by_role("menuitem").press("Escape")
    expect(menu).to_be_focused()
    phone.get_by_role("tab", name="管理组").click()
    menu.click()
    expect(phone.get_by_role("menuitem")).to_have_text(["周报/visit"])
    phone.get_by_role("menuitem").click()
    expect(phone.locator(".mine .bubble")).to_contain_text("/visit")
    got = scene.bot.wait_for(1, of_user(scene.wang))
    assert got[-1]["message"]["chat"]["id"] == group["id"]


def test_a_group_is_seen_on_every_members_phone_with_names_and_counts(scene: Scene) -> None:
    scene.control.act("groups", title="大良镇管理组", members=[scene.wang, scene.zhao], bot=True)
    scene.open(scene.li, scene.wang, scene.zhao)
    expect(scene.phone(scene.li).get_by_role("tab")).to_have_count(0)
    scene.phone(scene.wang).get_by_role("tab", name="大良镇管理组").click()
    scene.write(scene.wang, "周五前补齐")
    tab = scene.phone(scene.zhao).get_by_role("tab", name="大良镇管理组")
    expect(tab.get_by_label("1 条未读")).to_be_visible()
    tab.click()
    expect(tab.get_by_label("未读")).to_have_count(0)
    expect(scene.phone(scene.zhao).locator(".sender")).to_have_text("王建军")
    expect(scene.phone(scene.zhao).locator(".theirs .words")).to_have_text("周五前补齐")


def test_forum_topics_are_read_and_written_apart(scene: Scene) -> None:
    group = scene.control.act(
        "groups", title="武清区", members=[scene.li], bot=True, forum=True, topics=["周报"]
    )
    topic = group["topics"][0]["id"]
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    phone.get_by_role("tab", name="武清区").click()
    phone.get_by_role("tab", name="周报").click()
    scene.write(scene.li, "/weekly")
    [update] = scene.bot.wait_for(1, lambda update: said(update, scene.li) == "/weekly")
    assert update["message"]["message_thread_id"] == topic
    phone.get_by_role("tab", name="综合").click()
    expect(phone.get_by_text("/weekly")).to_have_count(0)
    scene.say(group["id"], "本周汇总", message_thread_id=topic)
    expect(phone.get_by_role("tab", name="周报").get_by_label("1 条未读")).to_be_visible()


def test_a_pinned_message_is_shown_and_leads_to_its_place(scene: Scene) -> None:
    scene.open(scene.li)
    number = scene.say_after_start("<b>本周任务</b>\n每队走访三户", parse_mode="HTML")
    scene.control.bot("pinChatMessage", chat_id=scene.li, message_id=number)
    pinned = scene.phone(scene.li).get_by_role("button", name="看置顶的消息")
    expect(pinned).to_have_text("本周任务")
    pinned.click()
    expect(scene.phone(scene.li).locator(f'[data-id="{number}"]')).to_be_in_viewport()


def test_an_invitation_is_opened_on_another_phone(scene: Scene) -> None:
    scene.open(scene.li, scene.wang)
    button = {"text": "打开邀请", "url": "https://t.me/zhucun_demo_bot?start=iv_7"}
    scene.say_after_start("邀请", reply_markup={"inline_keyboard": [[button]]})
    scene.phone(scene.li).get_by_role("button", name="打开邀请").click()
    dialog = scene.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="李卫国")).to_contain_text("就在这部手机上")
    dialog.get_by_role("button", name="王建军").click()
    expect(scene.phone(scene.wang).locator(".theirs .bubble")).to_have_text(re.compile("你好 /start iv_7"))
    [update] = scene.bot.wait_for(1, of_user(scene.wang))
    assert update["message"]["text"] == "/start iv_7"


def test_an_invitation_is_opened_by_somebody_who_just_came(scene: Scene) -> None:
    scene.open(scene.li)
    scene.say_after_start("来吧 https://t.me/zhucun_demo_bot?start=iv_8")
    scene.phone(scene.li).get_by_role("button", name="https://t.me").click()
    scene.page.get_by_role("button", name="别的人，或新来的人…").click()
    scene.page.get_by_label("新来的人的名字").fill("马小梅 · 新队员")
    scene.page.get_by_role("button", name="添上").click()
    newcomer = scene.page.get_by_role("region", name="马小梅 · 新队员 的手机")
    expect(newcomer.locator(".theirs .bubble")).to_contain_text("你好 /start iv_8")


def test_other_links_lead_nowhere(scene: Scene) -> None:
    scene.open(scene.li)
    scene.say_after_start('<a href="https://example.org/a">说明</a>', parse_mode="HTML")
    scene.phone(scene.li).get_by_role("button", name="说明").click()
    expect(scene.phone(scene.li).locator(".toast")).to_contain_text("演示里不打开外部网址")
    assert scene.page.url.startswith(scene.base)
    assert len(scene.page.context.pages) == 1


def test_the_clock_goes_forward_by_its_three_ways(scene: Scene) -> None:
    scene.open(scene.li)
    clock = scene.page.get_by_role("group", name="演示时钟", exact=True)
    clock.get_by_role("button", name="到周五 16:00").click()
    expect(clock).to_contain_text("16:00")
    expect(clock).to_contain_text("星期五")
    expect(scene.phone(scene.li).locator(".phone-status")).to_contain_text("16:00")
    clock.get_by_role("button", name="+1 小时").click()
    expect(clock).to_contain_text("17:00")
    clock.get_by_role("button", name="明天 9:00").click()
    expect(clock).to_contain_text("09:00")
    expect(clock).to_contain_text("星期六")
    assert scene.control.ask("sandbox/clock")["now"][11:16] == "09:00"


def test_the_clock_goes_to_a_chosen_time_and_never_back(scene: Scene) -> None:
    scene.open(scene.li)
    clock = scene.page.get_by_role("group", name="演示时钟", exact=True)
    field = clock.get_by_label("拨到的日期和时间")
    day = str(int(scene.control.ask("sandbox/clock")["now"][:4]) + 1) + "-03-02"
    field.fill(f"{day}T08:30")
    clock.get_by_role("button", name="拨到", exact=True).click()
    expect(clock).to_contain_text("08:30")
    assert scene.control.ask("sandbox/clock")["now"].startswith(f"{day}T08:30")
    field.evaluate("field => field.removeAttribute('min')")
    field.fill("2026-01-01T08:00")
    clock.get_by_role("button", name="拨到", exact=True).click()
    expect(scene.page.locator("#toasts")).to_contain_text("时钟不能往回拨")
    scene.forget("400")


def test_messages_carry_the_sandboxs_time_and_day(scene: Scene) -> None:
    scene.open(scene.li)
    scene.page.get_by_role("button", name="到周五 16:00").click()
    scene.write(scene.li, "报完了")
    bubble = scene.phone(scene.li).locator(".mine .bubble")
    expect(bubble.locator("time")).to_have_text("16:00")
    expect(scene.phone(scene.li).locator(".day")).to_contain_text("星期五")


def test_the_network_is_made_bad_and_good_again(scene: Scene) -> None:
    scene.open(scene.li)
    opener = scene.page.get_by_role("button", name="网络故障")
    opener.click()
    switch = scene.page.get_by_role("switch", name="限流")
    switch.check()
    expect(opener).to_have_text("限流")
    [fault] = scene.control.ask("sandbox/faults")["faults"]
    assert (fault["method"], fault["kind"], fault["retry_after"]) == ("*", "429", 3)
    switch.uncheck()
    expect(opener).to_have_text("网络")
    assert scene.control.ask("sandbox/faults")["faults"] == []


def test_phones_are_added_swapped_and_taken_away_and_remembered(scene: Scene) -> None:
    scene.open()
    scene.page.evaluate("localStorage.clear()")
    seats = scene.page.locator(".seat")
    expect(seats).to_have_count(3)
    seats.nth(2).get_by_role("button", name="更多").click()
    scene.page.get_by_role("menuitem", name="收起这部手机").click()
    expect(seats).to_have_count(2)
    seats.nth(0).get_by_role("button", name="更多").click()
    scene.page.get_by_role("menuitem", name="换一个人").click()
    name = f"钱多多 {scene.li} · 队员"
    scene.page.get_by_label("新来的人的名字").fill(name)
    scene.page.get_by_role("button", name="添上").click()
    expect(seats.nth(0)).to_have_accessible_name(f"{name} 的手机")
    scene.page.reload()
    expect(seats).to_have_count(2)
    expect(seats.nth(0)).to_have_accessible_name(f"{name} 的手机")


def test_a_phone_can_stop_the_bot_and_take_it_back(scene: Scene) -> None:
    scene.open(scene.li)
    scene.write(scene.li, "在吗")
    more = scene.phone(scene.li).get_by_role("button", name="更多")
    for item, status in (("停用机器人", "kicked"), ("重新启用机器人", "member")):
        more.click()
        scene.page.get_by_role("menuitem", name=item).click()
        scene.bot.wait_for(1, partial(in_state, status, scene.li))


def in_state(status: str, user: int, update: Json) -> bool:
    change = update.get("my_chat_member", {})
    by: int | None = change.get("from", {}).get("id")
    return by == user and bool(change["new_chat_member"]["status"] == status)


def test_a_narrow_screen_shows_one_phone_and_a_switcher(scene: Scene) -> None:
    scene.open(scene.li, scene.wang, size=(360, 740))
    expect(scene.phone(scene.li)).to_be_visible()
    expect(scene.phone(scene.wang)).to_be_hidden()
    scene.page.get_by_role("navigation", name="换一部手机").get_by_role("button", name="王建军").click()
    expect(scene.phone(scene.wang)).to_be_visible()
    expect(scene.phone(scene.li)).to_be_hidden()
    assert scene.page.evaluate("document.documentElement.scrollWidth") <= 360
    scene.write(scene.wang, "走访")
    expect(scene.phone(scene.wang).get_by_role("button", name="张桂兰")).to_be_in_viewport()


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)])
def test_four_phones_fit_on_a_desk(scene: Scene, size: tuple[int, int]) -> None:
    four = [scene.li, scene.wang, scene.zhao, scene.control.person("孙丽 · 管理员")]
    scene.open(*four, size=size)
    for user in four:
        box = scene.phone(user).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]
    assert scene.page.get_by_role("button", name="再摆一部手机").first.is_disabled()


def test_everything_pressable_has_a_name_and_can_be_reached_by_keys(scene: Scene) -> None:
    scene.open(scene.li, scene.wang)
    scene.write(scene.li, "走访")
    expect(scene.phone(scene.li).get_by_role("button", name="张桂兰")).to_be_visible()
    nameless = scene.page.evaluate(
        """[...document.querySelectorAll("button, input, textarea, [tabindex='0']")]
             .filter((one) => one.checkVisibility())
             .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim()))
             .map((one) => one.outerHTML)"""
    )
    assert nameless == []
    scene.phone(scene.li).get_by_role("button", name="张桂兰").focus()
    scene.page.keyboard.press("Enter")
    expect(scene.phone(scene.li).locator(".toast")).to_have_text("已选好")


def test_a_long_chat_opens_at_its_end_and_shows_older_messages_on_request(scene: Scene) -> None:
    for number in range(70):
        scene.control.act("send", user=scene.li, text=f"第 {number} 条")
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    expect(phone.get_by_text("第 69 条")).to_be_in_viewport()
    expect(phone.get_by_text("第 3 条")).to_have_count(0)
    phone.get_by_role("button", name="更早的消息").click()
    expect(phone.get_by_text("第 3 条")).to_have_count(1)


def test_what_was_typed_stays_when_another_chat_is_opened(scene: Scene) -> None:
    scene.control.act("groups", title="管理组", members=[scene.li], bot=True)
    scene.open(scene.li)
    phone = scene.phone(scene.li)
    field = phone.get_by_role("textbox", name="写消息")
    field.fill("写了一半")
    phone.get_by_role("tab", name="管理组").click()
    expect(field).to_have_value("")
    phone.get_by_role("tab", name="私聊").click()
    expect(field).to_have_value("写了一半")


def test_the_page_says_when_the_sandbox_is_gone_and_keeps_what_was_typed(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    with sandbox_process() as base:
        Control(base).person("李卫国 · 队员")
        page.goto(base)
        page.get_by_role("textbox", name="写消息").fill("还没发出去")
    expect(page.locator("#trouble")).to_contain_text("沙箱没有应答", timeout=60_000)
    page.get_by_role("textbox", name="写消息").press("Enter")
    expect(page.locator(".toast.bad").first).to_contain_text("沙箱没有应答")
    expect(page.get_by_role("textbox", name="写消息")).to_have_value("还没发出去")
    context.close()


def test_the_page_finds_a_sandbox_that_was_started_anew(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    with sandbox_process() as base:
        for number in range(5):
            Control(base).person(f"甲{number} · 队员")
        page.goto(base)
        expect(page.locator(".seat")).to_have_count(3)
    expect(page.locator("#trouble")).to_be_visible(timeout=60_000)
    with sandbox_process(int(base.rstrip("/").rpartition(":")[2])) as base:
        Control(base).person("乙 · 队员")
        expect(page.locator(".seat")).to_have_count(1, timeout=60_000)
        expect(page.locator(".plate")).to_contain_text("乙队员")
        expect(page.locator("#trouble")).to_be_hidden()
    context.close()


def test_the_managing_group_is_open_on_its_persons_phone(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    with sandbox_process() as base:
        control = Control(base)
        people = [control.person(name) for name in ("甲 · 队长", "乙 · 管理组", "丙 · 队员", "丁 · 民政干部")]
        control.act("groups", title="大良镇管理组", members=people[:2], bot=True)
        page.goto(base)
        names = page.locator(".plate h2")
        expect(names).to_have_text(["丙队员", "甲队长", "乙管理组"])
        expect(page.locator(".chat-title h3")).to_have_text(["驻村通", "驻村通", "大良镇管理组"])
        context.close()
