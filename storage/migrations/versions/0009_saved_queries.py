"""Questions that people keep under a name, and are told of."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "savedquery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("filter", sa.LargeBinary(), nullable=False),
        sa.Column("tell", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("used_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("told_at", storage.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_savedquery_person_id", "savedquery", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("savedquery")
