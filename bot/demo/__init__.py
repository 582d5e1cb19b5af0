"""The demo: a county filled with invented people and weeks of history, the bot and the sandbox beside it."""
