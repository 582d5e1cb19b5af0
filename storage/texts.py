"""Every text a person sees. The Chinese sentence in the code is the message id; English is a catalogue.

The language is a context variable: the desk sets it for the person it serves, and whoever writes to somebody
else wraps that in `speaking(person.language)`.
"""

import gettext
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"zh": "中文", "en": "English"}  # not for people: a language is named in itself
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="zh")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALE / language / "LC_MESSAGES" / "zhucun.po"
    if not path.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # memory of each process that only speaks Chinese
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(sentence: str) -> str:
    """The sentence in the language being spoken."""
    language = _language.get()
    return sentence if language == "zh" or not sentence else _catalogue(language).gettext(sentence)


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name, which extraction looks for
    """Mark a sentence declared as a constant; `_()` translates it when it is shown."""
    return sentence


def listed(things: Iterable[str]) -> str:
    """Names on one line, apart as the language sets them."""
    return _("、").join(things)


def labelled(label: str, text: str) -> str:
    """A line of an answer."""
    return _("{label}：{text}").format(label=label, text=text)


def language() -> str:
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    token = _language.set(code if code in LANGUAGES else "zh")
    try:
        yield
    finally:
        _language.reset(token)
