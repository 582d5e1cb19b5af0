"""Alembic migrations, one file a step under versions/; run through storage.migrate. No data is dropped silently here."""
