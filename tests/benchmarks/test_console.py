"""The benchmark of the console's lists and of answers in chat, small: what is timed is the answer to what was asked."""

import asyncio
import random
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage import queries
from storage.queries import Query
from storage.reading import Filter
from tests.benchmarks import chat_answers, console
from tests.benchmarks.chat_answers import ACCOUNTS, Taken, least, texts, typed
from tests.benchmarks.installation import COUNTY
from tests.benchmarks.searching import fill, made, opened, plain_questions, settled


def test_lists_and_answers_are_made_and_timed(capsys: pytest.CaptureFixture[str]) -> None:
    lists, chat = console.goals(most=400, lists=12, asked=8)
    assert lists.name == "6.console_list_p95_ms_among_0k"
    assert chat.name == "6.chat_answer_p95_ms_among_0k"
    assert 0 < lists.measured < 150_000
    assert 0 < chat.measured < 60_000
    assert "answers in chat" in capsys.readouterr().err


def test_what_is_typed_is_understood_as_it_was_meant(tmp_path: Path) -> None:
    path, county = settled(tmp_path / "data")
    fill(path, made(county, 300))
    store = opened(path)
    chat_answers.settle(store, county)
    asked = texts(store, county, 12)
    taken = asyncio.run(chat_answers._rounds(store, path.parent, asked))
    with store.reading() as session:
        kept = session.exec(select(Query).order_by(col(Query.id).desc()).limit(12)).all()
        understood = [queries.filter_of(session, one) for one in reversed(kept)]
    store.close()
    assert {len(one) for one in taken} == {len(taken[0])}
    assert len(taken[0]) >= 12
    assert all(one.cpu > 0 and one.wall > 0 for some in taken for one in some)
    meant = [one for _who, one in plain_questions(county, random.Random(2), 12)]
    assert [(one.team_id, COUNTY in one.places) for one in understood] == [
        (one.team_id, COUNTY in one.places) for one in meant
    ]
    assert all(set(one.places) <= set(other.places) for one, other in zip(meant, understood, strict=True))
    assert any(one.team_id for one in understood)
    assert any(one.places == (COUNTY,) for one in understood)
    assert [one.words for one in understood] == [text.split()[-1] for _who, text in asked]


def test_a_question_is_typed_with_the_names_of_places(tmp_path: Path) -> None:
    path, county = settled(tmp_path / "data")
    store = opened(path)
    with store.reading() as session:
        assert typed(session, Filter(words="屋顶")) == "查询 屋顶"
        assert typed(session, Filter(words="屋顶", team_id=1)) == "查询 本队 屋顶"
    assert {who for who, _text in texts(store, county, 60)} == set(ACCOUNTS.values())
    store.close()


def test_the_least_of_each_answer_counts() -> None:
    rounds = [[Taken(3, 9), Taken(2, 2)], [Taken(4, 8), Taken(1, 3)]]
    assert list(least(rounds)) == [Taken(3, 8), Taken(1, 2)]
