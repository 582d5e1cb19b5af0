"""The form engine: questions declared on a kind's table, what to ask next, what an answer may be.

It knows neither Telegram nor the database: `handlers/` draws what it says, `storage/reporting.py` keeps it.
"""

from storage.forms.ask import Ask
from storage.forms.choice import Choice, Labelled
from storage.forms.dates import Date
from storage.forms.media import Location, Photos
from storage.forms.picks import HouseholdPick, PersonPick, TeamPick, Village
from storage.forms.plain import Number, Text

__all__ = [
    "Ask",
    "Choice",
    "Date",
    "HouseholdPick",
    "Labelled",
    "Location",
    "Number",
    "PersonPick",
    "Photos",
    "TeamPick",
    "Text",
    "Village",
]
