"""Whatever people write: escaped text comes back unchanged, rendering lets no tag of theirs through."""

from __future__ import annotations

import re
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.errors import ApiError
from bot.sandbox.html_text import parse_html, units
from bot.sandbox.render import safe_html
from bot.sandbox.text import formatted, found

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
MARKED = st.lists(st.tuples(st.sampled_from(["", "b", "i", "u", "code", "blockquote"]), TEXT), max_size=6)
OURS = re.compile(
    r"</?(b|i|u|s|code|pre|blockquote)>|<span class=\"\w+\">|</span>|<a href=\"[^\"<>]*\"[^<>]*>|</a>"
)
PATIENT = settings(deadline=None)  # a busy machine is no failure


@PATIENT
@given(TEXT)
def test_escaped_text_comes_back(text: str) -> None:
    assert parse_html(escape(text, quote=False)) == (text, [])


@PATIENT
@given(MARKED)
def test_entities_cover_their_words(parts: list[tuple[str, str]]) -> None:
    source = "".join(
        f"<{tag}>{escape(words, quote=False)}</{tag}>" if tag else escape(words) for tag, words in parts
    )
    text, entities = parse_html(source.replace("&#x27;", "&#39;"))
    assert text == "".join(words for _, words in parts)
    raw = text.encode("utf-16-le")
    covered = [raw[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le") for e in entities]
    assert covered == [words for tag, words in parts if tag and words]


@PATIENT
@given(TEXT)
def test_any_source_is_read_or_refused_with_a_sentence(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError as error:
        assert error.description.startswith("Bad Request: can't parse entities: ")  # noqa: PT017  either is right
        return
    assert all(e["offset"] + e["length"] <= units(text) for e in entities)


@PATIENT
@given(TEXT)
def test_what_is_found_lies_within_the_text(text: str) -> None:
    assert all(0 < e["length"] <= units(text) - e["offset"] for e in found(text, []))


@PATIENT
@given(MARKED)
def test_rendering_holds_no_tag_but_ours(parts: list[tuple[str, str]]) -> None:
    source = "".join(f"<{tag}>{escape(words)}</{tag}>" if tag else escape(words) for tag, words in parts)
    rendered = safe_html(*formatted(source.replace("&#x27;", "&#39;"), "HTML", None))
    assert "<" not in OURS.sub("", rendered)
