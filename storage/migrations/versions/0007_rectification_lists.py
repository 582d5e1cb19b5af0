"""The three lists of a rectification: what a problem is known by, its tasks, who answers for them; and which problem
may have come back."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NEW = ("demand", "origin", "category", "basis")


def upgrade() -> None:
    for name in _NEW:
        op.add_column("rectification", sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    _tasks()
    op.create_table(
        "rebound",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Float(), nullable=True),
        sa.Column("photos", sa.Boolean(), nullable=False),
        sa.Column("found_at", storage.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["earlier_id"], ["report.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("report_id", "earlier_id"),
    )
    op.create_index("ix_rebound_earlier_id", "rebound", ["earlier_id"], unique=False)


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lead", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("support", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_task_report_id", "task", ["report_id"], unique=False)
    op.create_table(
        "charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("who", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_charge_task_id", "charge", ["task_id"], unique=False)


def downgrade() -> None:
    op.drop_table("charge")
    op.drop_table("task")
    op.drop_table("rebound")
    # Not in a batch: the table would be made anew, and nothing refers to these columns.
    for name in reversed(_NEW):
        op.drop_column("rectification", name)
