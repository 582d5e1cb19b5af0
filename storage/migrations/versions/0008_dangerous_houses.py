"""Dangerous houses, and the alarms that ring while somebody may sleep in one."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("next_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("heeded_by", sa.Integer(), nullable=True),
        sa.Column("heeded_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("over_at", storage.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["heeded_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alarm_next_at", "alarm", ["next_at"], unique=False)
    op.create_index("ix_alarm_report_id", "alarm", ["report_id"], unique=False)
    op.create_table(
        "housecase",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("tonight", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("findings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.PrimaryKeyConstraint("report_id"),
    )


def downgrade() -> None:
    op.drop_table("housecase")
    op.drop_table("alarm")
