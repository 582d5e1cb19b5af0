"""Alembic's entry point. Migrations run through storage.migrate, which configures the environment itself."""
