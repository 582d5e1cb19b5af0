"""Every table, imported in one place, for migrations and tests."""

from sqlmodel import SQLModel

from storage import (
    arrivals,
    bots,
    cards,
    chats,
    county,
    draft,
    duties,
    errands,
    households,
    invitations,
    joining,
    journal,
    kinds,
    letters,
    people,
    photo,
    photos,
    places,
    queries,
    report,
    search,
    slots,
    summaries,
)

__all__ = [
    "arrivals",
    "bots",
    "cards",
    "chats",
    "county",
    "draft",
    "duties",
    "errands",
    "households",
    "invitations",
    "joining",
    "journal",
    "kinds",
    "letters",
    "metadata",
    "people",
    "photo",
    "photos",
    "places",
    "queries",
    "report",
    "search",
    "slots",
    "summaries",
]

metadata = SQLModel.metadata
