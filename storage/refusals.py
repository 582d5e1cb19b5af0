"""The catalogue of refusals: whatever is declined politely, with a sentence that says what to do next."""

from storage.texts import _


class Refusal(Exception):
    """Something the person asked for is not done; `sentence` tells them why and what to do next.

    Raised anywhere below a handler: the desk rolls the arrival's savepoint back and says the sentence.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(type(self).__name__)
        self.sentence = sentence


class NotYours(Refusal):
    """Outside the person's territory or role. Says nothing of what was there."""

    def __init__(self) -> None:
        super().__init__(_("这条不在您负责的范围内。需要的话请联系队长或管理员。"))


class NotYourRole(Refusal):
    """A command of other roles."""

    def __init__(self, command: str) -> None:
        super().__init__(
            _("“{command}”不在您的职责里。请发送 /help 看看您能做什么。").format(command=command)
        )


class Gone(Refusal):
    """An old button: what it meant is no longer possible. Buttons live for ever, so this is normal."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or _("这个按钮已经过时了。请看最新的一条消息，或发送 /start 重新开始。"))


class Stranger(Refusal):
    """Somebody without an active posting."""

    def __init__(self) -> None:
        super().__init__(_("您还没有加入工作队。请向队长或管理员要一个邀请链接，点开即可加入。"))


class SignedOut(Refusal):
    """There is no session of the console, or none any more."""

    def __init__(self) -> None:
        super().__init__(_("登录已经结束。请在和机器人的私聊里发送 控制台，用新的链接再进来。"))


class NoPage(Refusal):
    """Nothing is there in the console, or not any more."""

    def __init__(self) -> None:
        super().__init__(_("没有这一页。请从上面的目录进去。"))


class Expired(Refusal):
    """A link to a file that is not kept any more."""

    def __init__(self) -> None:
        super().__init__(_("这个文件已经删除了：做好以后只保留一天。请再导出一次。"))


class NoToken(Refusal):
    """No token, or none that holds: a program is not told which."""

    def __init__(self) -> None:
        super().__init__(
            _("没有令牌，或者令牌不对、过期、已作废。请向管理员要新的，写在请求头 Authorization: Bearer 里。")
        )


class NotThere(Refusal):
    """A program asks for what is not there, or not in its territory: it is not told which."""

    def __init__(self) -> None:
        super().__init__(_("没有这一项，或者不在这个令牌的范围内。请核对编号和区域代码。"))


class TooMany(Refusal):
    """A token asked too often; `seconds` until it may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(_("这个令牌每分钟的次数用完了，请过 {seconds} 秒再问。").format(seconds=seconds))
        self.seconds = seconds
