"""Personal numbers in sentences as members write them: the goals are met, and the table that is told is this one."""

from pathlib import Path

from tests import free_text

BENCHMARKS = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def test_nearly_all_are_found_and_hardly_anything_else() -> None:
    made = free_text.score("measured")
    assert made.sentences == 300
    assert min(made.there[kind] for kind in free_text.KINDS) >= 20
    assert made.recall >= 0.99
    assert made.false <= 0.01, made.wrong


def test_half_of_the_sentences_hold_none() -> None:
    none = [text for text, wanted in free_text.sentences("measured") if not wanted]
    assert sum(any(sign.isdigit() for sign in text) for text in none) >= 140


def test_sentences_written_afterwards_are_found_as_well() -> None:
    made = free_text.score("later")
    assert (made.sentences, made.recall) == (50, 1.0)
    assert len(made.wrong) <= 1


def test_numbers_as_nobody_should_write_them_are_found_as_well() -> None:
    made = free_text.score("awkward")
    assert made.sentences >= 100
    assert made.recall >= 0.99
    assert made.false <= 0.01, made.wrong
    afterwards = free_text.score("awkward_later")
    assert afterwards.recall >= 0.99
    assert len(afterwards.wrong) <= 1


def test_of_all_sets_together_the_goals_are_met() -> None:
    scores = [free_text.score(name) for name in free_text.SETS]
    hit = sum(made.hit.total() for made in scores)
    assert hit >= 0.99 * sum(made.there.total() for made in scores)
    assert sum(len(made.wrong) for made in scores) <= 0.01 * hit


def test_no_two_sentences_are_alike() -> None:
    texts = [text for name in free_text.SETS for text, _wanted in free_text.sentences(name)]
    assert len(set(texts)) == len(texts)


def test_the_documents_tell_what_is_measured() -> None:
    told = BENCHMARKS.read_text(encoding="utf-8").splitlines()
    assert [line for line in free_text.table() if line not in told] == []
