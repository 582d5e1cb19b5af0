"""Every page of the console with its rule: who may have it. A page without one cannot be declared."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.web import acts, office
from reports.pages import (
    case,
    duties,
    files,
    home,
    ledger,
    people,
    rules,
    uploaded,
    village_map,
    waiting,
    wall,
)
from reports.pages.asked import Answer, Asked
from reports.pages.frame import LEDGERS, MANAGERS, OFFICE
from storage.people import Role


@dataclass(frozen=True)
class Page:
    """A path, who may have it, and what it answers. `ids` of a path stand in braces. An `act` is asked for by a form
    (POST), runs in the pen and may write; the others only read, but for one that is `noted` in the journal.
    A form that `takes_file` may be longer."""

    path: str
    roles: frozenset[Role]
    answer: Callable[[Asked], Answer]
    act: bool = False
    noted: bool = False
    takes_file: bool = False


PAGES: tuple[Page, ...] = (
    Page("/", LEDGERS, home.show),
    Page("/ledgers/{kind}", LEDGERS, ledger.of_kind),
    Page("/weeks/{scope}/{figure}", LEDGERS, home.behind),
    Page("/todo", LEDGERS, waiting.show),
    Page("/found/{query}", LEDGERS, ledger.found),
    Page("/cases/{report}", LEDGERS, case.show),
    Page("/photos/{photo}", LEDGERS, case.photo),
    Page("/photos/{photo}/small", LEDGERS, case.small_photo),
    Page("/exports", LEDGERS, files.show),
    Page("/files/{export}/{place}/{seal}", LEDGERS, acts.fetch, noted=True),
    Page("/wall", LEDGERS, wall.show),
    Page("/wall/pairs", LEDGERS, wall.pairs),
    Page("/villages", LEDGERS, village_map.show),
    Page("/ask", LEDGERS, acts.ask, act=True),
    Page("/export", LEDGERS, acts.export, act=True),
    Page("/exports/{export}/cancel", LEDGERS, acts.cancel_export, act=True),
    Page("/cases/{report}/open", LEDGERS, acts.open_case, act=True),
    Page("/lists", MANAGERS, uploaded.show),
    Page("/lists/look", MANAGERS, acts.look_at_list, act=True, takes_file=True),
    Page("/lists/template", MANAGERS, uploaded.template),
    Page("/lists/{upload}", MANAGERS, uploaded.one),
    Page("/lists/{upload}/links", MANAGERS, uploaded.links),
    Page("/lists/{upload}/press", MANAGERS, acts.press_list, act=True),
    Page("/people", OFFICE, people.show),
    Page("/people/find", OFFICE, office.find, act=True),
    Page("/people/add", OFFICE, office.add, act=True),
    Page("/people/{person}", OFFICE, people.one),
    Page("/people/{person}/post", OFFICE, office.post, act=True),
    Page("/people/{person}/rename", OFFICE, office.rename, act=True),
    Page("/people/{person}/link", OFFICE, office.link, act=True),
    Page("/postings/{posting}/end", OFFICE, office.end, act=True),
    Page("/settings", OFFICE, rules.settings),
    Page("/settings/change", OFFICE, office.change_settings, act=True),
    Page("/clocks", OFFICE, rules.clocks),
    Page("/clocks/change", OFFICE, office.change_clock, act=True),
    Page("/duties", OFFICE, duties.duties),
    Page("/duties/change", OFFICE, office.change_duty, act=True),
    Page("/policy", OFFICE, duties.switches),
    Page("/policy/change", OFFICE, office.turn_on, act=True),
    Page("/policy/{switch}/off", OFFICE, office.turn_off, act=True),
)
