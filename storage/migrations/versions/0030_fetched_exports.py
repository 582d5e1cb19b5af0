"""Exports may be asked for on the console, and their files wait there to be fetched."""

import sqlalchemy as sa
from alembic import op

import storage.db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    here: sa.Column[bool] = sa.Column("on_console", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("export", here)
    op.add_column("export", sa.Column("files", sa.LargeBinary(), nullable=True))
    op.add_column("export", sa.Column("until", storage.db.Utc(timezone=True), nullable=True))


def downgrade() -> None:
    # Not in a batch: the table would be made anew, and nothing refers to these columns.
    for name in ("until", "files", "on_console"):
        op.drop_column("export", name)
