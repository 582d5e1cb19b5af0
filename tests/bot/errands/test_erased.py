"""Behind an erasure: files that nothing refers to are deleted, and words leave the search index."""

from sqlmodel import select

from storage import erasing
from storage.errands import ErrandState
from storage.report import Report
from tests.bot.errands.running import Running
from tests.storage.asking import NOW, PLACES, add_full, add_photo


async def test_only_files_that_nothing_refers_to_are_deleted(r: Running) -> None:
    gone, kept = r.files.keep(b"gone"), r.files.keep(b"kept")
    with r.store.writing() as session:
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "x"}
        report = add_full(session, "visit", r.county.people["王爱民"], answers)
        add_photo(session, report).sha256 = kept
    for _time in range(2):
        state = await r.run("erased_files", {"files": [gone, kept, "f" * 64]})
        assert state is ErrandState.DONE
        assert list(r.files.listing()) == [kept]


async def test_the_index_is_put_together_anew(r: Running) -> None:
    with r.store.writing() as session:
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "鑫堃赟家"}
        report = add_full(session, "visit", r.county.people["王爱民"], answers)
        erasing.reports(session, [report.id or 0], "保存期满", NOW)
    assert await r.run("erased_words", {}) is ErrandState.DONE
    with r.store.reading() as session:
        assert session.exec(select(Report)).one().erased_at == NOW
