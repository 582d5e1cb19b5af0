"""How photos look, and which are alike; how a photo lies in its file and what wrote it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photo", sa.Column("orientation", sa.Integer(), nullable=True))
    op.add_column("photo", sa.Column("software", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_table(
        "photolook",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("spots", sa.LargeBinary(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"]),
        sa.PrimaryKeyConstraint("photo_id"),
    )
    op.create_table(
        "photoword",
        sa.Column("word", sa.BigInteger(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "photo_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "likeness",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("unlike", sa.Float(), nullable=False),
        sa.Column("found_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("told_at", storage.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["earlier_id"], ["photo.id"]),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"]),
        sa.PrimaryKeyConstraint("photo_id", "earlier_id"),
    )
    with op.batch_alter_table("likeness") as likeness:
        likeness.create_index("ix_likeness_earlier_id", ["earlier_id"], unique=False)
        likeness.create_index(
            "likeness_untold", ["photo_id"], unique=False,
            sqlite_where=sa.text("told_at is null"), postgresql_where=sa.text("told_at is null"),
        )  # fmt: skip


def downgrade() -> None:
    op.drop_table("likeness")
    op.drop_table("photoword")
    op.drop_table("photolook")
    # Not in a batch: the table would be made anew, and nothing refers to these columns.
    op.drop_column("photo", "software")
    op.drop_column("photo", "orientation")
