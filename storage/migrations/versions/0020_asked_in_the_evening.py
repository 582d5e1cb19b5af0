"""Alarms that were taken up and stand are asked about again in the evening."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE alarm SET next_at = heeded_at WHERE heeded_at IS NOT NULL AND over_at IS NULL")


def downgrade() -> None:
    op.execute("UPDATE alarm SET next_at = NULL WHERE heeded_at IS NOT NULL AND over_at IS NULL")
