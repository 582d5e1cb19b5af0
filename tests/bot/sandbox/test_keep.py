"""A world kept in a folder: after a restart everything stands as it was, and no number is given twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bot.sandbox.test_sending import keys, picture
from tests.phone import Phone, Sandbox

CARD = keys([{"text": "走访", "callback_data": "visit"}])


def filled(sandbox: Sandbox) -> tuple[Phone, dict[str, Any]]:
    """A person who has said and sent things, and a group with a topic."""
    wang = sandbox.phone("王五")
    wang.says("/start")
    wang.sends_photos([picture(60, 40), picture(40, 60)], caption="两张")
    wang.sends_file("台账.csv", b"a,b\n")
    sandbox.bot("sendMessage", chat_id=wang.id, text="<b>菜单</b>", parse_mode="HTML", reply_markup=CARD)
    sandbox.bot("setMyCommands", commands=[{"command": "visit", "description": "走访"}])
    group = sandbox.group("管理组", wang, topics=["周报"])
    sandbox.revoke("50:gone")
    sandbox.clock_to("friday 16:00")
    return wang, group


def without_changes(state: dict[str, Any]) -> dict[str, Any]:
    return {key: state[key] for key in ("bots", "users", "chats")}


def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    with Sandbox.start(clock="2026-11-16T09:00+08:00", data=tmp_path) as sandbox:
        wang, group = filled(sandbox)
        before, state = wang.screen(), sandbox.state()
        pending = sandbox.bot("getUpdates")
    with Sandbox.start(data=tmp_path) as sandbox:
        again = Phone(sandbox, wang.id, "王五")
        assert again.screen() == before
        assert without_changes(sandbox.state()) == without_changes(state)
        assert sandbox.now().startswith("2026-11-20T16:0")
        assert sandbox.bot("getUpdates") == pending
        assert [sandbox.file(one) for one in again.screen() if "document" in one] == [b"a,b\n"]
        again.presses("走访")
        new = again.says("还在")
        update = sandbox.bot("getUpdates", offset=-1)[0]
        assert update["update_id"] > pending[-1]["update_id"] + 1
        assert new["message_id"] > before[-1]["message_id"] + 1
        assert sandbox.group("另一个", again)["id"] != group["id"]


def test_a_kill_loses_at_most_what_was_not_yet_written(tmp_path: Path) -> None:
    with Sandbox.start(data=tmp_path) as sandbox:
        wang = sandbox.phone("王五")
        wang.says("/start")
        wait_for_a_save(tmp_path, sandbox)
        assert sandbox.process is not None
        sandbox.process.kill()
    with Sandbox.start(data=tmp_path) as sandbox:
        assert [one["text"] for one in Phone(sandbox, wang.id, "王五").screen()] == ["/start"]


def wait_for_a_save(folder: Path, sandbox: Sandbox) -> None:
    """Until the folder holds the message; each look is a long poll that lasts a moment."""
    for _ in range(100):
        path = folder / "world.json"
        if path.exists() and "/start" in path.read_text("utf-8"):
            return
        sandbox.get("clock", after=99, wait=0.1)
    raise AssertionError("the world was not written")
