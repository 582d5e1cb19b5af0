"""Households: who is visited. The head's name, phone, ID and card numbers are sealed."""

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.db import new_uid


class Household(SQLModel, table=True):
    """Sealed: `household.head|uid`, `household.phone|uid`, `household.id_number|uid`, `household.card|uid`.
    Blind indexes find ID, phone and card number; names are found by opening the heads of one village."""

    __table_args__ = (UniqueConstraint("village", "card_index"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True)
    village: str = Field(foreign_key="region.code", index=True)
    head: bytes = Field(sa_type=LargeBinary)
    phone: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    id_number: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_index: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    card: bytes | None = Field(default=None, sa_type=LargeBinary)
    card_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    category: str | None = None
    members: int | None = None
    closed: bool = False
