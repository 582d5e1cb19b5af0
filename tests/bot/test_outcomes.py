"""The table of Telegram's sentences: what delivery does about each."""

import pytest

from bot.outcomes import BotDownError, LaterError, NotSentError, Outcome, RefusedError, UnknownError, judge

SENTENCES = {
    "Bad Request: message is not modified: specified new message content is exactly the same": Outcome.SENT,
    "Bad Request: message to delete not found": Outcome.SENT,
    "Bad Request: query is too old and response timeout expired or query ID is invalid": Outcome.SENT,
    "Bad Request: message to edit not found": Outcome.ANEW,
    "Bad Request: message can't be edited": Outcome.ANEW,
    "Forbidden: bot was blocked by the user": Outcome.UNREACHABLE,
    "Forbidden: bot was kicked from the supergroup chat": Outcome.UNREACHABLE,
    "Forbidden: bot can't initiate conversation with a user": Outcome.UNREACHABLE,
    "Forbidden: user is deactivated": Outcome.UNREACHABLE,
    "Bad Request: chat not found": Outcome.UNREACHABLE,
    "Bad Request: not enough rights to send text messages to the chat": Outcome.UNREACHABLE,
    "Bad Request: TOPIC_CLOSED": Outcome.UNREACHABLE,
    "Bad Request: message thread not found": Outcome.UNREACHABLE,
    "Bad Request: group chat was upgraded to a supergroup chat": Outcome.MIGRATED,
    "Bad Request: wrong file_id or the file is temporarily unavailable": Outcome.LATER,
    'Bad Request: failed to send message #1 with the error message "Too Many Requests: retry after 8"': Outcome.LATER,
    "Bad Request: message is too long": Outcome.PARK,
    "Bad Request: can't parse entities: Unsupported start tag": Outcome.PARK,
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_of_telegram_has_its_outcome(sentence: str) -> None:
    assert judge(RefusedError(sentence)) == SENTENCES[sentence]


def test_other_errors_are_judged_by_what_may_have_happened() -> None:
    assert judge(BotDownError("Unauthorized")) == Outcome.DOWN
    assert judge(UnknownError("reset")) == Outcome.UNKNOWN
    assert judge(NotSentError("refused")) == Outcome.LATER
    assert judge(LaterError(8, "Too Many Requests: retry after 8")) == Outcome.LATER
