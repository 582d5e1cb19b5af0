"""Public holidays as people name them: 春节, 国庆. The days off are the State Council's, where they are published."""
# not for people: names that are matched.

import re
from datetime import date, timedelta

from chinese_calendar import constants
from chinese_calendar.constants import Holiday

from storage.calendar import FIRST_YEAR, LAST_YEAR

_NAMES = {
    "元旦": Holiday.new_years_day, "春节": Holiday.spring_festival, "过年": Holiday.spring_festival,
    "清明": Holiday.tomb_sweeping_day, "五一": Holiday.labour_day, "劳动节": Holiday.labour_day,
    "端午": Holiday.dragon_boat_festival, "中秋": Holiday.mid_autumn_festival,
    "国庆": Holiday.national_day, "十一": Holiday.national_day,
}  # fmt: skip
NAMED = re.compile(
    rf"(?:(\d{{4}})年|(今年|去年|前年))?的?({'|'.join(_NAMES)})节?(?:假期|期间)?(?![月村庄队社组号户路街里镇乡屯])"
)
_AGO = {"今年": 0, "去年": 1, "前年": 2}


def days_of(found: re.Match[str], today: date) -> tuple[date, date]:
    """[first day off, the day after the last). Without a year it is the last such holiday that has begun. Raises
    ValueError for a year whose list is not known."""
    name = found[3]
    if found[1] or found[2]:
        return _in_year(name, int(found[1]) if found[1] else today.year - _AGO[found[2]])
    this = _in_year(name, today.year)
    return this if this[0] <= today else _in_year(name, today.year - 1)


def _in_year(name: str, year: int) -> tuple[date, date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    wanted = _NAMES[name].value
    days = [day for day, holiday in constants.holidays.items() if holiday == wanted and day.year == year]
    if not days:
        raise ValueError(name)
    return min(days), max(days) + timedelta(days=1)
