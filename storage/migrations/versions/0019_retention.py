"""How long a county keeps what: rules, and when a report was erased."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retentionrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "what",
            sa.Enum("reports", "photos", "messages", name="retained", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", storage.db.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_retentionrule_region", "retentionrule", ["region"], unique=False)
    op.add_column("report", sa.Column("erased_at", storage.db.Utc(timezone=True), nullable=True))
    op.execute(
        "UPDATE report SET erased_at = (SELECT max(at) FROM journalentry WHERE action = 'erase'"
        " AND record = 'report:' || report.number) WHERE EXISTS (SELECT 1 FROM journalentry"
        " WHERE action = 'erase' AND record = 'report:' || report.number)"
    )
    there, kept = sa.text("erased_at is null"), sa.text("sha256 is not null")
    op.create_index("report_not_erased", "report", ["sent_at"], sqlite_where=there, postgresql_where=there)
    op.create_index("photo_bytes", "photo", ["received_at"], sqlite_where=kept, postgresql_where=kept)


def downgrade() -> None:
    op.drop_index("photo_bytes", table_name="photo")
    op.drop_index("report_not_erased", table_name="report")
    op.drop_column("report", "erased_at")
    op.drop_index("ix_retentionrule_region", table_name="retentionrule")
    op.drop_table("retentionrule")
