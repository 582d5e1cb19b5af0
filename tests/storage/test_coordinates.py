"""WGS-84 as GCJ-02, beside what other programs make of the same places."""

import math

import pytest

from storage.coordinates import Place, for_chinese_maps

KNOWN = [  # WGS-84, and GCJ-02 as other programs' tests state it: Shanghai, Shenzhen, Beijing
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


def metres(one: Place, other: Place) -> float:
    north = (one[0] - other[0]) * 111_320
    east = (one[1] - other[1]) * 111_320 * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


@pytest.mark.parametrize(("wgs", "gcj"), KNOWN)
def test_places_lie_where_other_programs_put_them(wgs: Place, gcj: Place) -> None:
    assert for_chinese_maps(wgs) == pytest.approx(gcj, abs=1e-9)


@pytest.mark.parametrize("latitude", range(20, 54, 3))
@pytest.mark.parametrize("longitude", range(75, 136, 6))
def test_the_shift_is_some_hundred_metres_and_smooth(latitude: int, longitude: int) -> None:
    here, near = (float(latitude), float(longitude)), (latitude + 0.001, longitude + 0.001)
    there = for_chinese_maps(here)
    assert 10 < metres(here, there) < 1000
    assert metres(there, for_chinese_maps(near)) == pytest.approx(metres(here, near), rel=0.05)


@pytest.mark.parametrize("place", [(48.85, 2.35), (-33.9, 151.2), (35.68, 139.77), (0.0, 0.0)])
def test_outside_china_nothing_is_shifted(place: Place) -> None:
    assert for_chinese_maps(place) == place
