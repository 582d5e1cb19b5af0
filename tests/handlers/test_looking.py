"""Numbers in what people type, in a chat: masked at once, opened with a reason, and who looked."""

from sqlmodel import col, select

from storage.errands import Errand
from storage.letters import Letter, LetterState
from tests.drawn import drawn
from tests.phone import Phone
from tests.screen import words
from tests.world import World

ID, PHONE = "11010519491231002X", "13812345678"
SAID = f"他的身份证{ID}，女儿电话{PHONE}"


def on_screen(phone: Phone) -> str:
    return "\n".join(words(one) for one in phone.screen())


def visits(phone: Phone, household: str, text: str) -> str:
    """The number of the receipt."""
    phone.says("/visit")
    phone.presses(household)
    phone.presses("了解情况")
    phone.says(text)
    phone.hears("1101**********002X")
    phone.presses("发送")
    return str(phone.hears("ZF-")["text"])


def test_numbers_leave_the_chat_and_come_back_with_a_reason(world: World) -> None:
    phone = world.member
    visits(phone, "李大山", SAID)
    phone.hears("已加密保存", ever=True)
    world.settled(60)
    assert ID not in on_screen(phone)
    assert PHONE not in on_screen(phone)
    phone.says("/mine")
    phone.presses("李大山")
    record = phone.hears("138****5678")
    assert PHONE not in str(record)
    phone.presses("看号码")
    phone.hears("为什么要看")
    phone.presses("联系本人或家属")
    shown = str(phone.hears("看完请点")["text"])
    assert ID in shown
    assert PHONE in shown
    phone.presses("收起")
    phone.hears("138****5678")
    assert PHONE not in on_screen(phone)
    phone.presses("谁看过")
    seen = str(phone.hears("最近的在前")["text"])
    assert "王磊 联系本人或家属" in seen


def test_each_draft_tells_once_what_happens_to_numbers(world: World) -> None:
    phone = world.colleague
    before = on_screen(phone).count("已加密保存")
    phone.says("/visit")
    phone.presses("王秀英")
    phone.presses("了解情况")
    phone.says(f"女儿电话{PHONE}")
    phone.hears("138****5678")
    phone.says(f"儿子电话{PHONE[:-1]}9")
    phone.hears("138****5679")
    world.settled(60)
    assert on_screen(phone).count("已加密保存") == before + 1
    phone.says("/cancel")
    phone.hears("已取消")


def test_the_message_of_a_photo_goes_when_its_bytes_are_here(world: World) -> None:
    phone = world.colleague
    phone.sends_photos([drawn(size=(777, 71))], album=False, caption=f"户主{ID}的房子")
    phone.hears("1101**********002X")
    phone.presses("发送")
    phone.hears("ZP-")
    world.settled(60)
    assert ID not in on_screen(phone)
    store = world.store()
    with store.reading() as session:
        deleted = select(Letter).where(Letter.method == "deleteMessage", Letter.state == LetterState.SENT)
        assert session.exec(deleted).first() is not None
        fetched = select(Errand).where(Errand.kind == "fetch_photo").order_by(col(Errand.id).desc())
        assert session.exec(fetched).first() is not None
    store.close()


def test_a_press_for_another_teams_numbers_is_refused(world: World) -> None:
    phone = world.member
    visits(phone, "李卫国", SAID)
    phone.says("/mine")
    phone.presses("李卫国")
    phone.hears("138****5678")
    asked = next(one for one in phone.card()["keyboard"] for one in one if one["text"] == "看号码")["data"]
    stranger = world.outsider
    stranger.says("/start")
    message = stranger.hears("台账")
    for verb in ("why", "who", "show"):
        data = asked.split("~")[0].replace("why", verb) + (":check" if verb == "show" else "")
        press = {"user": stranger.id, "message_id": message["message_id"], "data": data, "stale": True}
        told = stranger.answered(str(world.sandbox.post("press", press)["callback_query_id"]))
        assert ID not in str(told)
    world.settled(60)
    assert ID not in on_screen(stranger)
    assert "王磊" not in on_screen(stranger)
