"""What runs.

Settings, command line, intake, desk, the pen, delivery, workers, clock and jobs, the sandbox.
May import everything; nothing imports it.
"""

import sys
from types import ModuleType

# python-telegram-bot loads its own transport, and that httpx, neither of which we use (bot/wire.py): a megabyte of
# each process, five with httpx's command line.
_TRANSPORT = ModuleType("telegram.request._httpxrequest")
vars(_TRANSPORT)["HTTPXRequest"] = type("HTTPXRequest", (), {})
sys.modules.setdefault(_TRANSPORT.__name__, _TRANSPORT)
