"""The measuring itself: latencies count from when an update was due, nobody's message is taken for an answer,
the server keeps getUpdates' rule, and goals are judged on the right side."""

import asyncio
from typing import Any

import orjson
import pytest

from tests.benchmarks import talks
from tests.benchmarks.api import Api, _fields
from tests.benchmarks.contenders import REDIS, ZHUCUN
from tests.benchmarks.load import Heard, Load, percentile
from tests.benchmarks.measuring import Run
from tests.benchmarks.tables import Goal, goals, markdown, medians
from tests.benchmarks.talks import VISIT, Step


def run_of(name: str, per_second: float) -> Run:
    return Run(name, per_second, 1000, 1, 2, 3, 4, 100, 5, 1.8)


async def updates_of(api: Api, offset: int = 0, wait: int = 0) -> list[dict[str, Any]]:
    answer = orjson.loads(await api.call("getupdates", {"offset": str(offset), "timeout": str(wait)}))
    found: list[dict[str, Any]] = answer["result"]
    return found


async def answer(api: Api, chat: int, text: str, labels: tuple[str, ...] = ()) -> None:
    keyboard = {"inline_keyboard": [[{"text": one, "callback_data": f"d:{one}"}] for one in labels]}
    markup = {"reply_markup": orjson.dumps(keyboard).decode()} if labels else {}
    await api.call("sendmessage", {"chat_id": str(chat), "text": text, **markup})


async def test_an_offset_confirms_what_is_below_it() -> None:
    api = Api(lambda _chat, _message: None)
    api.post(message={"text": "一"})
    api.post(message={"text": "二"})
    first, second = await updates_of(api)
    assert [one["update_id"] for one in await updates_of(api)] == [first["update_id"], second["update_id"]]
    assert await updates_of(api, second["update_id"]) == [second]
    assert await updates_of(api, second["update_id"] + 1) == []


async def test_a_user_presses_what_it_sees_and_ignores_what_is_no_answer() -> None:
    load = Load((Step(types="走访", answer="户主"), Step(presses="户主", answer="完")), 1)
    user = load._idle[0].chat
    phase = asyncio.create_task(load.closed(2, 1))
    await asyncio.sleep(0)
    (typed,) = await updates_of(load.api)
    assert typed["message"]["text"] == "走访"
    await answer(load.api, user, "提醒：本周还没有走访。")
    assert len(await updates_of(load.api)) == 1, "a reminder is nobody's answer"
    await answer(load.api, user, "哪一户？", ("户主甲", "户主乙"))
    (pressed,) = await updates_of(load.api, typed["update_id"] + 1)
    assert pressed["callback_query"]["data"] == "d:户主甲"
    await answer(load.api, user, "完")
    assert len((await phase).latencies) == 2


async def test_a_steady_rate_counts_from_when_an_update_was_due() -> None:
    load = Load((Step(types="一", answer="好"),), 1)
    user = load._idle[0].chat
    phase = asyncio.create_task(load.paced(2, 100_000))
    (first,) = await updates_of(load.api, wait=5)
    await asyncio.to_thread(lambda: None)  # both are due by now, and the one user is still waiting
    await answer(load.api, user, "好")
    await updates_of(load.api, first["update_id"] + 1, wait=5)
    await answer(load.api, user, "好")
    assert len((await phase).latencies) == 2
    assert min((await phase).latencies) > 0


def test_a_button_that_is_missing_is_said() -> None:
    message = {
        "text": "哪一户？",
        "reply_markup": {"inline_keyboard": [[{"text": "取消", "callback_data": "c"}]]},
    }
    assert talks.button(message, "取消", 5) == "c"
    with pytest.raises(LookupError, match="户主"):
        talks.button(message, "户主", 0)


def test_each_step_of_the_visit_is_typed_or_pressed() -> None:
    assert all(bool(step.types) != bool(step.presses) for step in VISIT)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"application/json", '{"text": "好", "chat_id": 7}'.encode()),
        (b"application/x-www-form-urlencoded", b"text=%E5%A5%BD&chat_id=7"),
        (
            b"multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n好\r\n'
            '--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n7\r\n--x--\r\n'.encode(),
        ),
    ],
)
def test_a_form_is_read_as_each_library_sends_it(kind: bytes, body: bytes) -> None:
    assert _fields(kind, body) == {"text": "好", "chat_id": "7"}


@pytest.mark.parametrize(("share", "found"), [(0.5, 6), (0.99, 10), (0, 1)])
def test_percentiles(share: float, found: float) -> None:
    assert percentile([float(one) for one in range(10, 0, -1)], share) == found


def test_nothing_measured_is_an_error() -> None:
    with pytest.raises(ValueError):
        Heard().at(0.5)


@pytest.mark.parametrize(
    ("measured", "least", "met"), [(1.1, True, True), (0.9, True, False), (0.9, False, True)]
)
def test_a_goal_is_met_on_its_own_side(measured: float, least: bool, met: bool) -> None:
    goal = Goal("speed", measured, 1, least)
    assert goal.met is met
    assert str(goal) == f"speed {measured:.2f} 1 {'ok' if met else 'short'}"


def test_medians_and_the_table() -> None:
    runs = [run_of(ZHUCUN, speed) for speed in (10, 30, 20)] + [run_of(REDIS, 40)]
    assert medians(runs)[ZHUCUN].per_second == 20
    assert "| 20 (10–30) |" in markdown(runs)
    assert goals(runs)[0] == Goal("2.updates_beside_redis", 0.5, 2.5, least=True)
    assert goals([run_of(REDIS, 40)]) == []
