"""Coordinates: kept as WGS-84, which phones and GPS tell; Chinese maps draw in GCJ-02, some hundred metres off.

The offset is the published one of the State Bureau's frame: series of sines around 105° E 35° N on the
Krasovsky ellipsoid. Outside China both frames are one.
"""

import math

Place = tuple[float, float]
"""Latitude and longitude in degrees."""

_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006_693_421_622_965_943
"""Of the Krasovsky 1940 ellipsoid: metres, and squared."""
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271


def for_chinese_maps(place: Place) -> Place:
    """A WGS-84 place as GCJ-02."""
    latitude, longitude = place
    if not (_SOUTH < latitude < _NORTH and _WEST < longitude < _EAST):
        return place
    east, north = longitude - 105, latitude - 35
    turn = math.radians(latitude)
    bend = 1 - _ECCENTRICITY * math.sin(turn) ** 2
    metres_north, metres_east = _northwards(east, north), _eastwards(east, north)
    meridian = _AXIS * (1 - _ECCENTRICITY) / bend**1.5
    parallel = _AXIS / math.sqrt(bend) * math.cos(turn)
    return latitude + math.degrees(metres_north / meridian), longitude + math.degrees(metres_east / parallel)


def _northwards(x: float, y: float) -> float:
    """Metres that a place lies further north."""
    straight = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return straight + _ripples(x) + _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))


def _eastwards(x: float, y: float) -> float:
    straight = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return straight + _ripples(x) + _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))


def _ripples(x: float) -> float:
    return _waves(x, (20, 6), (20, 2))


def _waves(value: float, *parts: tuple[float, float]) -> float:
    """Two thirds of a sum of sines: (metres, half turns a degree)."""
    return sum(high * math.sin(value * often * math.pi) for high, often in parts) * 2 / 3
