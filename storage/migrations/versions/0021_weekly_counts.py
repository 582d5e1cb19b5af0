"""The index of a village's reports holds all that a week's figures count; one of the visits that tell their day."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COUNTED = ["village", "sent_at", "id", "kind", "state", "team_id", "household_id"]


def upgrade() -> None:
    told = sa.text("day IS NOT NULL")
    op.drop_index("report_village", table_name="report")
    op.create_index("report_village", "report", COUNTED)
    op.create_index("visit_told", "visit", ["report_id", "day"], sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    op.drop_index("visit_told", table_name="visit")
    op.drop_index("report_village", table_name="report")
    op.create_index("report_village", "report", ["village", "sent_at"])
