"""Charts and maps as SVG, drawn here: no script, no other host. Every number that is drawn is written, too."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import htpy as h
from htpy import Element, Node, Renderable

Place = tuple[float, float]
"""Latitude and longitude in degrees."""
_HIGH, _FOOT, _STEP, _WIDE = 150, 62, 84, 40


@dataclass(frozen=True)
class Bar:
    """A column: what stands below it, and its number."""

    label: str
    count: int
    below: str = ""


@dataclass(frozen=True)
class Dot:
    """A place on the map: how large (0 to 1), whether something is wrong there, where it leads, what it says."""

    place: Place
    size: float
    alarm: bool
    link: str
    says: str


def columns(bars: Sequence[Bar], title: str) -> Renderable:
    """Columns side by side, each with its number above."""
    most = max((bar.count for bar in bars), default=0) or 1
    width, height = max(len(bars), 1) * _STEP, _HIGH + _FOOT + 30
    return _svg(width, height, title)[(_column(place, bar, most) for place, bar in enumerate(bars))]


def _column(place: int, bar: Bar, most: int) -> list[Node]:
    middle, tall = place * _STEP + _STEP / 2, _HIGH * bar.count / most
    top = 30 + _HIGH - max(tall, 2)
    return [
        _tag(
            "rect",
            x=middle - _WIDE / 2,
            y=top,
            width=_WIDE,
            height=max(tall, 2),
            class_="bar" if bar.count else "none",
        ),
        _text(middle, top - 8, str(bar.count), "count"),
        _text(middle, 30 + _HIGH + 24, bar.label, "label"),
        _text(middle, 30 + _HIGH + 50, bar.below, "below"),
    ]


def pair(now: int, before: int, most: int, said: str) -> Renderable:
    """A bar of this week with a tick where the week before ended, for a row of a table."""
    scale = 200 / (most or 1)
    return _svg(206, 18, said, "row")[
        _tag("rect", x=0, y=2, width=206, height=14, class_="none"),
        _tag("rect", x=0, y=2, width=now * scale, height=14, class_="bar"),
        _tag("rect", x=before * scale, y=0, width=3, height=18, class_="tick"),
    ]


def chart(dots: Sequence[Dot], title: str, width: int = 900) -> Renderable:
    """A map of places, north above, a degree of longitude as wide as it is there."""
    west, north, scale, height = _frame([dot.place for dot in dots], width)
    made = []
    for dot in sorted(dots, key=lambda one: -one.size):
        latitude, longitude = dot.place
        x, y = 20 + (longitude - west) * scale * _narrow(north), 20 + (north - latitude) * scale
        kind = "dot alarm" if dot.alarm else "dot" if dot.size else "dot quiet"
        circle = _tag("circle", cx=x, cy=y, r=4 + 10 * dot.size, class_=kind)
        made.append(h.a(href=dot.link)[circle[h.title[dot.says]]])
    return _svg(width, height, title, "map")[made]


def _frame(places: Sequence[Place], width: int) -> tuple[float, float, float, int]:
    """West and north edge, pixels to a degree of latitude, and the height that follows."""
    south, north = min(one[0] for one in places), max(one[0] for one in places)
    west, east = min(one[1] for one in places), max(one[1] for one in places)
    wide = max((east - west) * _narrow(north), (north - south) * 0.6, 0.001)
    scale = (width - 40) / wide
    return west, north, scale, int((north - south) * scale) + 40


def _narrow(latitude: float) -> float:
    return math.cos(math.radians(latitude))


def _svg(width: float, height: float, title: str, kind: str = "chart") -> Element:
    # A picture to those who hear pages, but for the map, whose dots are links.
    role = "group" if kind == "map" else "img"
    box = {"viewBox": f"0 0 {width:g} {height:g}", "class": kind, "role": role, "aria-label": title}
    return h.Element("svg")(box)


def _tag(name: str, class_: str = "", **numbers: float) -> Element:
    return h.Element(name)(class_=class_, **{key: f"{value:.1f}" for key, value in numbers.items()})


def _text(x: float, y: float, words: str, class_: str) -> Node:
    return (
        h.Element("text")(x=f"{x:.1f}", y=f"{y:.1f}", text_anchor="middle", class_=class_)[words]
        if words
        else None
    )
