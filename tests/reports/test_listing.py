"""The answer to a query as text: what was understood, lines of reports, heads masked where they must be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from reports import listing
from storage import household_list, journal, queries
from storage.reading import LIVE, UNFINISHED, Filter
from storage.report import Report, ReportState
from storage.texts import speaking
from storage.understanding import LATE
from tests.storage.asking import NOW, PLACES, County, add_full, add_report, new_store, settle


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    store = new_store(str(tmp_path_factory.mktemp("listing") / "z.db"))
    with store.writing() as session:
        yield session, settle(session)
    store.close()


def answer(
    world: tuple[Session, County], name: str, asked: Filter, rows: list[Report], count: int = 1
) -> str:
    session, county = world
    actor = county.actor(session, name)
    query = queries.keep(session, actor, asked, NOW)
    return listing.answer(session, actor, query, asked, rows, count, NOW)


def visit(world: tuple[Session, County], words: str = "屋顶漏雨") -> Report:
    session, county = world
    home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
    answers = {"village": PLACES[0], "household": home.id, "purposes": ["look"], "findings": words}
    return add_full(session, "visit", county.people["王爱民"], answers, number="ZF-20261120-0042")


def test_a_line_tells_when_what_where_whose_and_the_first_words(world: tuple[Session, County]) -> None:
    text = answer(world, "王爱民", Filter(states=LIVE), [visit(world)])
    assert "11-20 · 走访 · 大桃园村 · 李大山 · 王爱民" in text
    assert "<code>ZF-20261120-0042</code> 屋顶漏雨" in text
    assert "共 1 份" in text


def test_heads_are_masked_outside_the_own_villages_and_readings_are_journaled(
    world: tuple[Session, County],
) -> None:
    session, county = world
    report = visit(world)
    text = answer(world, "孙丽", Filter(), [report])
    assert "李*山" in text
    assert "李大山" not in text
    assert not readings(session)
    answer(world, "王爱民", Filter(), [report, report])
    assert readings(session) == [(county.people["王爱民"], "list")], "one reading for the whole screen"


def readings(session: Session) -> list[tuple[int, str]]:
    lines = [line for number in range(1, 9) for line in journal.history(session, f"query:{number}")]
    return [(line["actor"], line["reason"]) for line in lines if line["action"] == "read"]


def test_personal_numbers_and_markup_do_not_get_into_a_list(world: tuple[Session, County]) -> None:
    text = answer(world, "王爱民", Filter(words="<b>"), [visit(world, "<i>13812345678</i> 漏雨\n急")])
    assert "13812345678" not in text
    assert "&lt;i&gt;***&lt;/i&gt; 漏雨 急" in text
    assert "&lt;b&gt;" in text


def test_only_unusual_states_are_said(world: tuple[Session, County]) -> None:
    session, county = world
    wang = county.people["王爱民"]
    withdrawn = add_report(session, wang, state=ReportState.WITHDRAWN)
    returned = add_report(session, wang, returned=True)
    text = answer(world, "王爱民", Filter(), [visit(world), withdrawn, returned])
    assert "[已撤回]" in text
    assert "[退回待改]" in text
    assert "已发送" not in text


def test_nothing_found_says_what_to_do(world: tuple[Session, County]) -> None:
    text = answer(world, "王爱民", Filter(words="没有"), [], 0)
    assert "没有找到" in text
    assert "放宽" in text
    assert "1000 份以上" in answer(world, "王爱民", Filter(), [visit(world)], listing.MOST)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Filter(kind="visit", states=LIVE), "走访"),
        (Filter(kind="lost"), "lost"),
        (Filter(places=(PLACES[0], "120114101")), "大桃园村、梅厂镇"),
        (Filter(states=UNFINISHED), "未办结"),
        (Filter(states=LATE, due_before=NOW), "超期"),
        (Filter(states=(ReportState.WITHDRAWN,)), "已撤回"),
        (Filter(words="屋顶 漏雨", number=""), "“屋顶 漏雨”"),
        (Filter(number="-0042", states=LIVE), "-0042"),
        (Filter(), ""),
    ],
)
def test_what_was_understood_is_said(world: tuple[Session, County], asked: Filter, expected: str) -> None:
    assert listing.describe(world[0], asked) == expected


def test_who_is_asked_for(world: tuple[Session, County]) -> None:
    session, county = world
    asked = Filter(team_id=county.teams["一队"], authors=(county.people["李明"],))
    assert listing.who_label(session, asked) == "一队、李明"


def test_periods_are_days_of_the_countys_zone(world: tuple[Session, County]) -> None:
    session, _ = world
    midnight = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    october = Filter(since=midnight, until=midnight + timedelta(days=31))
    assert listing.period_label(session, october) == "2026-10-01 – 10-31"
    assert (
        listing.period_label(session, Filter(since=midnight, until=midnight + timedelta(days=1)))
        == "2026-10-01"
    )
    assert listing.period_label(session, Filter(since=midnight)) == "2026-10-01 – "
    longer = Filter(since=midnight, until=midnight + timedelta(days=180))
    assert listing.period_label(session, longer) == "2026-10-01 – 2027-03-29"


def test_a_page_fits_a_message_in_any_language(world: tuple[Session, County]) -> None:
    report = visit(world, "漏" * 1000)
    for language in ("zh", "en"):
        with speaking(language):
            assert len(answer(world, "王爱民", Filter(words="漏"), [report] * 8, 8)) < 4096
