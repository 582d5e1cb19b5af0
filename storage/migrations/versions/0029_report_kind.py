"""The index of kinds holds the village, so that the visits of a county's day are counted from it alone."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COUNTED = ["kind", "state", "sent_at", "id", "village"]


def upgrade() -> None:
    op.drop_index("report_kind", table_name="report")
    op.create_index("report_kind", "report", COUNTED)


def downgrade() -> None:
    op.drop_index("report_kind", table_name="report")
    op.create_index("report_kind", "report", ["kind", "state", "sent_at"])
