"""The menu of commands as data: what is registered with Telegram, offered as keys, and understood as words.

Telegram registers Latin commands only; their Chinese words typed as text mean the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.people import Role
from storage.texts import N_, _, language

EVERYBODY = frozenset(Role)
TEAM = frozenset({Role.MEMBER, Role.LEADER})
MANAGERS = frozenset({Role.SUPERVISOR, Role.ADMIN})
INVITERS = frozenset({Role.LEADER, Role.ADMIN})


@dataclass(frozen=True)
class Entry:
    """One command. `words` are Chinese words that mean it, the first one is written on its key; `does` says
    what it does (message id). `key`: it has a key under the message field."""

    command: str
    words: tuple[str, ...]
    does: str
    roles: frozenset[Role]
    key: bool = False


MENU: tuple[Entry, ...] = (  # not for people: the Chinese words are typed by them
    Entry("visit", ("走访",), N_("记一次走访"), TEAM, key=True),
    Entry("photo", ("照片", "现场照片"), N_("发现场照片"), TEAM, key=True),
    Entry("case", ("困难", "困难情况"), N_("上报困难情况"), TEAM, key=True),
    Entry("house", ("危房",), N_("上报危房"), TEAM),
    Entry("mend", ("整改",), N_("等我办理的整改"), TEAM | MANAGERS, key=True),
    Entry("todo", ("待办",), N_("等我办理的所有事"), EVERYBODY),
    Entry("cards", ("联系卡", "联系户"), N_("我的联系户，本周该走访谁"), TEAM | MANAGERS),
    Entry("problem", ("交办",), N_("向工作队交办问题"), MANAGERS, key=True),
    Entry("mine", ("我的",), N_("我报过的和它们的状态"), EVERYBODY, key=True),
    Entry("drafts", ("草稿",), N_("没写完的草稿"), EVERYBODY),
    Entry("query", ("查询",), N_("查询记录"), EVERYBODY, key=True),
    Entry("weekly", ("周报",), N_("看任一周的周报"), TEAM | MANAGERS, key=True),
    Entry("console", ("控制台",), N_("在电脑上查看和打印"), INVITERS | MANAGERS),
    Entry("leave", ("请假", "出差", "没信号"), N_("请假、出差、没信号"), TEAM),
    Entry("diary", ("日记",), N_("我的一天，本月日记"), TEAM),
    Entry("days", ("驻村天数",), N_("我的驻村天数，更正一天"), TEAM),
    Entry("import", ("导入",), N_("导入清单：问题、比对、结对、户册、花名册、区划"), MANAGERS),
    Entry("lead", ("导语",), N_("周报稿和它的导语"), MANAGERS),
    Entry("digest", ("简报",), N_("看今天的简报"), TEAM | MANAGERS),
    Entry("invite", ("邀请",), N_("邀请新人加入"), INVITERS),
    Entry("rebind", ("换手机",), N_("为换了手机的人重新绑定"), INVITERS),
    Entry("bind", ("绑定",), N_("在群里：把本群绑定到一个区域"), MANAGERS),
    Entry("unbind", ("解除绑定",), N_("在群里：解除本群的绑定"), MANAGERS),
    Entry("village", ("默认村",), N_("选默认的村"), TEAM),
    Entry("owe", ("应办",), N_("谁做了、谁还欠"), TEAM | MANAGERS),
    Entry("burden", ("减负",), N_("这个月谁让我填了什么，花了几分钟"), TEAM),
    Entry("policy", ("政策",), N_("打开了哪些政策开关，为什么"), EVERYBODY),
    Entry("suggest", ("建议",), N_("提建议，直接交给管理员"), EVERYBODY),
    Entry("language", ("语言",), N_("换语言 / Language"), EVERYBODY),
    Entry("help", ("帮助",), N_("怎么用"), EVERYBODY),
    Entry("cancel", ("取消",), N_("放弃正在填的草稿"), EVERYBODY),
)

BY_COMMAND = {entry.command: entry for entry in MENU}


def of_roles(roles: Iterable[Role]) -> list[Entry]:
    """The commands of somebody with these roles; nobody's (a stranger's) menu is the help alone."""
    mine = frozenset(roles)
    if not mine:
        return [BY_COMMAND["help"]]
    return [entry for entry in MENU if entry.roles & mine]


def offered(command: str, roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles may use a command. One that is not in the menu is nobody's."""
    entry = BY_COMMAND.get(command)
    return entry is not None and not entry.roles.isdisjoint(roles)


def words_of(command: str) -> tuple[str, ...]:
    """The Chinese words that mean a command; none for a command that is not in the menu."""
    entry = BY_COMMAND.get(command)
    return entry.words if entry else ()


def registered(roles: Iterable[Role]) -> list[dict[str, str]]:
    """BotCommand objects for setMyCommands, in the language being spoken."""
    return [{"command": entry.command, "description": _(entry.does)} for entry in of_roles(roles)]


def keys(roles: Iterable[Role], across: int = 4) -> list[list[str]]:
    """Rows of keys under the message field: the Chinese words, or the Latin commands in another language."""
    chinese = language() == "zh"
    names = [entry.words[0] if chinese else f"/{entry.command}" for entry in of_roles(roles) if entry.key]
    return [names[start : start + across] for start in range(0, len(names), across)]
