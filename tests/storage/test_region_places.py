"""Coordinates of villages from a list: faults with their cells, nothing twice."""

from pathlib import Path

import pytest

from storage import region_places
from storage.places import Region
from storage.refusals import Refusal
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here


def listed(folder: Path, *rows: str) -> Path:
    file = folder / "places.csv"
    file.write_text("\n".join(["代码,纬度,经度", *rows]), "utf-8")
    return file


def test_places_are_written_once_and_corrected(here: Here, tmp_path: Path) -> None:
    file = listed(tmp_path, f"{PLACES[0]},39.40,117.04", "120114001000,39.38,117.06")
    made = region_places.plan(here.session, file)
    region_places.write(here.session, made.new, by=None, now=NOW)
    found = here.session.get_one(Region, PLACES[0])
    assert (found.latitude, found.longitude) == (39_400_000, 117_040_000)
    assert here.session.get_one(Region, "120114001").latitude == 39_380_000
    again = region_places.plan(
        here.session, listed(tmp_path, f"{PLACES[0]},39.40,117.04", "120114001,39,117")
    )
    assert (again.same, [one.code for one in again.new]) == (1, ["120114001"])
    assert here.journaled(f"region:{PLACES[0]}") == ["region.place"]


def test_faults_are_told_with_their_cells(here: Here, tmp_path: Path) -> None:
    rows = ("999,39,117", f"{PLACES[0]},91,117", f"{PLACES[0]},39,east", f"{PLACES[0]},nan,117")
    made = region_places.plan(here.session, listed(tmp_path, *rows))
    assert [one.cell for one in made.wrong] == ["A2", "B3", "C4", "B5"]
    assert made.new == []
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Refusal):
        region_places.plan(here.session, tmp_path / "other.csv")
