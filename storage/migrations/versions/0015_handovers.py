"""Handovers: what was open when a posting ended."""

import sqlalchemy as sa
from alembic import op

import storage.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("due_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("drafts", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", storage.db.Utc(timezone=True), nullable=True),
        sa.Column("lapsed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["posting.id"],
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["team.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handover_person_id", "handover", ["person_id"], unique=False)
    op.create_index("ix_handover_taken_at", "handover", ["taken_at"], unique=False)
    op.create_index("ix_handover_team_id", "handover", ["team_id"], unique=False)
    op.create_table(
        "handoveritem",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column(
            "sort", sa.Enum("card", "report", name="sort", native_enum=False, length=32), nullable=False
        ),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handover.id"],
        ),
        sa.PrimaryKeyConstraint("handover_id", "sort", "ref"),
    )
    op.create_index("ix_handoveritem_ref", "handoveritem", ["ref"], unique=False)


def downgrade() -> None:
    op.drop_table("handoveritem")
    op.drop_table("handover")
