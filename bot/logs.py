"""Logging to standard error: classes, places and numbers, never what people wrote, never the token."""

import logging


class _NoToken(logging.Filter):
    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if self.token in said:
            record.msg, record.args = said.replace(self.token, "***"), ()
        return True


def configure(token: str, level: int = logging.INFO) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_NoToken(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Their INFO lines hold addresses with the token, or every call.
    for noisy in ("httpx", "httpcore", "aiohttp", "aiogram", "telegram", "apscheduler", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
