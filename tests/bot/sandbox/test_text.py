"""Texts trimmed, measured, and searched for what Telegram marks by itself; and their safe rendering."""

from __future__ import annotations

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.render import safe_html
from bot.sandbox.text import checked_caption, checked_text, commands_in, formatted, found


def kinds(text: str) -> list[tuple[str, int, int]]:
    return [(e["type"], e["offset"], e["length"]) for e in found(text, [])]


def test_commands_links_and_names_are_found() -> None:
    assert kinds("/visit") == [("bot_command", 0, 6)]
    assert kinds("😀 /visit@my_bot 走访") == [("bot_command", 3, 13)]
    assert kinds("见 https://a.cn/x，谢谢 @wang #周报") == [
        ("url", 2, 14),
        ("mention", 20, 5),
        ("hashtag", 26, 3),
    ]
    assert kinds("1/2 和 a/b") == []
    assert kinds("wang@a.cn") == [("email", 0, 9)]


def test_entities_given_are_not_covered_again() -> None:
    text, entities = formatted('<a href="https://a.b">/visit</a> /help', "HTML", None)
    assert text == "/visit /help"
    assert [(e["type"], e["offset"]) for e in entities] == [("text_link", 0), ("bot_command", 7)]


def test_blanks_at_the_ends_go_and_entities_move_along() -> None:
    text, entities = formatted("  <b> 粗 </b>\n", "HTML", None)
    assert text == "粗"
    assert entities == [{"type": "bold", "offset": 0, "length": 1}]


def test_the_limits_are_after_parsing_in_utf_16() -> None:
    checked_text(formatted("<b>" + "字" * 4096 + "</b>", "HTML", None)[0])
    checked_text("😀" * 2048)
    for text in ("字" * 4097, "😀" * 2049):
        with pytest.raises(ApiError, match=r"^Bad Request: message is too long$"):
            checked_text(text)
    checked_caption("字" * 1024)
    with pytest.raises(ApiError, match=r"^Bad Request: message caption is too long$"):
        checked_caption("字" * 1025)
    with pytest.raises(ApiError, match=r"^Bad Request: message text is empty$"):
        checked_text("")


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        formatted("x", "XML", None)


def test_commands_are_cut_out_by_their_entities() -> None:
    text = "😀 /weekly@zhucun_demo_bot /help"
    assert commands_in(text, found(text, [])) == ["/weekly@zhucun_demo_bot", "/help"]


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("1 < 2 & '3'", "1 &lt; 2 &amp; &#x27;3&#x27;"),
        ("<b>外<i>内</i>外</b>后", "<b>外<i>内</i>外</b>后"),
        ("😀<u>线</u>", "😀<u>线</u>"),
        ('<span class="tg-spoiler">藏</span>', '<span class="spoiler">藏</span>'),
        ("去 /visit", '去 <span class="command">/visit</span>'),
        ('<a href="javascript:alert(1)">坏</a>', "坏"),
    ],
)
def test_rendering_is_safe(source: str, rendered: str) -> None:
    mode = "HTML" if "</" in source else ""
    text, entities = formatted(source, mode, None)
    assert safe_html(text, entities) == rendered


def test_a_web_link_is_rendered_with_its_quotes_escaped() -> None:
    text, entities = formatted("<a href='https://a.b/?\"x'>链</a>", "HTML", None)
    assert 'href="https://a.b/?&quot;x"' in safe_html(text, entities)


def test_crossing_entities_do_not_break_the_tags() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 2, "length": 3}]
    assert safe_html("abcde", entities) == "<b>ab<i>c</i></b>de"
