"""On PostgreSQL the index of words is found by report, too: a plan that begins with the reports read it whole for each."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE INDEX IF NOT EXISTS report_search_report ON report_search (report_id)")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS report_search_report")
