"""An index of the visits that tell their day, by that day."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = sa.text("day IS NOT NULL")
    op.create_index("visit_day", "visit", ["day", "report_id"], sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    op.drop_index("visit_day", table_name="visit")
