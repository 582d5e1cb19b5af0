"""`zhucun settings`: a region's hours, checked before they are kept."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import settings_region
from bot.settings import open_store
from storage import county
from tests import weeks


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ZHUCUN_CLOCK_URL", raising=False)
    store = open_store()
    with store.writing() as session:
        weeks.settle(session, towns=1, villages=1)
    store.close()
    return Run()


class Run:
    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(settings_region.app, list(arguments))

    def rhythm(self, region: str) -> county.Rhythm:
        store = open_store()
        with store.reading() as session:
            found = county.rhythm(session, region)
        store.close()
        return found


def test_everything_at_once(run: Run) -> None:
    done = run(
        "region", "--region", "120114001000", "--summary", "Thu 17:30", "--digest", "19:00", "--remind", "09:15",
        "--quiet", "20:00-07:30", "--day-off", "2027-02-08", "--work-day", "2027-02-13",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = run.rhythm("120114001")
    assert (found.summary_weekday, str(found.summary_time)) == (3, "17:30:00")
    assert (str(found.digest_time), str(found.remind_time)) == ("19:00:00", "09:15:00")
    assert (str(found.quiet_from), str(found.quiet_until)) == ("20:00:00", "07:30:00")
    assert [str(day) for day in found.extra.off] == ["2027-02-08"]
    assert [str(day) for day in found.extra.on] == ["2027-02-13"]
    assert run.rhythm("120114").summary_weekday == 4, "the county around it is as it was"


def test_the_whole_installation(run: Run) -> None:
    assert run("region", "--digest", "17:00").exit_code == 0
    assert str(run.rhythm("120114001").digest_time) == "17:00:00"
    assert "17:00" in run("show").output


def test_what_is_not_given_stays(run: Run) -> None:
    run("region", "--digest", "17:00")
    run("region", "--remind", "11:00")
    assert str(run.rhythm("").digest_time) == "17:00:00"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--summary", "someday 16:00"),
        ("--summary", "fri"),
        ("--digest", "25:00"),
        ("--quiet", "21:00"),
        ("--day-off", "08.02.2027"),
        ("--region", "999999", "--digest", "17:00"),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_kept(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("region", *arguments)
    assert (done.exit_code, len(done.stderr.strip().splitlines())) == (2, 1)
    assert run.rhythm("120114001") == county.Rhythm()


def test_shown_as_it_holds(run: Run) -> None:
    shown = run("show", "--region", "120114001").output
    assert all(value in shown for value in ("Asia/Shanghai", "fri 16:00", "18:00", "10:00", "21:00-08:00"))
