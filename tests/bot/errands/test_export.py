"""Exports end to end: what the filter shows, inside the territory, as files in the chat; cancelled, repeated."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from bot.errands import export, exporting
from reports import export_card
from reports.tables import Stopped
from storage import bots, cards, exports, fetching, household_list, journal, letters, photos, queries
from storage.cards import Card
from storage.chats import Chat
from storage.errands import Errand, ErrandState
from storage.exports import Export, ExportState, Form
from storage.letters import Letter, LetterState
from storage.people import Posting
from storage.photo import Photo
from storage.reading import LIVE, Filter
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, StepTaken
from tests.bot.errands.running import BOT, Here, Running
from tests.drawn import drawn
from tests.storage.asking import NOW, PLACES, add_full, add_photo

ASKED = Filter(words="漏雨", states=LIVE)
FORMULA = "=HYPERLINK(1)漏雨，手机13812345678"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "Processes", Here)


def fill(r: Running) -> None:
    """Three visits: two of the first town, of which one has a household and a photo; one of the other town."""
    with r.store.writing() as session:
        home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW).id
        for number, (village, words) in enumerate(
            ((PLACES[0], "屋顶漏雨"), (PLACES[1], FORMULA), (PLACES[2], "漏雨"))
        ):
            answers = {
                "village": village, "household": home if number == 0 else None, "purposes": ["look"],
                "findings": words,
            }  # fmt: skip
            made = add_full(
                session, "visit", r.county.people["赵建国"], answers, at=NOW - timedelta(minutes=number),
                number=f"ZF-20261120-000{number}",
            )  # fmt: skip
            if number == 0:
                photo = add_photo(session, made)
                picture = drawn(size=(60, 40))
                photo.sha256, photo.length = r.files.keep(picture), len(picture)


def asked(
    r: Running,
    form: str,
    name: str = "孙丽",
    reason: str = "",
    telegram_id: int = 1001,
    wanted: Filter = ASKED,
) -> int:
    """Somebody asks for it as they would in chat; the export's number."""
    chat_id = r.chat(telegram_id, name)
    with r.store.writing() as session:
        actor, chat = r.county.actor(session, name), session.get_one(Chat, chat_id)
        made = exports.ask(session, actor, chat, wanted, NOW)
        export.show(session, made, NOW)
        if reason:
            exports.give_reason(session, actor, reason, NOW)
        exports.start(session, actor, made, form, BOT, NOW)
        return made.id or 0


async def settle(r: Running) -> None:
    while await r.workers.step() or r.workers.busy:
        await r.workers.drain()


def sent(r: Running) -> list[tuple[str, bytes]]:
    """Names and bytes of the files that were sent."""
    with r.store.reading() as session:
        said = session.exec(select(Letter).where(Letter.method == "sendDocument").order_by(col(Letter.id)))
        files = [letters.payload_of(session, one)["document"] for one in said]
        return [(one["name"], r.files.read(one["$file"])) for one in files]


def shown(session: Session, number: int) -> str:
    made = session.get_one(Export, number)
    card = session.get_one(Card, made.card_id)
    return str((cards.wanted_of(session, card) or {})["text"])


async def test_a_workbook_of_what_the_screen_shows(r: Running) -> None:
    fill(r)
    number = asked(r, "xlsx")
    await settle(r)
    ((name, data),) = sent(r)
    assert name == "查询结果 2026-11-20.xlsx"
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0][:8] == ("序号", "编号", "类型", "乡镇", "村", "户主", "日期", "内容")
    assert [row[1] for row in rows[1:]] == ["ZF-20261120-0000", "ZF-20261120-0001"], (
        "the other town is not hers"
    )
    assert [row[5] for row in rows[1:]] == ["李*山", None]
    assert rows[1][9] == "赵*国"
    assert rows[1][13] == 1
    with r.store.reading() as session:
        made = session.get_one(Export, number)
        assert (made.state, made.done, made.total) == (ExportState.DONE, 2, 2)
        assert "✓ 已导出 2 份" in shown(session, number)
        (line,) = [one for one in journal.lines(session) if one.action == "reports.export"]
        assert line.actor_id == r.county.people["孙丽"]
        assert "漏雨" not in (line.body or "")


@pytest.mark.usefixtures("here")
async def test_csv_is_quoted_and_runs_nothing(r: Running) -> None:
    fill(r)
    asked(r, "csv")
    await settle(r)
    ((_name, data),) = sent(r)
    assert data.startswith(b'\xef\xbb\xbf"')
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["ZF-20261120-0000", "ZF-20261120-0001"]
    assert all(line.startswith('"') for line in data.decode("utf-8-sig").splitlines() if "ZF-" in line)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "13812345678" not in data.decode()
    assert "138****5678" in data.decode()


@pytest.mark.usefixtures("here")
async def test_with_a_reason_names_are_in_full_and_the_reading_is_journaled(r: Running) -> None:
    fill(r)
    number = asked(r, "csv", reason="县审计局抽查")
    await settle(r)
    ((_name, data),) = sent(r)
    assert "李大山" in data.decode()
    assert "13812345678" in data.decode()
    with r.store.reading() as session:
        assert "不打码，理由：县审计局抽查" in shown(session, number)
        reads = [one.body or "" for one in journal.lines(session) if one.action == "read"]
        assert any("县审计局抽查" in one for one in reads)


@pytest.mark.usefixtures("here")
async def test_photos_have_names_to_read_and_a_list(r: Running) -> None:
    fill(r)
    asked(r, "photos")
    await settle(r)
    ((name, data),) = sent(r)
    assert name == "照片 2026-11-20 1.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        photo, listed = pack.namelist()
        assert photo == "大桃园村/2026-11-20 ZF-20261120-0000-01.jpg"
        assert pack.read(photo) == drawn(size=(60, 40))
        rows = list(csv.reader(io.StringIO(pack.read(listed).decode("utf-8-sig"))))
    assert listed == "照片清单.csv"
    assert rows[1][:2] == [photo, "ZF-20261120-0000"]


@pytest.mark.usefixtures("here")
async def test_originals_that_may_tell_a_place_need_a_reason(r: Running) -> None:
    fill(r)
    upright = drawn(size=(30, 20))
    with r.store.writing() as session:
        photo = session.exec(select(Photo)).one()
        photo.as_file = True
        number, original = photo.id or 0, photo.sha256
        photos.copied(session, number, photos.PREVIEW, r.files.keep(upright))
    for reason, expected in (("", upright), ("县审计局抽查", drawn(size=(60, 40)))):
        asked(r, "photos", reason=reason)
        await settle(r)
        with zipfile.ZipFile(io.BytesIO(sent(r)[-1][1])) as pack:
            assert pack.read(pack.namelist()[0]) == expected
    r.files.delete(original or "")
    asked(r, "photos", reason="再查一次")
    await settle(r)
    with zipfile.ZipFile(io.BytesIO(sent(r)[-1][1])) as pack:
        assert pack.namelist() == ["照片清单.csv"], "what is missing is on the list"
        assert '"","ZF-20261120-0000"' in pack.read("照片清单.csv").decode()


@pytest.mark.usefixtures("here")
async def test_one_record_is_a_document_with_its_life_and_photos(r: Running) -> None:
    fill(r)
    one = Filter(number="ZF-20261120-0000")
    with r.store.writing() as session:
        report = session.exec(select(Report).where(Report.number == one.number)).one()
        who = r.county.people["赵建国"]
        session.add(
            StepTaken(report_id=report.id or 0, step="x", before="sent", after="withdrawn", by_id=who, at=NOW)
        )
    for reason, head, person in (("", "李*山", "赵*国"), ("县审计局抽查", "李大山", "赵建国")):
        asked(r, "docx", wanted=one, reason=reason)
        await settle(r)
        name, data = sent(r)[-1]
        assert name == "ZF-20261120-0000.docx"
        paper = Document(io.BytesIO(data))
        said = "\n".join(line.text for line in paper.paragraphs)
        assert all(one in said for one in ("走访记录", "屋顶漏雨", "武清区驻村工作管理组"))
        assert ("姓名和号码打码。" in said) is (not reason)
        facts, life, _pictures = paper.tables
        assert ["户主", head] in [[cell.text for cell in row.cells] for row in facts.rows]
        assert [[cell.text for cell in row.cells][1:] for row in life.rows[1:]] == [
            [person, "发送"],
            [person, "已撤回"],
        ]
        assert len(paper.inline_shapes) == 1
    with r.store.reading() as session:
        noted = [one for one in journal.lines(session) if one.action == "reports.export"]
        assert len(noted) == 2


@pytest.mark.usefixtures("here")
async def test_a_document_is_of_one_record_of_the_own_territory(r: Running) -> None:
    fill(r)
    with pytest.raises(Gone):
        asked(r, "docx")
    number = asked(r, "docx", wanted=Filter(number="ZF-20261120-0002"))
    await settle(r)
    assert sent(r) == []
    with r.store.reading() as session:
        assert "没有记录，不用导出。" in shown(session, number)
    assert [str(one) for one in exports.offered(ASKED)] == ["xlsx", "csv", "photos"]
    assert Form.DOCX in exports.offered(Filter(number="ZG-20261120-0001"))
    assert Form.DOCX not in exports.offered(Filter(number="-0001"))


@pytest.mark.usefixtures("here")
async def test_nothing_found_is_no_file(r: Running) -> None:
    number = asked(r, "xlsx")
    await settle(r)
    assert sent(r) == []
    with r.store.reading() as session:
        assert "没有记录，不用导出" in shown(session, number)


@pytest.mark.usefixtures("here")
@pytest.mark.fault("file over what a bot may send")
async def test_a_file_that_is_too_large_is_said_plainly(r: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(r)
    monkeypatch.setattr(export_card, "LARGEST", 1000)
    number = asked(r, "xlsx")
    await settle(r)
    assert sent(r) == []
    with r.store.reading() as session:
        assert "Telegram 只让机器人发 50 MB 以内的文件" in shown(session, number)
        assert "也可以请队长来导出" not in shown(session, number), "there is no console to fetch it from"


@pytest.mark.usefixtures("here")
@pytest.mark.fault("file over what a bot may send")
async def test_what_is_too_large_for_a_chat_waits_on_the_console(
    r: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For those who have a console: members are told to ask for less."""
    fill(r)
    monkeypatch.setattr(export_card, "LARGEST", 1000)
    with r.store.writing() as session:
        bots.remember(session, BOT, "zhucun_bot")
        bots.open_console(session, BOT, "https://bot.example/office")
    number = asked(r, "xlsx")
    await settle(r)
    assert sent(r) == []
    with r.store.reading() as session:
        made = session.get_one(Export, number)
        ((path, file),) = fetching.links(session, made, NOW)
        assert f'<a href="https://bot.example/office{path}">查询结果 2026-11-20.xlsx</a>' in shown(
            session, number
        )
        assert "聊天里发不下，请在控制台下载" in shown(session, number)
    assert len(r.files.read(file.sha)) == file.size > 1000
    with r.store.writing() as session:
        mine = {"village": PLACES[0], "purposes": ["look"], "findings": "屋顶漏雨"}
        add_full(session, "visit", r.county.people["王爱民"], mine, at=NOW, number="ZF-20261120-0009")
    number = asked(r, "xlsx", "王爱民", telegram_id=1002)
    await settle(r)
    with r.store.reading() as session:
        assert session.get_one(Export, number).state is ExportState.TOO_LARGE
        assert "请缩小范围" in shown(session, number)
        assert "也可以请队长来导出" in shown(session, number)


@pytest.mark.usefixtures("here")
@pytest.mark.fault("export cancelled half-way")
async def test_what_is_cancelled_sends_nothing(r: Running) -> None:
    fill(r)
    number = asked(r, "xlsx")
    with r.store.writing() as session:
        exports.cancel(session.get_one(Export, number))
    await settle(r)
    assert sent(r) == []
    with r.store.reading() as session:
        assert session.get_one(Export, number).state == ExportState.CANCELLED
        assert session.exec(select(Errand.state).where(Errand.kind == "export")).one() == ErrandState.DONE


@pytest.mark.fault("export cancelled half-way")
def test_the_writing_stops_when_it_is_told(tmp_path: Path) -> None:
    told = exporting.counter(tmp_path, 10)
    told(3)
    assert export.counted(tmp_path) == (3, 10)
    (tmp_path / export.STOP).touch()
    with pytest.raises(Stopped):
        told(4)
    assert export.counted(tmp_path / "gone") == (0, 0)


@pytest.mark.usefixtures("here")
async def test_run_twice_it_is_sent_once_and_its_files_go(r: Running) -> None:
    fill(r)
    number = asked(r, "csv")
    await settle(r)
    assert await r.run("export", {"export": number}) == ErrandState.DONE
    ((_name, data),) = sent(r)
    with r.store.writing() as session:
        (gone,) = session.exec(select(Errand).where(Errand.kind == "export_gone"))
        gone.due_at = NOW
    await settle(r)
    assert sent(r) == [("查询结果 2026-11-20.csv", data)], "it waits to be sent"
    with r.store.writing() as session:
        gone = session.get_one(Errand, gone.id)
        assert gone.state == ErrandState.WAITING
        gone.due_at = NOW
        session.exec(select(Letter).where(Letter.method == "sendDocument")).one().state = LetterState.SENT
    await settle(r)
    with pytest.raises(FileNotFoundError):
        sent(r)


@pytest.mark.usefixtures("here")
async def test_whoever_has_no_posting_any_more_gets_nothing(r: Running) -> None:
    fill(r)
    asked(r, "xlsx")
    with r.store.writing() as session:
        posting = session.exec(select(Posting).where(Posting.person_id == r.county.people["孙丽"])).one()
        posting.ends_at = NOW - timedelta(minutes=1)
    await settle(r)
    assert sent(r) == []


@pytest.mark.usefixtures("here")
async def test_an_export_that_fails_for_good_says_so(r: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(r, "xlsx")
    monkeypatch.setattr(export, "make", None)
    with r.store.writing() as session:
        session.exec(select(Errand).where(Errand.kind == "export")).one().attempts = 5
    await settle(r)
    with r.store.reading() as session:
        assert "没有导出成功" in shown(session, number)
        assert session.exec(select(Errand.state).where(Errand.kind == "export")).one() == ErrandState.PARKED


def test_rights_and_reasons(r: Running) -> None:
    chat_id = r.chat(1001, "王爱民")
    with r.store.writing() as session:
        wang, sun = r.county.actor(session, "王爱民"), r.county.actor(session, "孙丽")
        made = exports.ask(session, wang, session.get_one(Chat, chat_id), ASKED, NOW)
        assert queries.opened(session, "export.filter", made.uid, made.filter) == ASKED
        with pytest.raises(NotYours):
            exports.find(session, sun, made.id or 0)
        with pytest.raises(Gone):
            exports.find(session, wang, 999)
        refused: list[tuple[Any, ...]] = [
            (wang, "审计", "只给队长"),
            (sun, "", "写明理由"),
            (sun, "审计", "没有等着选文件的导出"),
        ]
        for actor, reason, says in refused:
            with pytest.raises(Refusal) as said:
                exports.give_reason(session, actor, reason, NOW)
            assert says in said.value.sentence
        with pytest.raises(Gone):
            exports.start(session, wang, made, "docx", BOT, NOW)
        exports.start(session, wang, made, Form.CSV, BOT, NOW)
        exports.start(session, wang, made, Form.CSV, BOT, NOW)
        assert len(session.exec(select(Errand.id).where(Errand.kind == "export")).all()) == 1
        second = exports.ask(session, wang, session.get_one(Chat, chat_id), ASKED, NOW)
        with pytest.raises(Refusal) as said:
            exports.start(session, wang, second, Form.CSV, BOT, NOW)
        assert "上一个导出还在做" in said.value.sentence
