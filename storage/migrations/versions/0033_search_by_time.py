"""On PostgreSQL the index of words knows spans of time and the first character of each Chinese word: the newest reports
that say something are found without reading all of them (storage/search_stretches.py).

Every row of the index is written again and the index built anew; nobody else writes meanwhile, as with every migration.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_CHINESE = r"^[\u3005\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFF]"
"""As PostgreSQL's regular expressions write it."""
_BEGUN = (
    f"SELECT DISTINCT left(token, 1) FROM unnest(tsvector_to_array(words)) token WHERE token ~ '{_CHINESE}'"  # noqa: S608 - a constant of ours
)
_UNPLACED = "SELECT lexeme FROM unnest(words) WHERE positions IS NULL"
_SPANS = "ARRAY[rowid >> 48, (rowid >> 52) + (1::bigint << 40), (rowid >> 56) + (2::bigint << 40)]"


def upgrade() -> None:
    _again(f"words || array_to_tsvector(ARRAY({_BEGUN}))", f"words, ({_SPANS})")


def downgrade() -> None:
    _again(f"ts_delete(words, ARRAY({_UNPLACED}))", "words")


def _again(words: str, columns: str) -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX IF EXISTS report_search_words")
    op.execute(f"UPDATE report_search SET words = {words}")  # noqa: S608 - constants of ours
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.execute(f"CREATE INDEX report_search_words ON report_search USING gin ({columns})")
