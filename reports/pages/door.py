"""Coming in and going out: what is shown to whoever is not signed in."""

import htpy as h
from htpy import Renderable

from reports.pages.frame import plain
from storage.texts import _


def before(base: str, token: str) -> Renderable:
    """A link was opened. It counts only when the button is pressed, because programs open links, too, to look what is
    behind them."""
    return plain(
        base,
        _("进入控制台"),
        h.p[_("这台设备上的浏览器会以您的身份登录，8 小时后自动退出。不是您自己的设备，用完请点“退出”。")],
        h.form(method="post", action=f"{base}/enter")[
            h.input(type="hidden", name="token", value=token), h.button(autofocus=True)[_("进入")]
        ],
    )


def sentence(base: str, said: str) -> Renderable:
    """What is wrong, and what to do next."""
    return plain(base, _("没有打开"), h.p[said], h.p[h.a(href=f"{base}/")[_("回到总览")]])


def gone(base: str) -> Renderable:
    return plain(base, _("已退出"), h.p[_("已经退出。要再进来，请在和机器人的私聊里发送 控制台。")])


def again(base: str, back: str) -> Renderable:
    """A form was sent a second time."""
    said = _("这张表刚才已经提交，没有再办一次。")
    return plain(base, _("已经提交过"), h.p[said], h.p[h.a(href=back)[_("看结果")]])
