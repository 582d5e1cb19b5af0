"""What runs.

Settings, command line, intake, desk, the pen, delivery, workers, clock and jobs, the sandbox.
May import everything; nothing imports it.
"""

import sys

# python-telegram-bot loads httpx, which we never use, and httpx its own command line with a library for colours:
# five megabytes of each process. As if it were not installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None is what tells Python so
