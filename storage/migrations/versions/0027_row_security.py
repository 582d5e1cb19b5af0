"""On PostgreSQL a role that reads inside a territory alone, told by settings of the transaction (storage/confining.py).

The owner of the tables, whom everything else of the program is, is not bound by it. Roles belong to the whole server:
where the owner may not make one, an operator does, and `zhucun doctor` says how.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_PERSON = "(SELECT nullif(current_setting('zhucun.person', true), '')::int)"
_TEAM = "team_id = ANY ((SELECT nullif(current_setting('zhucun.teams', true), '')::int[])::int[])"
_REGION = (
    "village::text ^@ ANY ((SELECT nullif(current_setting('zhucun.regions', true), '')::text[])::text[])"
)
_VILLAGE = "village = ANY ((SELECT nullif(current_setting('zhucun.villages', true), '')::text[])::text[])"
_AT_HOME = "EXISTS (SELECT 1 FROM report WHERE report.household_id = household.id)"
_OF_REPORT = "EXISTS (SELECT 1 FROM report WHERE report.id = {table}.report_id)"
_OF_PHOTO = "EXISTS (SELECT 1 FROM photo WHERE photo.id = {table}.photo_id)"
_OF_REPORTS = (
    "alarm", "clockrun", "hardshipcase", "housecase", "photo", "photoreport", "promise", "rebound", "rectification",
    "referral", "revision", "steptaken", "task", "visit",
)  # fmt: skip
_OF_PHOTOS = ("likeness", "photocopy", "photolook", "photoword")
REACH = {
    "report": f"author_id = {_PERSON} OR {_TEAM} OR {_REGION}",
    "household": f"{_VILLAGE} OR {_REGION} OR {_AT_HOME}",
    "contactcard": "EXISTS (SELECT 1 FROM household WHERE household.id = contactcard.household_id)",
    "draft": f"person_id = {_PERSON}",
    **{name: _OF_REPORT.format(table=name) for name in _OF_REPORTS},
    **{name: _OF_PHOTO.format(table=name) for name in _OF_PHOTOS},
}
"""Of which rows the role is told, by table."""

_MADE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'zhucun_reader') THEN
        BEGIN
            CREATE ROLE zhucun_reader NOLOGIN;
        EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
            RETURN;
        END;
    END IF;
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO zhucun_reader', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO zhucun_reader', current_schema());
    BEGIN
        EXECUTE format('GRANT zhucun_reader TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege THEN
        NULL;
    END;
END $$
"""


def upgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute(_MADE)
    for name, reach in REACH.items():
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY reach ON {name} FOR SELECT USING ({reach})")


def downgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for name in REACH:
        op.execute(f"DROP POLICY reach ON {name}")
        op.execute(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY")
