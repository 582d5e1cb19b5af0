"""Hooks: what of the journal's chain is told to whom, once each, from the moment they were added."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage import errands, hooks, journal
from storage.errands import Errand, ErrandState
from storage.hooks import MOST, PATIENCE, Hook
from storage.refusals import Refusal
from storage.report import Report
from tests.storage.asking import NOW, PLACES, add_report
from tests.storage.county import Here

ADDRESS = "https://data.example.gov.cn/zhucun?key=k1"
TOWN = "120114001"


def add(here: Here, *kinds: str, team: str = "", region: str = TOWN, address: str = ADDRESS) -> Hook:
    given = (here.session, "大数据局", address, kinds, team, region)
    return hooks.add(*given, private=False, by=None, now=NOW)[0]


def happens(here: Here, number: str, action: str = "visit.send", village: str = PLACES[0]) -> Report:
    """A report with a line of the journal in its chain."""
    report = here.session.exec(select(Report).where(Report.number == number)).first()
    kind = action.partition(".")[0]
    author = here.person("孙丽" if village == PLACES[0] else "赵建国")
    team = here.county.teams["二队"] if village == PLACES[2] else None
    report = report or add_report(here.session, author, village, team=team, number=number, kind=kind)
    here.session.flush()
    journal.write(here.session, None, action, f"report:{number}", NOW)
    journal.seal(here.session)
    return report


def told(here: Here, hook: Hook) -> list[tuple[str, str, str]]:
    found, _upto = hooks.events(here.session, hook, 50)
    return [(one.what, one.step, one.report.number) for one in found]


def waiting(here: Here) -> list[str | None]:
    found = select(Errand).where(Errand.kind == hooks.ERRAND, Errand.state == ErrandState.WAITING)
    return [one.key for one in here.session.exec(found)]


def test_only_what_happens_later_in_its_territory_and_of_its_kinds_is_told(here: Here) -> None:
    happens(here, "ZF-0")
    town, cases = add(here), add(here, "rectification", "hardship")
    team, whole = add(here, team="二队", region=""), add(here, region="")
    happens(here, "ZF-1")
    happens(here, "ZF-1", "visit.correct")
    happens(here, "ZF-2", village=PLACES[2])
    happens(here, "ZG-1", "rectification.send")
    happens(here, "ZG-1", "rectification.accept")
    journal.read(here.session, None, "household.head", "report:ZF-1", "open", NOW)
    journal.write(here.session, None, "erase", "report:ZF-1", NOW)
    journal.seal(here.session)
    mended = [("report.sent", "send", "ZG-1"), ("report.step", "accept", "ZG-1")]
    visit = [("report.sent", "send", "ZF-1"), ("report.corrected", "correct", "ZF-1")]
    assert told(here, town) == [*visit, *mended]
    assert told(here, cases) == mended
    assert told(here, team) == [("report.sent", "send", "ZF-2")]
    assert told(here, whole) == [*visit, ("report.sent", "send", "ZF-2"), *mended]


def test_a_line_that_is_not_chained_yet_waits_for_its_place(here: Here) -> None:
    hook = add(here)
    happens(here, "ZF-1")
    journal.write(here.session, None, "visit.withdraw", "report:ZF-1", NOW)
    assert len(told(here, hook)) == 1
    journal.seal(here.session)
    assert told(here, hook)[1][0] == "report.withdrawn"


def test_one_errand_at_a_time_and_none_where_nothing_waits(here: Here) -> None:
    hook, quiet = add(here), add(here, region="120114101")
    assert hooks.wake(here.session, NOW) == 0
    happens(here, "ZF-1")
    assert (hooks.wake(here.session, NOW), hooks.wake(here.session, NOW)) == (1, 0)
    happens(here, "ZF-2")
    hooks.told(here.session, hook.id or 0, hook.cursor + 1, "report:ZF-1", NOW)
    assert hooks.wake(here.session, NOW) == 0, "the first one is still under way"
    (errand,) = here.session.exec(select(Errand).where(Errand.kind == hooks.ERRAND))
    assert errand.bot == errands.ANY
    errands.done(here.session, errand.id or 0)
    assert hooks.wake(here.session, NOW) == 1
    assert len(set(waiting(here))) == 1
    assert quiet.cursor == hooks.head(here.session), "what is of no use to it is passed by"


def test_it_waits_longer_and_longer_and_is_stopped_after_days(here: Here) -> None:
    hook = add(here)
    moments = [NOW + timedelta(hours=hours) for hours in (0, 1, 2, 30, 71)]
    waits = [hooks.failed(here.session, hook.id or 0, "503", at) for at in moments]
    assert [wait and wait.total_seconds() for wait in waits] == [2, 4, 8, 16, 32]
    assert hooks.failed(here.session, hook.id or 0, "503", NOW + PATIENCE) is None
    happens(here, "ZF-1")
    assert hooks.wake(here.session, NOW) == 0
    assert here.journaled(f"hook:{hook.id}") == ["hook.add", "hook.stop"]
    hooks.resume(here.session, hook.id or 0, by=None, now=NOW)
    assert (hook.failures, hook.failing_since, hooks.wake(here.session, NOW)) == (0, None, 1)
    assert told(here, hook) == [("report.sent", "send", "ZF-1")], "what happened meanwhile is told"


def test_an_answer_ends_the_counting_and_one_that_is_gone_is_stopped_at_once(here: Here) -> None:
    hook = add(here)
    hooks.failed(here.session, hook.id or 0, "TimeoutError", NOW)
    happens(here, "ZF-1")
    hooks.told(here.session, hook.id or 0, 1, "report:ZF-1", NOW)
    assert (hook.failures, hook.failing_since, hook.error) == (0, None, None)
    assert hooks.failed(here.session, hook.id or 0, "410", NOW, gone=True) is None
    hooks.end(here.session, hook.id or 0, by=None, now=NOW)
    with pytest.raises(Refusal):
        hooks.resume(here.session, hook.id or 0, by=None, now=NOW)


def test_address_and_secret_are_sealed_and_never_journaled(here: Here) -> None:
    hook, secret = hooks.add(here.session, "局", ADDRESS, [], "", "", private=False, by=None, now=NOW)
    assert hooks.opened(here.session, hook) == (ADDRESS, secret)
    rows = str([one.model_dump() for one in here.session.exec(select(Hook))])
    lines = str([one.body for one in journal.lines(here.session)])
    assert not [one for one in (secret, "k1", "data.example") if one in rows or one in lines]


@pytest.mark.parametrize(
    "address",
    ["http://data.example.gov.cn/", "ftp://x/", "https://", "https://a:99999/", "data", "https://[::1"],
)
def test_an_address_that_nothing_can_be_sent_to_is_refused(here: Here, address: str) -> None:
    with pytest.raises(Refusal):
        add(here, address=address)


def test_unknown_kinds_places_and_too_many_are_refused(here: Here) -> None:
    for wrong in ({"region": "999999"}, {"team": "九队"}):
        with pytest.raises(Refusal):
            add(here, **wrong)
    with pytest.raises(Refusal):
        add(here, "nonsense")
    for _each in range(MOST):
        add(here)
    with pytest.raises(Refusal):
        add(here)
