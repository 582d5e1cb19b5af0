"""Referrals of cases to departments."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("consent", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("asked", "taken_on", "cannot", "given", name="answer", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("due_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("remind_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column(
            "rung",
            sa.Enum(
                "start",
                "half",
                "before",
                "leader",
                "supervisor",
                "office",
                name="rung",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["steptaken.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_referral_remind_at", "referral", ["remind_at"], unique=False)
    op.create_index("ix_referral_report_id", "referral", ["report_id"], unique=False)
    op.create_index("ix_referral_step_id", "referral", ["step_id"], unique=False)


def downgrade() -> None:
    op.drop_table("referral")
