"""The command line, one module a noun, each with its `app`. Starts without aiogram; writes with a pen of its own:
short transactions while the bot may be running beside it.
"""
