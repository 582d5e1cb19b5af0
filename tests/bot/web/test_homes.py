"""The households whose contact was due, opened from the figures of the first page."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import household_list
from storage.contact_cards import ContactCard
from tests.bot.web.signed import Office, office
from tests.storage.asking import NOW, PLACES, add_full

TOWN, PEOPLE = PLACES[0][:9], {"王爱民": PLACES[0], "赵建国": PLACES[2]}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    """王爱民 has 32 households that were due, of which one was seen, 赵建国 in the other town two."""
    async with office(tmp_path) as made:
        with made.store.writing() as session:
            for name, count in (("王爱民", 32), ("赵建国", 2)):
                person, at = made.county.people[name], NOW - timedelta(days=120)
                for number in range(count):
                    home = household_list.add(
                        session, PEOPLE[name], f"李大{chr(0x5C71 + number)}", by=None, now=at
                    )
                    session.add(
                        ContactCard(
                            household_id=home.id or 0, person_id=person, offered_by=person, offered_at=at,
                            accepted_at=at,
                        )
                    )  # fmt: skip
            answers = {"village": PLACES[0], "household": 1, "purposes": ["look"], "findings": "平安"}
            add_full(session, "visit", made.county.people["王爱民"], answers, team=made.county.teams["一队"],
                     at=NOW - timedelta(days=1))  # fmt: skip
        yield made


def rows(page: str) -> int:
    return page.count('data-head="户"')


async def test_the_figure_opens_as_many_households_as_it_says(here: Office) -> None:
    for who, scope, due, seen in (
        ("周正", "120114", 34, 1), ("孙丽", TOWN, 32, 1), ("李明", "team:1", 32, 1),
    ):  # fmt: skip
        browser = here.signed_in(who)
        page = (await browser.get(f"/?scope={scope}"))[1]
        ((link, said),) = re.findall(rf'href="/office(/weeks/{scope}/due)">应联系 (\d+) 户', page)
        status, listed = await browser.get(link)
        assert (status, said, f"共 {due} 户，还没有联系 {due - seen} 户" in listed) == (200, str(due), True)
        assert "2026-W47 应联系户数" in listed
        assert rows(listed) == 30
        rest = (await browser.get(f"{link}?week=2026-W47&page=1"))[1]
        assert (rows(rest), rest.count("已联系</span>")) == (due - 30, seen), who


async def test_each_part_opens_its_own(here: Office) -> None:
    page = (await here.signed_in("周正").get("/?scope=120114"))[1]
    found = dict(re.findall(r'href="/office(/weeks/\d+/due)">(\d+/\d+)</a>', page))
    assert found == {f"/weeks/{TOWN}/due": "1/32", f"/weeks/{PLACES[2][:9]}/due": "0/2"}
    teams = (await here.signed_in("孙丽").get("/"))[1]
    assert 'href="/office/weeks/team:1/due">1/32</a>' in teams


async def test_heads_are_masked_and_turned_by_links(here: Office) -> None:
    browser = here.signed_in("孙丽")
    page = (await browser.get(f"/weeks/{TOWN}/due"))[1]
    assert re.findall(r"李大.", page) == []
    assert page.count("李*") == 30
    assert "王爱民" in page
    assert f'/office/weeks/{TOWN}/due?week=2026-W47&amp;page=1" rel="next"' in page
    assert "上一页" not in page
    assert "已过期" in page


async def test_nobody_opens_those_of_others(here: Office) -> None:
    assert (await here.signed_in("孙丽").get("/weeks/120114/due"))[0] == 403
    assert (await here.signed_in("孙丽").get(f"/weeks/{PLACES[2][:9]}/due"))[0] == 403
    assert (await here.signed_in("李明").get("/weeks/team:2/due"))[0] == 403
    assert (await here.signed_in("李明").get(f"/weeks/{TOWN}/due"))[0] == 403
    assert (await here.anybody.get(f"/weeks/{TOWN}/due"))[0] == 401
    for odd in ("?week=2026-W99", "?page=x", "?page=12345"):
        assert (await here.signed_in("孙丽").get(f"/weeks/{TOWN}/due{odd}"))[0] == 404
    status, text = await here.signed_in("孙丽").get(f"/weeks/{TOWN}/due?page=7")
    assert (status, "这一周没有应联系的户" in text) == (200, True)
