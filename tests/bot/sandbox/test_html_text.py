"""HTML as Telegram reads it: its tags, its entities in UTF-16, and its sentences for what is wrong."""

from __future__ import annotations

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.html_text import parse_html, units


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("平常的话", "平常的话", []),
        ("1 &lt; 2 &amp;&amp; &quot;x&quot; &#20320;&#x597d;", '1 < 2 && "x" 你好', []),
        ("&nbsp; &copy;", "&nbsp; &copy;", []),
        ("<b>粗</b>", "粗", [("bold", 0, 1)]),
        ("😀<i>a</i>", "😀a", [("italic", 2, 1)]),
        ("<B>大写</B>", "大写", [("bold", 0, 2)]),
        ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd", None),
        ("<b>外<i>内</i></b>", "外内", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>空", "空", []),
        ("a<b>b</>c", "abc", [("bold", 1, 1)]),
        ("<a href='https://t.me/x?a=1&amp;b=2'>链</a>", "链", [("text_link", 0, 1)]),
        ("<a>无处</a>", "无处", []),
        ('<span class="tg-spoiler">藏</span>', "藏", [("spoiler", 0, 1)]),
        ("<blockquote expandable>长</blockquote>", "长", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("5 > 3", "5 > 3", []),
    ],
)
def test_what_is_right(source: str, text: str, entities: list[tuple[str, int, int]] | None) -> None:
    got, found = parse_html(source)
    assert got == text
    if entities is not None:
        assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_attributes_are_kept() -> None:
    assert parse_html('<a href="https://a.b/?q=1&amp;r=2">x</a>')[1][0]["url"] == "https://a.b/?q=1&r=2"
    assert parse_html('<pre><code class="language-py">x</code></pre>')[1][0]["language"] == "py"
    assert parse_html('<tg-emoji emoji-id="53">x</tg-emoji>')[1][0]["custom_emoji_id"] == "53"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<b>没关", 'Can\'t find end tag corresponding to start tag "b"'),
        ("多</b>", "Unexpected end tag at byte offset 3"),
        ("一 < 二", 'Unsupported start tag "" at byte offset 4'),
        ("一 <", "Unclosed start tag at byte offset 4"),
        ("x<y>", 'Unsupported start tag "y" at byte offset 1'),
        ("村<br>镇", 'Unsupported start tag "br" at byte offset 3'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a href=x_y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_is_wrong_is_said_as_telegram_says_it(source: str, sentence: str) -> None:
    with pytest.raises(ApiError) as error:
        parse_html(source)
    assert error.value.code == 400
    assert error.value.description == f"Bad Request: can't parse entities: {sentence}"


def test_length_is_in_utf_16_units() -> None:
    assert [units(text) for text in ("abc", "驻村", "😀", "𠮷")] == [3, 2, 2, 2]
