"""Tokens of other programs: shown once, kept as a hash, holding for their territory until their end."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from storage import journal, scope, tokens
from storage.people import Role
from storage.refusals import NoToken, Refusal
from storage.tokens import LONGEST, ApiToken
from tests.storage.asking import NOW, PLACES, County
from tests.storage.county import Here

TOWN = "120114001"


@pytest.fixture
def county(here: Here) -> County:
    return here.county


@pytest.fixture
def session(here: Here) -> Session:
    return here.session


def make(session: Session, role: Role = Role.SUPERVISOR, place: str = TOWN, days: int = 30) -> str:
    return tokens.make(session, "大数据局", role, place, days, by=None, now=NOW)


def test_only_a_hash_is_kept_and_the_journal_tells_who_may_what(session: Session, county: County) -> None:
    token = make(session)
    secret = token.partition("_")[2]
    (row,) = session.exec(select(ApiToken)).all()
    assert secret.encode() not in row.token_hash
    assert len(row.token_hash) == 32
    (line,) = journal.history(session, f"token:{row.id}")
    assert (line["action"], line["territory"], line["days"]) == ("token.make", f"region:{TOWN}", 30)
    assert secret not in str(line)


def test_a_token_sees_what_its_role_sees_there_and_nothing_as_a_person(
    session: Session, county: County
) -> None:
    town = tokens.caller(session, make(session), NOW, "zh").actor
    team = tokens.caller(session, make(session, Role.LEADER, "一队"), NOW, "en").actor
    whole = tokens.caller(session, make(session, Role.ADMIN, ""), NOW, "zh").actor
    assert [scope.reaches(town, place) for place in PLACES] == [True, True, False, False]
    assert [scope.reaches(team, place) for place in PLACES] == [True, False, False, False]
    assert all(scope.reaches(whole, place) for place in PLACES)
    assert (team.teams(), team.language, town.person_id) == ((county.teams["一队"],), "en", tokens.PROGRAM)
    assert tokens.PROGRAM not in county.people.values()


def test_it_holds_until_its_end_or_until_it_is_revoked(session: Session, county: County) -> None:
    token, other = make(session, days=1), make(session)
    assert tokens.caller(session, token, NOW + timedelta(days=1, seconds=-1), "zh").label == "大数据局"
    with pytest.raises(NoToken):
        tokens.caller(session, token, NOW + timedelta(days=1), "zh")
    tokens.revoke(session, 2, by=None, now=NOW)
    with pytest.raises(NoToken):
        tokens.caller(session, other, NOW, "zh")
    with pytest.raises(Refusal, match="Refusal"):
        tokens.revoke(session, 2, by=None, now=NOW)
    assert [one.revoked_at for one in tokens.all_of(session)] == [None, NOW]


def test_whatever_is_no_token_is_refused_alike(session: Session, county: County) -> None:
    token, other = make(session), make(session)
    mixed = other.partition("_")[0] + "_" + token.partition("_")[2]
    sentences = set()
    for wrong in (
        "",
        "zct",
        "zct1_",
        token[:-1],
        token + "A",
        token.upper(),
        mixed,
        "zct99" + token[4:],
        "é" * 50,
    ):
        with pytest.raises(NoToken) as refused:
            tokens.caller(session, wrong, NOW, "zh")
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1


@pytest.mark.parametrize(
    ("label", "role", "place", "days", "said"),
    [
        ("", Role.ADMIN, "", 30, "给谁用"),
        ("字" * 41, Role.ADMIN, "", 30, "给谁用"),
        ("局", Role.MEMBER, "一队", 30, "角色"),
        ("局", Role.OFFICER, TOWN, 30, "角色"),
        ("局", Role.SUPERVISOR, "", 30, "区域代码"),
        ("局", Role.SUPERVISOR, "999999", 30, "999999"),
        ("局", Role.LEADER, "九队", 30, "九队"),
        ("局", Role.ADMIN, "", 0, "有效期"),
        ("局", Role.ADMIN, "", LONGEST + 1, "有效期"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    session: Session, county: County, label: str, role: Role, place: str, days: int, said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        tokens.make(session, label, role, place, days, by=None, now=NOW)
    assert said in refused.value.sentence
    assert not tokens.all_of(session)
