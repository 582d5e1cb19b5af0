"""An index of the arrivals that were put aside: they are counted with each tick of the clock."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    parked = sa.text("state = 'parked'")
    op.create_index("arrival_parked", "arrival", ["id"], sqlite_where=parked, postgresql_where=parked)


def downgrade() -> None:
    op.drop_index("arrival_parked", table_name="arrival")
