"""The API answers as its description says, whatever it is asked (`python -m tests.api_schema` asks longer)."""

from pathlib import Path

from bot.api.resources import RESOURCES
from tests.api_schema import tried


async def test_every_answer_is_as_described(tmp_path: Path) -> None:
    found = await tried(tmp_path, examples=2, seed=1)
    assert set(found) <= {200, 404, 422}, "whatever is wrong is said to be wrong"
    assert sum(found.values()) >= 3 * len(RESOURCES)
    assert min(found[200], found[422]) >= len(RESOURCES) // 2
