"""The errand of a weekly summary: one photo and one text for each chat, whatever is run again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.errands import weekly
from bot.jobs import close_week
from bot.pen import Pen
from bot.wire import Wire
from bot.workers import ErrandContext
from reports import figures
from reports.week import Week
from storage import errands, summaries, week_drafts, week_files
from storage.chats import Chat
from storage.errands import Errand, ErrandState
from storage.files import Files
from storage.summaries import Scope
from tests import weeks
from tests.bot.errands.heavy import processes
from tests.bot.jobs_world import Place, place
from tests.weeks import CLOSE, COUNTY, W47

MINUTE = timedelta(minutes=1)


class Here:
    """A place with what an errand may use."""

    def __init__(self, folder: Path) -> None:
        self.place: Place = place(folder, towns=1, villages=2)
        self.pen, self.files = Pen(self.place.store), Files(folder / "files")
        self.processes, self.now = processes(), CLOSE
        self.pen.start()

    async def run(self, errand_id: int, body: dict[str, Any]) -> None:
        wire = Wire("42:DEMO", "http://127.0.0.1:9", None, lambda _date: None)
        await weekly.run(
            ErrandContext(errand_id, 42, 0, self.pen, wire, self.files, self.processes, lambda: self.now),
            body,
        )

    async def close_week(self) -> list[tuple[int, dict[str, Any]]]:
        """The errands that the close asks for."""

        def ask(session: Session) -> list[tuple[int, dict[str, Any]]]:
            close_week.step(session, self.now)
            found = errands.due(session, 42, self.now, 100)
            return [(one.id or 0, errands.body_of(session, one)) for one in found]

        return await self.pen(ask)

    def said(self, chat: int) -> list[dict[str, Any]]:
        with self.place.store.reading() as session:
            return self.place.said(session, chat)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    made = Here(tmp_path)
    with made.place.writing() as session:
        weeks.fill(session, made.place.county, W47, seed=21, records=30)
        weeks.add_report(session, made.place.county, 1, W47.start)
    yield made
    await asyncio.to_thread(made.pen.stop)
    made.place.store.close()


async def test_photo_then_text_and_done_in_one(here: Here) -> None:
    for number, body in await here.close_week():
        await here.run(number, body)
    photo, text = here.said(here.place.group)
    assert (photo["method"], text["method"]) == ("sendPhoto", "sendMessage")
    assert photo["key"] == f"weekly:2026-W47:120114:{here.place.group}:photo"
    assert text["key"] == f"weekly:2026-W47:120114:{here.place.group}:text"
    assert len(photo["caption"]) < 1024
    assert photo["photo"]["name"] == "周报 2026-W47.png"
    assert here.files.read(photo["photo"]["$file"]).startswith(b"\x89PNG")
    assert await here.close_week() == []


async def test_run_again_it_says_nothing_more(here: Here) -> None:
    asked = await here.close_week()
    for number, body in asked * 3:
        await here.run(number, body)
    assert len(here.said(here.place.group)) == 2


async def test_after_a_crash_before_the_letters_the_figures_stay(here: Here) -> None:
    """The figures were kept, then the power went: a later record changes nothing."""
    asked = await here.close_week()
    made, _readers, _lead = await here.pen(lambda session: weekly._prepare(session, asked[0][1], CLOSE))
    with here.place.writing() as session:
        weeks.add_report(session, here.place.county, 1, W47.start)
    here.now = CLOSE + MINUTE
    await here.run(*asked[0])
    _photo, text = here.said(here.place.group)
    assert f"走访 <b>{made.total.visits}</b> 次" in text["text"]


async def test_the_leader_has_the_teams_week_in_private(here: Here) -> None:
    for number, body in await here.close_week():
        await here.run(number, body)
    with here.place.store.reading() as session:
        leader = here.place.chat(session, 5000)
        member = here.place.chat(session, 6000)
    (told,) = here.said(leader.id or 0)
    assert "1-1村工作队 2026 年第 47 周 周报" in told["text"]
    buttons = [one["callback_data"] for row in told["reply_markup"]["inline_keyboard"] for one in row]
    assert [data[:4] for data in buttons] == ["w:x:", "w:b:", "w:n:", "w:c:", "ow:w"], "its chart is a button"
    assert here.said(member.id or 0) == []


async def test_a_chart_is_drawn_for_a_region_and_for_no_team(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    async def process(_work: Any, data: dict[str, Any], _language: str) -> bytes:
        drawn.append(data["scope"])
        return b"a chart"

    monkeypatch.setattr(here, "processes", process)
    for number, body in await here.close_week():
        await here.run(number, body)
    assert drawn == [COUNTY]


async def test_a_team_that_asks_has_its_chart(here: Here) -> None:
    with here.place.writing() as session:
        leader = here.place.chat(session, 5000)
        body = {"scope": "team:1", "week": "2026-W47", "chat": leader.id, "language": "zh"}
        errand = errands.send_on(session, 42, "weekly", body, due_at=CLOSE)
        assert errand is not None
        number = errand.id or 0
    await here.run(number, body)
    (photo,) = here.said(leader.id or 0)
    assert here.files.read(photo["photo"]["$file"]).startswith(b"\x89PNG")


async def test_a_week_followed_by_another_close_is_kept_but_not_announced(here: Here) -> None:
    asked = await here.close_week()
    here.now = CLOSE + timedelta(weeks=1)
    await here.run(*asked[0])
    assert here.said(here.place.group) == []
    with here.place.store.reading() as session:
        assert summaries.stored(session, Scope(COUNTY), "2026-W47") is not None


async def test_a_group_let_go_meanwhile_hears_nothing(here: Here) -> None:
    asked = await here.close_week()
    with here.place.writing() as session:
        session.get_one(Chat, here.place.group).region = None
    await here.run(*asked[0])
    assert here.said(here.place.group) == []
    with here.place.store.reading() as session:
        assert session.get_one(Errand, asked[0][0]).state == ErrandState.DONE


async def test_whoever_asks_gets_the_chart_alone(here: Here) -> None:
    body = {"scope": COUNTY, "week": "2026-W47", "chat": here.place.group, "language": "zh"}
    with here.place.writing() as session:
        errand = errands.send_on(session, 42, "weekly", body, due_at=CLOSE)
        assert errand is not None
        number = errand.id or 0
    await here.run(number, body)
    (photo,) = here.said(here.place.group)
    assert photo["method"] == "sendPhoto"
    with here.place.store.reading() as session:
        assert summaries.stored(session, Scope(COUNTY), "2026-W47") is None, "asking freezes nothing"
        found = figures.of_week(session, Scope(COUNTY), Week(2026, 47), CLOSE)
    assert found.total.visits > 0


async def test_a_region_that_is_gone_is_an_error(here: Here) -> None:
    with pytest.raises(LookupError):
        await here.run(1, {"scope": "999999", "week": "2026-W47"})


async def test_the_lead_is_said_first_and_only_of_its_region(here: Here) -> None:
    with here.place.writing() as session:
        week_drafts.begin(session, COUNTY, "2026-W47").lead = "本周重点是<防汛>。"
    for number, body in await here.close_week():
        await here.run(number, body)
    assert "\n\n本周重点是&lt;防汛&gt;。\n\n<b>要紧的事</b>" in here.said(here.place.group)[1]["text"]
    with here.place.store.reading() as session:
        leader = here.place.chat(session, 5000)
    assert "防汛" not in here.said(leader.id or 0)[0]["text"]


@pytest.mark.fault("weekly summary held over its close")
async def test_held_nobody_is_told_and_let_go_everybody_once(here: Here) -> None:
    """What is told is what was counted at the close."""
    with here.place.writing() as session:
        week_drafts.begin(session, COUNTY, "2026-W47").held = True
    asked = await here.close_week()
    for number, body in asked:
        await here.run(number, body)
    assert here.said(here.place.group) == []
    here.now = CLOSE + timedelta(days=2)
    with here.place.writing() as session:
        weeks.add_report(session, here.place.county, 1, W47.start)
        made = figures.of_week(session, Scope(COUNTY), Week(2026, 47), here.now)
        week_drafts.begin(session, COUNTY, "2026-W47").held = False
        week_files.announce(session, COUNTY, "2026-W47", here.now)
        found = errands.due(session, 42, here.now, 100)
        released = [(one.id or 0, errands.body_of(session, one)) for one in found][-1]
    for _time in range(2):
        await here.run(*released)
    photo, text = here.said(here.place.group)
    assert (photo["method"], f"走访 <b>{made.total.visits}</b> 次" in text["text"]) == ("sendPhoto", True)
