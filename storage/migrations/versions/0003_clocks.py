"""Clocks of cases, the county's lengths for them, and what was promised.

Cases that were open before get a clock that has not been reckoned: the first sweep lets it begin.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_RUNNING = {
    ("rectification", "issued"): "mend",
    ("rectification", "completed"): "accept",
    ("rectification", "accepted"): "close",
    ("hardship", "open"): "verify",
}


def upgrade() -> None:
    op.create_table(
        "clockrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("clock", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("workday", "day", "hour", name="unit", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("to_leader", sa.Integer(), nullable=False),
        sa.Column("to_supervisor", sa.Integer(), nullable=False),
        sa.Column("to_office", sa.Integer(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("at", storage.db.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_clockrule_region", "clockrule", ["region"])
    op.create_table(
        "clockrun",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("clock", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("due_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("remind_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column(
            "rung",
            sa.Enum(
                "start", "half", "before", "leader", "supervisor", "office",
                name="rung", native_enum=False, length=32,
            ),
            nullable=True,
        ),
        sa.Column("paused_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("stopped_at", storage.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_clockrun_remind_at", "clockrun", ["remind_at"])
    op.create_index("ix_clockrun_report_id", "clockrun", ["report_id"])
    op.add_column("hardshipcase", sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    _create_promises()
    _start_clocks()


def _create_promises() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("who", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("whom", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("settled_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_promise_report_id", "promise", ["report_id"])


def _start_clocks() -> None:
    start = sa.text(
        "INSERT INTO clockrun (report_id, clock, since, remind_at)"
        " SELECT id, :clock, sent_at, sent_at FROM report WHERE kind = :kind AND state = :state"
    )
    for (kind, state), clock in _RUNNING.items():
        op.get_bind().execute(start, {"clock": clock, "kind": kind, "state": state})


def downgrade() -> None:
    op.drop_column("hardshipcase", "source")
    op.drop_table("promise")
    op.drop_table("clockrun")
    op.drop_table("clockrule")
