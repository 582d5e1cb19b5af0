"""The class of a town (示范, 正常, 攻坚)."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Enum("model", "normal", "priority", name="townclass", native_enum=False, length=32)
    op.add_column("region", sa.Column("town_class", kind, nullable=True))


def downgrade() -> None:
    op.drop_column("region", "town_class")
