"""On SQLite segments of the index of words are put together in bites, not within the commits of those who write."""

from alembic import op

from storage import search_merging

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search_merging.own_pace(op.get_bind())


def downgrade() -> None:
    search_merging.its_pace(op.get_bind())
