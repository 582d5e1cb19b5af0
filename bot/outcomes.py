"""What became of a call to the Bot API: the errors as data, and the table that judges them."""

from enum import StrEnum


class WireError(Exception):
    """A call that did not return a result. Never holds what was sent."""


class NotSentError(WireError):
    """The request never reached the server: nothing happened, try again."""


class UnknownError(WireError):
    """The answer was lost: the effect may or may not have happened."""


class LaterError(WireError):
    """Telegram asks to wait (`flood`: a 429) or is unwell (5xx). `seconds` to wait at least."""

    def __init__(self, seconds: float, description: str = "", flood: bool = False) -> None:
        super().__init__(description)
        self.seconds, self.description, self.flood = seconds, description, flood


class BotDownError(WireError):
    """401 or 404: the token is revoked or wrong. Everything of this bot holds; nothing is parked."""


class RefusedError(WireError):
    """400 or 403 with Telegram's sentence; `migrate_to` when a group became a supergroup."""

    def __init__(self, description: str, migrate_to: int | None = None) -> None:
        super().__init__(description)
        self.description, self.migrate_to = description, migrate_to


class Outcome(StrEnum):
    SENT = "sent"
    ANEW = "anew"
    """The message to edit is gone: forget its id and send it again."""
    UNREACHABLE = "unreachable"
    """Hold the chat's letters until it can be reached."""
    MIGRATED = "migrated"
    LATER = "later"
    UNKNOWN = "unknown"
    DOWN = "down"
    PARK = "park"


# Telegram's sentences, lower case, first match wins; from its Bot API server's source.
_SENTENCES = (
    ("message is not modified", Outcome.SENT),
    ("message to delete not found", Outcome.SENT),
    ("message can't be deleted", Outcome.SENT),
    ("query is too old", Outcome.SENT),
    ("message to edit not found", Outcome.ANEW),
    ("message can't be edited", Outcome.ANEW),
    ("message_id_invalid", Outcome.ANEW),
    ("upgraded to a supergroup", Outcome.MIGRATED),
    ("too many requests", Outcome.LATER),
    ("temporarily unavailable", Outcome.LATER),
    ("bot was blocked", Outcome.UNREACHABLE),
    ("bot was kicked", Outcome.UNREACHABLE),
    ("user is deactivated", Outcome.UNREACHABLE),
    ("can't initiate conversation", Outcome.UNREACHABLE),
    ("bot is not a member", Outcome.UNREACHABLE),
    ("chat not found", Outcome.UNREACHABLE),
    ("not enough rights", Outcome.UNREACHABLE),
    ("have no rights to send", Outcome.UNREACHABLE),
    ("chat_write_forbidden", Outcome.UNREACHABLE),
    ("topic_closed", Outcome.UNREACHABLE),
    ("topic_deleted", Outcome.UNREACHABLE),
    ("message thread not found", Outcome.UNREACHABLE),
    ("forbidden", Outcome.UNREACHABLE),
)


def judge(error: WireError) -> Outcome:
    """What to do about a failed call."""
    if isinstance(error, RefusedError):
        said = error.description.lower()
        return next((outcome for words, outcome in _SENTENCES if words in said), Outcome.PARK)
    if isinstance(error, BotDownError):
        return Outcome.DOWN
    return Outcome.UNKNOWN if isinstance(error, UnknownError) else Outcome.LATER
