"""Saved queries: whose they are, what they are called, and when their answer is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from storage import erasing, narrowing, saved
from storage.calendar import Extra
from storage.county import Rhythm
from storage.reading import LIVE, Filter
from storage.refusals import Gone, NotYours, Refusal
from tests.storage.asking import NOW, County, new_store, settle

ASKED = Filter(words="屋顶 张三", states=LIVE, period="上周")
MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
"""08:30 in the county, of the Monday after."""


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    store = new_store(str(tmp_path_factory.mktemp("saved") / "z.db"))
    with store.writing() as session:
        yield session, settle(session)
    store.close()


def test_what_is_kept_is_found_again_sealed_and_ones_own(world: tuple[Session, County]) -> None:
    session, county = world
    wang, li = county.actor(session, "王爱民"), county.actor(session, "李明")
    one = saved.keep(session, wang, ASKED, "张三漏雨", NOW)
    assert (saved.name_of(session, one), saved.filter_of(session, one)) == ("张三漏雨", ASKED)
    assert "张三".encode() not in one.name + one.filter
    assert saved.of_person(session, wang) == [one]
    assert saved.of_person(session, li) == []
    with pytest.raises(NotYours):
        saved.find(session, li, one.id or 0)
    with pytest.raises(Gone):
        saved.find(session, wang, 999)


def test_there_are_twenty_at_most(world: tuple[Session, County]) -> None:
    session, county = world
    wang = county.actor(session, "王爱民")
    for number in range(saved.MOST):
        saved.keep(session, wang, ASKED, f"第{number}个", NOW)
    with pytest.raises(Refusal) as refused:
        saved.keep(session, wang, ASKED, "再来一个", NOW)
    assert "最多 20 个" in refused.value.sentence


def test_the_one_used_last_gets_the_new_name(world: tuple[Session, County]) -> None:
    session, county = world
    wang = county.actor(session, "王爱民")
    with pytest.raises(Refusal) as refused:
        saved.rename(session, wang, "漏雨户")
    assert "还没有常用查询" in refused.value.sentence
    first = saved.keep(session, wang, ASKED, "一", NOW)
    saved.keep(session, wang, ASKED, "二", NOW)
    first.used_at = NOW + timedelta(minutes=1)
    assert saved.name_of(session, saved.rename(session, wang, " 漏雨户 ")) == "漏雨户"
    assert [saved.name_of(session, one) for one in saved.of_person(session, wang)] == ["漏雨户", "二"]
    for name in ("", "李" * 41):
        with pytest.raises(Refusal):
            saved.rename(session, wang, name)


def test_it_is_asked_anew_as_of_the_day(world: tuple[Session, County]) -> None:
    session, _county = world
    asked = narrowing.again(session, ASKED, NOW)
    assert asked.since == datetime(2026, 11, 8, 16, 0, tzinfo=UTC)
    later = narrowing.again(session, asked, NOW + timedelta(days=7))
    assert later.since == datetime(2026, 11, 15, 16, 0, tzinfo=UTC)
    late = narrowing.again(session, Filter(due_before=NOW), NOW + timedelta(days=1))
    assert late.due_before == NOW + timedelta(days=1)
    fixed = Filter(since=NOW, words="雨")
    assert narrowing.again(session, fixed, NOW + timedelta(days=9)) == fixed


def told(session: Session, now: datetime, **rhythm: object) -> list[str]:
    found = saved.due(session, Rhythm(zone=ZoneInfo("Asia/Shanghai"), **rhythm), now)  # type: ignore[arg-type] # as given
    return [one.tell for one, _day in found]


def test_mondays_and_working_days_at_half_past_eight(world: tuple[Session, County]) -> None:
    session, county = world
    for cadence in saved.CADENCES:
        kept = saved.keep(session, county.actor(session, "王爱民"), ASKED, cadence, NOW)
        saved.tell(kept, cadence, NOW)
        with pytest.raises(Gone):
            saved.tell(kept, "hourly", NOW)
    session.flush()
    assert told(session, MONDAY - timedelta(seconds=1)) == []
    assert told(session, MONDAY) == ["monday", "workday"]
    assert told(session, MONDAY + timedelta(hours=11)) == ["monday", "workday"], "a late start still tells"
    assert told(session, MONDAY + timedelta(hours=13)) == []
    assert told(session, MONDAY + timedelta(days=1)) == ["workday"]
    assert told(session, MONDAY - timedelta(days=1)) == [], "a Sunday"
    assert told(session, MONDAY, extra=Extra(off=frozenset({MONDAY.date()}))) == ["monday"]
    for one in saved.of_person(session, county.actor(session, "王爱民")):
        one.told_at = MONDAY
    session.flush()
    assert told(session, MONDAY + timedelta(minutes=1)) == []


def test_they_go_with_the_person(world: tuple[Session, County]) -> None:
    session, county = world
    gone = county.people["郑强"]
    actor = county.actor(session, "王爱民")
    saved.keep(session, actor, ASKED, "他的", NOW).person_id = gone
    saved.keep(session, actor, ASKED, "我的", NOW)
    erasing.person(session, gone, "申请", NOW)
    assert [saved.name_of(session, one) for one in saved.of_person(session, actor)] == ["我的"]
    assert session.get(saved.SavedQuery, 1) is None
