"""People, the teams they serve in, and the postings from which every right comes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from storage.db import Utc, by_value, new_uid


class Role(StrEnum):
    MEMBER = "member"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    ADMIN = "admin"


class Unit(SQLModel, table=True):
    """The organisation that sends a team and answers for it."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Team(SQLModel, table=True):
    """A resident work team. It serves the villages of TeamVillage; `region` is its town (or county)."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    region: str = Field(foreign_key="region.code", index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)


class TeamVillage(SQLModel, table=True):
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    village: str = Field(foreign_key="region.code", primary_key=True, index=True)


class Person(SQLModel, table=True):
    """Somebody in the system. Name and phone are sealed (`person.name|uid`, `person.phone|uid`)."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True)
    name: bytes = Field(sa_type=LargeBinary)
    phone: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    telegram_id: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    language: str = "zh"
    default_village: str | None = Field(default=None, foreign_key="region.code")
    created_at: datetime = Field(sa_type=Utc)


class Posting(SQLModel, table=True):
    """person × role × team or region, from–to. Members and leaders have a team, the others a region."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=by_value(Role))
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    region: str | None = Field(default=None, foreign_key="region.code", index=True)
    department: str | None = None
    starts_at: datetime = Field(sa_type=Utc)
    ends_at: datetime | None = Field(default=None, sa_type=Utc)
