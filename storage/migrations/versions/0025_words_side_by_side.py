"""Words of looks in another order of their bits: those that a copy may have stand side by side in the index."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WHOLE, BITS = 1 << 32, 32
"""A word's bits, and the one that tells a word of the whole picture."""
FINEST = 17


def upgrade() -> None:
    _turn(BITS - FINEST)


def downgrade() -> None:
    _turn(FINEST)


def _turn(left: int) -> None:
    """Turn the bits of every word to the left. Beside the table: on the way two words may be the same."""
    right = BITS - left
    op.execute("CREATE TABLE photoword_before AS SELECT word, photo_id FROM photoword")
    op.execute("DELETE FROM photoword")
    op.execute(
        f"INSERT INTO photoword (word, photo_id) SELECT (word & {WHOLE})"  # noqa: S608 - numbers of ours
        f" + ((word & {(1 << right) - 1}) << {left}) + ((word & {WHOLE - 1}) >> {right}), photo_id"
        " FROM photoword_before ORDER BY 1, 2"
    )
    op.execute("DROP TABLE photoword_before")
