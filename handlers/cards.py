"""A draft as a card: the question that is asked, or the summary, with their buttons."""

from handlers import keys
from handlers.pickers import Asked, Rows, buttons
from handlers.turn import Button, Turn, escape
from storage import drafts, picking, reporting
from storage.draft import Draft
from storage.drafts import Filling
from storage.forms import Choice, HouseholdPick, Photos, TeamPick, Text, Village, flow
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.rectification import COMPLETE
from storage.people import Role
from storage.report import Report
from storage.texts import _, labelled, listed

LINE = 300
"""Characters of an answer shown on a card; all of it is kept."""
SHORT = 16


def question(asked: Asked, note: str = "") -> tuple[str, Rows]:
    """The card of a question: what is filled in so far, the question, its buttons."""
    draft, filled = asked.draft, asked.filled
    text = [*_filled(asked.turn, draft, filled, but=asked.name), "", f"<b>{escape(asked.ask.question)}</b>"]
    text += [escape(hint) for hint in _hints(asked)]
    return _text(text, filled, note), [*buttons(asked), *_loose(asked), _last(asked), _foot(asked)]


def _hints(asked: Asked) -> list[str]:
    if isinstance(asked.ask, HouseholdPick):
        return [_("点一户，或发户主姓名、服务卡号查找；新户直接发户主姓名。")]
    if isinstance(asked.ask, TeamPick):
        return [_("点一个队，或发队名、村名的一部分查找。")]
    count = asked.filled.answers.get(asked.name)
    if isinstance(asked.ask, Photos) and count:
        return [_("已收到 {count} 张。").format(count=count)]
    return []


def _loose(asked: Asked) -> Rows:
    """Where words may go that found no place: a new household, or the findings."""
    words = asked.filled.loose
    if not words:
        return []
    made = []
    if isinstance(asked.ask, HouseholdPick) and asked.ask.allow_new:
        made.append([asked.button(_("新增“{name}”").format(name=clip(words)), "typed", asked.name)])
    place = flow.text_question(drafts.asks_of(asked.draft))
    if place and place != asked.name:
        label = _(drafts.asks_of(asked.draft)[place].label)
        made.append([asked.button(_("记到“{label}”里").format(label=label), "typed", place)])
    return made


def _last(asked: Asked) -> list[Button]:
    if not asked.ask.same_as_last or asked.many or asked.draft.step is not None:
        return []
    household = asked.filled.answers.get("household")
    found = reporting.last_answer(
        asked.turn.db, asked.draft, asked.name, household if isinstance(household, int) else None
    )
    if found is None:
        return []
    return [asked.button(_("同上次：{answer}").format(answer=clip(found[1])), "last")]


def _foot(asked: Asked) -> list[Button]:
    draft, asks = asked.draft, drafts.asks_of(asked.draft)
    made = []
    if flow.next_question(asks, asked.filled.answers) is None:
        made.append(keys.of(draft, _("‹ 返回"), "sum"))
    elif (before := flow.before(asks, asked.filled.answers, asked.name)) is not None:
        label = _("换村") if isinstance(asks[before], Village) else _("‹ 上一步")
        made.append(asked.button(label, "back"))
    if asked.ask.optional and asked.filled.answers.get(asked.name):
        made.append(asked.button(_("清空"), "skip"))
    elif asked.ask.optional and not made:
        made.append(asked.button(_("跳过"), "skip"))
    return [*made, keys.of(draft, _("取消"), "cancel")]


def summary(turn: Turn, draft: Draft, filled: Filling, note: str = "") -> tuple[str, Rows]:
    """The card of a draft that may be sent."""
    asks = drafts.asks_of(draft)
    text = [
        *_filled(turn, draft, filled),
        *_changed(turn, draft, filled),
        *_hint(asks, filled, _again(turn, draft)),
    ]
    more = [
        keys.of(draft, "+ " + _(asks[name].label), "ask", name) for name in flow.left(asks, filled.answers)
    ]
    edit = keys.of(draft, _("修改"), "edit")
    return _text(text, filled, note), [
        [keys.of(draft, _send_label(draft), "send")],
        *keys.rows([edit, *more], 3),
        [keys.of(draft, _("取消"), "cancel")],
    ]


def _hint(asks: flow.Asks, filled: Filling, again: bool) -> list[str]:
    name = flow.photo_question(asks)
    if again:
        return ["", escape(_("补拍的照片直接发过来；要改文字，点“修改”。"))]
    if name is None or filled.answers.get(name):
        return []
    return ["", escape(_("有照片直接发过来就行。"))]


def _again(turn: Turn, draft: Draft) -> bool:
    """A completion that was sent back: what was said then stands there already."""
    if draft.step != COMPLETE or draft.report_id is None:
        return False
    return turn.db.get_one(Report, draft.report_id).returned


def _send_label(draft: Draft) -> str:
    labels = {drafts.CORRECT: _("✓ 发送更正"), drafts.WITHDRAW: _("确认撤回")}
    return labels.get(draft.step or "", _("✓ 发送"))


def _changed(turn: Turn, draft: Draft, filled: Filling) -> list[str]:
    """What a correction changes, line by line."""
    if draft.step != drafts.CORRECT or draft.report_id is None:
        return []
    old = reporting.sees(turn.db, turn.db.get_one(Report, draft.report_id))
    changed = flow.changes(old, lines(turn, draft, filled))
    if not changed:
        return ["", escape(_("还没有改动。点“修改”，选要改的一行。"))]
    told = [
        labelled(escape(label), f"<s>{escape(clip(was, 60))}</s> → {escape(clip(now, 60))}")
        for label, was, now in changed
    ]
    return ["", f"<b>{escape(_('改动'))}</b>", *told]


def edit(turn: Turn, draft: Draft, filled: Filling) -> tuple[str, Rows]:
    """Which line to change."""
    made = [
        [keys.of(draft, labelled(label, clip(text, 24)), "ask", name)]
        for name, label, text in lines(turn, draft, filled)
    ]
    text = [*_filled(turn, draft, filled), "", f"<b>{escape(_('改哪一行？'))}</b>"]
    return _text(text, filled), [*made, [keys.of(draft, _("‹ 返回"), "sum")]]


def note(turn: Turn, draft: Draft, filled: Filling) -> tuple[str, Rows]:
    """Words without a report: what are they about?"""
    words = str(filled.answers.get("findings", ""))
    text = [escape(_("收到：")), f"<blockquote>{escape(clip(words, LINE))}</blockquote>"]
    text.append(f"<b>{escape(_('要报什么？文字会带过去。'))}</b>")
    return "\n".join(text), [
        [keys.of(draft, label, "kind", kind) for kind, label in _offered(turn.person())],
        [keys.of(draft, _("不用了"), "cancel")],
    ]


def _offered(actor: Actor) -> list[tuple[str, str]]:
    """What words may become, by who writes them: the kinds of their commands."""
    team = [("visit", _("走访")), ("hardship", _("困难")), ("photo", _("照片")), ("house", _("危房"))]
    return [
        *(team if actor.has(Role.MEMBER, Role.LEADER) else []),
        *([("rectification", _("交办"))] if actor.regions() else []),
    ]


def cancelled(turn: Turn, draft: Draft) -> tuple[str, Rows]:
    text = _("已取消：{title}。内容还在，可以恢复。").format(title=head(turn, draft))
    return escape(text), [[keys.of(draft, _("恢复"), "undo")]]


def aside(turn: Turn, draft: Draft) -> tuple[str, Rows]:
    """A draft that waits while another is being filled in."""
    text = _("草稿已存：{draft}").format(draft=called(turn, draft))
    return escape(text), [[keys.of(draft, _("继续填写"), "use")]]


def called(turn: Turn, draft: Draft) -> str:
    """A draft in one line: its kind and its first answers."""
    texts = [text for _name, _label, text in lines(turn, draft, drafts.filling(turn.db, draft))]
    return " · ".join([head(turn, draft), *(clip(text.replace("\n", " ")) for text in texts[:3])])


def head(turn: Turn, draft: Draft) -> str:
    title = drafts.title_of(draft)
    if draft.step is None or draft.report_id is None:
        issued = draft.kind in KINDS and KINDS[draft.kind].issued
        return _("交办{title}").format(title=title) if issued else title
    number = turn.db.get_one(Report, draft.report_id).number
    names = {drafts.CORRECT: _("更正 {number}"), drafts.WITHDRAW: _("撤回 {number}")}
    return names.get(draft.step, title + " {number}").format(number=number)


def lines(turn: Turn, draft: Draft, filled: Filling) -> flow.Lines:
    asks = drafts.asks_of(draft)
    return flow.lines(asks, filled.answers, picking.texts(turn.db, asks, filled.answers))


def _filled(turn: Turn, draft: Draft, filled: Filling, but: str = "") -> list[str]:
    asks = drafts.asks_of(draft)
    shown = [
        line for line in lines(turn, draft, filled) if line[0] != but or isinstance(asks[but], Choice | Text)
    ]
    return [
        f"<b>{escape(head(turn, draft))}</b>",
        *(escape(clip(line, LINE)) for line in drafts.about(turn.db, draft)),
        *(escape(labelled(label, clip(text, LINE))) for _name, label, text in shown),
    ]


def _text(text: list[str], filled: Filling, note: str = "") -> str:
    notes = [note] if note else []
    if filled.dropped:
        notes.append(_("表格有更新，这些内容没有带过来：{names}").format(names=listed(filled.dropped)))
    told = ["", *(f"<i>{escape(one)}</i>" for one in notes)] if notes else []
    return "\n".join([*text, *told])


def clip(text: str, length: int = SHORT) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
