"""Absences: leave, trips and days without a signal."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATES = ("asked", "approved", "refused", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state", sa.Enum(*_STATES, name="absencestate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("asked_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", storage.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"], unique=False)
    op.create_index("ix_absence_last", "absence", ["last"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_absence_last", table_name="absence")
    op.drop_index("ix_absence_person_id", table_name="absence")
    op.drop_table("absence")
