"""Links and sessions of the console, the address at which a bot's people find it; where regions lie."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consolelink",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("used_at", storage.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_consolelink_person_id", "consolelink", ["person_id"], unique=False)
    op.create_table(
        "consolesession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", storage.db.Utc(timezone=True), nullable=False),
        sa.Column("ended_at", storage.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_consolesession_person_id", "consolesession", ["person_id"], unique=False)
    op.add_column("region", sa.Column("latitude", sa.Integer(), nullable=True))
    op.add_column("region", sa.Column("longitude", sa.Integer(), nullable=True))
    op.add_column("bot", sa.Column("console", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column("bot", "console")
    op.drop_column("region", "longitude")
    op.drop_column("region", "latitude")
    op.drop_index("ix_consolesession_person_id", table_name="consolesession")
    op.drop_table("consolesession")
    op.drop_index("ix_consolelink_person_id", table_name="consolelink")
    op.drop_table("consolelink")
