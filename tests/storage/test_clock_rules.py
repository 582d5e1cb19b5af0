"""The county's lengths: which rule holds where and when, and what may be set."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from storage import clock_rules, contact_due, handovers
from storage.clock_rules import DEFAULTS, EXAMPLES, NAMES, ClockRule, Rules, Set
from storage.clocks import Rule, Unit
from storage.kinds import KINDS
from storage.kinds.referring import REFERRING
from storage.refusals import Refusal
from tests.storage.asking import NOW, new_store

TODAY = date(2026, 11, 20)
VILLAGE = "120114001001"


@pytest.fixture
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    store = new_store(str(tmp_path_factory.mktemp("rules") / "r.db"))
    with store.session(store.write) as session, session.begin():
        yield session
    store.close()


def put(
    session: Session, region: str, clock: str, length: int | None, since: date = TODAY, **more: object
) -> None:
    clock_rules.put(session, region, Set(clock, length, **more), since, TODAY, NOW)  # type: ignore[arg-type] # as given


def length(session: Session, day: date = TODAY, region: str = VILLAGE, clock: str = "verify") -> int:
    return Rules(session).of(clock, region, day).length


def test_without_a_rule_the_default_holds(session: Session) -> None:
    assert Rules(session).of("verify", VILLAGE, TODAY) == DEFAULTS["verify"]
    assert Rules(session).row("verify", VILLAGE, TODAY) is None


def test_a_rule_holds_from_its_day_and_older_days_keep_theirs(session: Session) -> None:
    put(session, "120114", "verify", 10)
    put(session, "120114", "verify", 20, date(2027, 1, 1))
    assert length(session, date(2026, 11, 19)) == 5
    assert length(session, date(2026, 12, 31)) == 10
    assert length(session, date(2027, 1, 1)) == 20


def test_the_smaller_region_goes_first_even_when_its_rule_is_older(session: Session) -> None:
    put(session, "120114001", "verify", 3)
    put(session, "120114", "verify", 10)
    put(session, "", "verify", 30)
    assert length(session) == 3
    assert length(session, region="120114101001") == 10
    assert length(session, region="421281001201") == 30


def test_the_last_said_on_one_day_holds(session: Session) -> None:
    put(session, "120114", "verify", 10)
    put(session, "120114", "verify", 12)
    assert length(session) == 12
    assert len(session.exec(select(ClockRule)).all()) == 2, "nothing is overwritten"


def test_what_is_not_said_stays(session: Session) -> None:
    put(session, "120114", "verify", 48, unit=Unit.HOUR, basis="楚雄办法")
    put(session, "120114", "verify", None, delays=(1, 2, None))
    assert Rules(session).of("verify", VILLAGE, TODAY) == Rule(48, Unit.HOUR, (1, 2, 5))


@pytest.mark.parametrize(
    ("wanted", "since", "sentence"),
    [
        (Set("party", 5), TODAY, "没有“party”这种时限，可选：verify"),
        (Set("verify", 0), TODAY, "时限要是 1 到 1000 的整数"),
        (Set("verify", 5, delays=(None, None, 1001)), TODAY, "时限要是 1 到 1000 的整数"),
        (Set("verify", 5, delays=(9, None, None)), TODAY, "上报要一级比一级晚"),
        (Set("verify", 5), date(2026, 11, 19), "生效日期不能早于今天"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, wanted: Set, since: date, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        clock_rules.put(session, "120114", wanted, since, TODAY, NOW)
    assert sentence in refused.value.sentence
    assert session.exec(select(ClockRule)).all() == []


def test_every_clock_of_every_life_and_beside_one_has_a_name_and_a_length() -> None:
    lives = [kind.life for kind in KINDS.values() if kind.life is not None]
    known = {name for life in lives for clock in life.clocks for name in (clock.name, clock.after) if name}
    beside = {contact_due.WATCHED, contact_due.OUT, contact_due.OTHER, REFERRING, handovers.CLOCK}
    assert known | beside == set(DEFAULTS) == set(NAMES)
    assert not known & beside


def test_the_examples_are_rules_that_may_be_set(session: Session) -> None:
    assert len(EXAMPLES) >= 10
    for one in EXAMPLES:
        put(session, "120114", one.clock, one.rule.length, unit=one.rule.unit)
        assert Rules(session).of(one.clock, VILLAGE, TODAY).length == one.rule.length
    assert {(one.place, one.rule.words) for one in EXAMPLES} >= {
        ("安徽", "20 个工作日"), ("甘肃", "15 个工作日"), ("楚雄", "48 小时"), ("商洛", "60 个工作日"),
    }  # fmt: skip


def test_the_clock_of_the_rules_is_utc(session: Session) -> None:
    put(session, "", "verify", 6)
    assert session.exec(select(ClockRule)).one().at == datetime(2026, 11, 20, 4, tzinfo=UTC)
