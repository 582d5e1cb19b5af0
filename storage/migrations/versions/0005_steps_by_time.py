"""Steps are found by when they were taken: a week's figures count them."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_steptaken_at", "steptaken", ["at"])


def downgrade() -> None:
    op.drop_index("ix_steptaken_at", "steptaken")
