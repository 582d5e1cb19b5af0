"""The page of an evidence pack: what was reported, each photo with its hash, and how to check all of it. One file
that needs nothing from elsewhere; what it says of people is masked unless a reason was given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from storage.coordinates import Place, for_chinese_maps
from storage.texts import _, labelled, language


@dataclass(frozen=True)
class Shot:
    """A photo on the page: where its original and what shows it lie in the pack ("" where there is none), what is
    known of it, and when it was received, in words."""

    original: str
    shown: str
    facts: dict[str, Any]
    received: str
    missing: bool = False


@dataclass(frozen=True)
class Record:
    """A report on the page."""

    title: str
    lines: tuple[str, ...]
    shots: tuple[Shot, ...]


_STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1b2733;background:#f4f6f8;
margin:0 auto;max-width:60rem;padding:1rem}
section{background:#fff;border-radius:.6rem;padding:1rem;margin:1rem 0}
figure{margin:1rem 0;border-top:1px solid #dce3ea;padding-top:1rem}
img{max-width:100%;max-height:32rem;display:block}
code{word-break:break-all;font-size:.85rem}
table{border-collapse:collapse;width:100%;font-size:.85rem}
td,th{border-bottom:1px solid #dce3ea;text-align:left;padding:.2rem}
.gone{color:#b00020}@media print{body{background:#fff}section{break-inside:avoid}}
"""
_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head><body>{body}</body></html>
"""


def page(records: Sequence[Record], journal: Iterable[dict[str, Any]], about: Sequence[str]) -> str:
    """`about`: sentences that say when, by what program and for what reason the pack was made."""
    body = [
        f"<h1>{escape(_('证据包'))}</h1>",
        *(f"<p>{escape(line)}</p>" for line in (*about, *_how())),
        "<pre>sha256sum --check SHA256SUMS</pre>",
        *(_record(one) for one in records),
        f"<section><h2>{escape(_('操作日志'))}</h2>{_journal(journal)}</section>",
    ]
    return _HTML.format(language=language(), title=escape(_("证据包")), style=_STYLE, body="".join(body))


def _how() -> list[str]:
    return [
        _(
            "照片是收到时的原文件，一个字节也没有改。时间以服务器收到的为准；手机自己写的时间和位置只是手机的说法。"
        ),
        _("每个文件的 SHA-256 都在 SHA256SUMS 里。在这个文件夹里运行下面的命令，就能核对全部文件："),
    ]


def _record(one: Record) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in one.lines)
    return f"<section><h2>{escape(one.title)}</h2>{lines}{''.join(map(_shot, one.shots))}</section>"


def _shot(one: Shot) -> str:
    if one.missing:
        picture = f'<p class="gone">{escape(_("这张照片的文件不见了或者变了，包里没有。"))}</p>'
    else:
        source = escape(one.shown or one.original, quote=True)
        picture = (
            f'<a href="{escape(one.original, quote=True)}"><img src="{source}" alt="" loading="lazy"></a>'
        )
    lines = "".join(f"<br>{escape(line)}" for line in _told(one))
    return f"<figure>{picture}<figcaption><code>{one.facts['sha256']}</code>{lines}</figcaption></figure>"


def _told(one: Shot) -> list[str]:
    facts, claimed = one.facts, one.facts["claimed_by_phone"]
    size = _("{width} × {height} 像素，{bytes} 字节").format(
        width=facts["width"], height=facts["height"], bytes=facts["bytes"]
    )
    told = [labelled(_("文件"), f"{one.original or '—'} · {size}"), labelled(_("服务器收到"), one.received)]
    said = [claimed.get("taken_at"), claimed.get("camera"), claimed.get("software"), *_places(claimed)]
    return [*told, labelled(_("手机自己写的"), " · ".join(filter(None, said)) or _("没有"))]


def _places(claimed: dict[str, Any]) -> list[str]:
    """As GPS has it, and as Chinese maps are asked for it."""
    if "latitude" not in claimed:
        return []
    place = claimed["latitude"], claimed["longitude"]
    told = [f"WGS-84 {_degrees(place)}"]
    on_maps = for_chinese_maps(place)
    return told if on_maps == place else [*told, _("在国内地图里查：{place}").format(place=_degrees(on_maps))]


def _degrees(place: Place) -> str:
    return f"{place[0]:.6f}, {place[1]:.6f}"


def _journal(lines: Iterable[dict[str, Any]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in (_("序号"), _("时间"), _("做了什么"), _("记录")))
    rows = "".join(
        f"<tr><td>{line['seq'] or ''}</td><td>{escape(line['at'])}</td><td>{escape(line['action'])}</td>"
        f"<td>{escape(line['record'])}</td></tr>"
        for line in lines
    )
    return f"<table><tr>{head}</tr>{rows}</table>"
