"""Conversations as people have them, through the sandbox and the real bot, compared word by word."""

from pathlib import Path

import pytest

from tests.talk import FILES, dump, moves_the_clock, run
from tests.world import World


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_talk_goes_as_written(world: World, path: Path, request: pytest.FixtureRequest) -> None:
    if moves_the_clock(path):
        world = request.getfixturevalue("fresh_world")
        world.start()
        world.ready()
    run(world, path, FILES.index(path), regold=bool(request.config.getoption("--regold")))


def test_there_are_talks() -> None:
    assert {"visit", "photo", "hardship", "correction"} <= {path.stem for path in FILES}


def test_a_written_talk_reads_like_the_screen() -> None:
    script = {"who": "member", "steps": [{"say": "/visit", "hears": {"member": ["走访\n村：本村\n[取消]"]}}]}
    assert "- |-\n" in dump(script)
