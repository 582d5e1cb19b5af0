"""Pages of reports: the right ones, newest first, each once, and never outside the asker's territory."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage import reading, search, search_stretches
from storage.identity import Actor
from storage.reading import UNFINISHED, Cursor, Filter
from storage.report import Report, ReportState
from tests import databases
from tests.storage.asking import NOW, PLACES, County, add_report, new_store, settle

pytestmark = pytest.mark.both_databases

WORDS = ("屋顶漏雨", "慢病买药", "道路积水", "屋顶已修", "")
KINDS = ("visit", "photo", "hardship")
Written = dict[int, str]


@pytest.fixture(scope="module")
def world(
    database: databases.Kind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Session, County, Written]]:
    """150 reports of everybody, three of them in each second. PostgreSQL's index is asked behind the first seven."""
    store = new_store(str(tmp_path_factory.mktemp(database) / "z.db"))
    with store.writing() as session:
        county = settle(session)
        chance = random.Random(7)
        texts = {}
        for number in range(150):
            text = " ".join(chance.sample(WORDS, 2))
            report = add_report(
                session,
                chance.choice(list(county.people.values())),
                chance.choice(PLACES),
                text=text,
                team=chance.choice([None, *county.teams.values()]),
                kind=chance.choice(KINDS),
                state=chance.choice(list(ReportState)),
                at=NOW - timedelta(days=number // 3 % 50),
                number=f"ZF-20261120-{number:04d}",
                due_at=chance.choice([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
            )
            texts[report.id or 0] = text
    with store.reading() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_stretches, "NEAR", 7)
        yield session, county, texts
    store.close()


def may_see(actor: Actor, report: Report) -> bool:
    return (
        report.author_id == actor.person_id
        or report.team_id in actor.teams()
        or any(report.village.startswith(code) for code in actor.regions())
    )


def fits(report: Report, asked: Filter, text: str) -> bool:
    return (
        (not asked.kind or report.kind == asked.kind)
        and (not asked.places or any(report.village.startswith(code) for code in asked.places))
        and (not asked.team_id or report.team_id == asked.team_id)
        and (not asked.authors or report.author_id in asked.authors)
        and (asked.since is None or report.sent_at >= asked.since)
        and (asked.until is None or report.sent_at < asked.until)
        and (not asked.states or report.state in asked.states)
        and (not asked.due_before or (report.due_at is not None and report.due_at < asked.due_before))
        and report.number.endswith(asked.number)
        and all(any(piece in run for run in search.pieces(text)) for piece in search.pieces(asked.words))
    )


def scan(world: tuple[Session, County, Written], actor: Actor, asked: Filter) -> list[int]:
    """The same by looking at every report."""
    session, _, texts = world
    everything = reading.page(session, None, Filter(), limit=1000, everything=True).rows
    found = [r.id or 0 for r in everything if may_see(actor, r) and fits(r, asked, texts[r.id or 0])]
    return found[::-1] if asked.oldest else found


days = st.integers(0, 55).map(lambda n: NOW - timedelta(days=n))
filters = st.builds(
    Filter,
    kind=st.sampled_from(["", *KINDS]),
    places=st.sampled_from([(), (PLACES[0],), ("120114001",), (PLACES[1], PLACES[2]), ("120115",)]),
    team_id=st.sampled_from([None, 1, 2]),
    authors=st.sampled_from([(), (), (1,), (1, 3)]),
    since=st.none() | days,
    until=st.none() | days,
    states=st.sampled_from([(), (ReportState.WITHDRAWN,), UNFINISHED, reading.LIVE]),
    words=st.sampled_from(["", "屋顶", "漏", "屋顶 药", "漏雨", "积水", "没有的"]),
    due_before=st.sampled_from([None, NOW]),
    number=st.sampled_from(["", "", "-0042", "-9999"]),
    oldest=st.booleans(),
)
people = st.sampled_from(["王爱民", "李明", "赵建国", "孙丽", "周正", "吴敏"])


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=filters, name=people, limit=st.integers(1, 9))
def test_pages_are_what_a_scan_finds(
    world: tuple[Session, County, Written], asked: Filter, name: str, limit: int
) -> None:
    session, county, _ = world
    actor = county.actor(session, name)
    expected = scan(world, actor, asked)
    assert [r.id for page in forwards(session, actor, asked, limit) for r in page.rows] == expected
    assert reading.count_upto(session, actor, asked) == len(expected)
    assert reading.count_upto(session, actor, asked, 5) == min(5, len(expected))


def forwards(session: Session, actor: Actor, asked: Filter, limit: int) -> Iterator[reading.Page]:
    after: Cursor | None = None
    while True:
        page = reading.page(session, actor, asked, after, limit)
        yield page
        if page.next is None:
            return
        after = page.next


@pytest.mark.parametrize(
    "asked", [Filter(), Filter(words="屋"), Filter(states=UNFINISHED), Filter(oldest=True)]
)
def test_back_leads_over_the_same_pages(world: tuple[Session, County, Written], asked: Filter) -> None:
    session, county, _ = world
    for name in ("孙丽", "周正"):
        actor = county.actor(session, name)
        pages = list(forwards(session, actor, asked, 4))
        assert len(pages) > 2
        assert pages[0].back is None
        walked, place = [pages[-1].rows], pages[-1].back
        while place is not None:
            page = reading.page(session, actor, asked, place, 4, back=True)
            walked.insert(0, page.rows)
            place = page.back
        assert walked == [page.rows for page in pages]


def test_a_page_beyond_the_end_is_empty(world: tuple[Session, County, Written]) -> None:
    session, county, _ = world
    page = reading.page(
        session, county.actor(session, "周正"), Filter(), Cursor(NOW - timedelta(days=999), 1)
    )
    assert page == reading.Page([])


def test_nobody_reads_without_a_territory(world: tuple[Session, County, Written]) -> None:
    session, _, _ = world
    with pytest.raises(ValueError, match="territory"):
        reading.page(session, None, Filter())
    with pytest.raises(ValueError, match="territory"):
        reading.count_upto(session, None, Filter())
    assert reading.count_upto(session, None, Filter(), everything=True) == 150


def test_somebody_whose_posting_ended_is_nobody(world: tuple[Session, County, Written]) -> None:
    session, county, _ = world
    with pytest.raises(AssertionError):
        county.actor(session, "郑强")


def test_a_number_opens_inside_the_territory_only(world: tuple[Session, County, Written]) -> None:
    session, county, _ = world
    end = reading.number_end("zf", "20261120", "42")
    assert end == "ZF-20261120-0042"
    assert reading.number_end("", "", "42") == "-0042"
    everybody = county.actor(session, "周正")
    found = reading.by_number(session, everybody, end)
    assert found is not None
    assert found.number == "ZF-20261120-0042"
    assert reading.by_number(session, everybody, "-20261120-0042") == found
    assert reading.by_number(session, everybody, "%") is None
    for name in ("王爱民", "李明", "赵建国", "吴敏"):
        actor = county.actor(session, name)
        assert (reading.by_number(session, actor, end) == found) is may_see(actor, found)


def test_an_empty_filter_of_places_asks_for_everywhere(world: tuple[Session, County, Written]) -> None:
    session, county, _ = world
    actor = county.actor(session, "周正")
    everywhere = reading.count_upto(session, actor, Filter())
    assert everywhere == 150
    assert reading.count_upto(session, actor, replace(Filter(), places=("99",))) == 0
