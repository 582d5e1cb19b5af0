"""Tests mirror the tree: tests/storage, tests/handlers, tests/reports, tests/bot; tests/house holds the rules."""
