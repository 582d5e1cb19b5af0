"""How fast the program is, beside other ways to write such a bot, in one run: `python -m tests.benchmarks`."""
