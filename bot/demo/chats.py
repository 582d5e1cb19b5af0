"""The demo's phones and groups: people who press /start, groups that are bound, days that pass."""

# not for people: words typed and heard in the demo's chats
from collections.abc import Callable

from bot.demo import stories
from bot.demo.cast import ADMIN, CREWS, LEAD, SECOND, TOWN_WATCHER, WATCHER, in_order
from bot.demo.control import Control, Json, SilentError, button

COUNTY_NAME, TOWN_NAME = "武清区", "河西务镇"
DIGEST_SECONDS = 15


def gather(control: Control) -> None:
    """Everybody has a phone; the managing groups exist, the bot is in them."""
    for player in in_order():
        control.post("users", id=player.id, name=player.title)
    office = [WATCHER.id, ADMIN.id, SECOND.id, LEAD.id, *(crew.people[0].id for crew in CREWS[1:])]
    control.post("groups", title=stories.COUNTY_GROUP, members=office, admins=[ADMIN.id], supergroup=True)
    town = [TOWN_WATCHER.id, ADMIN.id, *(one.id for crew in CREWS[2:4] for one in crew.people)]
    control.post(
        "groups",
        title=stories.TOWN_GROUP,
        members=town,
        admins=[ADMIN.id],
        forum=True,
        topics=list(stories.TOPICS),
    )


def greet(control: Control) -> None:
    """Everybody presses /start; the bot has answered the last of them when this returns."""
    for player in in_order():
        control.post("send", user=player.id, text="/start")
    for player in in_order():
        control.hears(player.id, lambda message: bool(message.get("text")))


def bind(control: Control) -> None:
    """The administrator binds both groups, as anybody would: /bind, then the buttons."""
    county, town = (_group(control, title) for title in (stories.COUNTY_GROUP, stories.TOWN_GROUP))
    _talk(control, county["id"], None, (COUNTY_NAME,))
    topic = next(one["id"] for one in town["topics"] if one["name"] == stories.TOPICS[-1])
    _talk(control, town["id"], topic, (f"{COUNTY_NAME}下面的", TOWN_NAME))


def _group(control: Control, title: str) -> Json:
    return next(dict(chat) for chat in control.get("state")["chats"] if chat.get("title") == title)


def _talk(control: Control, chat: int, topic: int | None, labels: tuple[str, ...]) -> None:
    place = {"user": ADMIN.id, "chat": chat}
    control.post("send", **place, text="/bind", topic=topic)
    for label in labels:
        shown = control.hears(chat, _has(label), topic=topic)
        pressed = button(shown, label) or {}
        control.post("press", **place, message_id=shown["message_id"], data=pressed.get("data"))
    control.hears(chat, lambda message: "已绑定" in (message.get("text") or ""), topic=topic)


def _has(label: str) -> Callable[[Json], bool]:
    return lambda message: button(message, label) is not None


def summaries(control: Control) -> None:
    """Wait until the week's summary is in both groups, as picture and text, and with each leader as text."""
    places = [_group(control, title)["id"] for title in (stories.COUNTY_GROUP, stories.TOWN_GROUP)]
    for chat in places:
        control.hears(chat, lambda message: "photo" in message)
    for chat in (*places, *(crew.people[0].id for crew in CREWS)):
        control.hears(chat, lambda message: "周 周报" in (message.get("text") or ""))


def digest(control: Control) -> None:
    """Wait for the daily digest, as long as one may reasonably take; there may be nothing to say."""
    try:
        chat = _group(control, stories.COUNTY_GROUP)["id"]
        control.hears(chat, lambda message: "日 简报" in (message.get("text") or ""), DIGEST_SECONDS)
    except SilentError:
        return


def report_heard(control: Control) -> None:
    """Wait until the leader has heard of this morning's visit."""
    control.hears(LEAD.id, lambda message: "报了走访" in (message.get("text") or ""))
