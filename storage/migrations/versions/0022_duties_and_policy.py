"""What a county asks of each person a week, and what policy mode turned on."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from storage.db import Utc

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "dutyrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", text(), nullable=False),
        sa.Column("role", text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("asked_by", text(), nullable=False),
        sa.Column("basis", text(), nullable=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dutyrule_region", "dutyrule", ["region"])
    op.create_table(
        "policyswitch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", text(), nullable=False),
        sa.Column("policy", text(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.Column("approver", text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", Utc(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_policyswitch_region", "policyswitch", ["region"])


def downgrade() -> None:
    op.drop_index("ix_policyswitch_region", table_name="policyswitch")
    op.drop_table("policyswitch")
    op.drop_index("ix_dutyrule_region", table_name="dutyrule")
    op.drop_table("dutyrule")
