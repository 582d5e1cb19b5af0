"""Asks the API whatever its own description allows, and what it does not, over real HTTP: every answer must be as
described. `python -m tests.api_schema --examples 200` asks longer than the tests do."""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from storage import household_list
from storage.people import Role
from tests.bot.api.programs import Programs, programs
from tests.storage.asking import NOW, PLACES, add_full, add_photo

_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def furnish(here: Programs) -> None:
    """Something of everything, so that answers have content."""
    people, teams = here.county.people, here.county.teams
    with here.store.writing() as session:
        home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
        for number in range(5):
            answers = {
                "village": PLACES[0],
                "household": home.id,
                "purposes": ["safety"],
                "findings": "屋顶漏雨",
            }
            at = NOW - timedelta(hours=number)
            made = add_full(session, "visit", people["王爱民"], answers, team=teams["一队"], at=at)
            add_photo(session, made)


def ask(url: str, token: str, examples: int, seed: int) -> Counter[int]:
    """Every resource in both ways, so many examples each; how often which status came. Raises what schemathesis finds
    wrong."""
    found: Counter[int] = Counter()
    schema: Any = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for mode in _MODES:
        for one in schema.get_all_operations():
            _try(one.ok(), mode, {"Authorization": f"Bearer {token}"}, examples, seed, found)
    return found


def _try(
    operation: Any,
    mode: GenerationMode,
    headers: dict[str, str],
    examples: int,
    seed: int,
    found: Counter[int],
) -> None:
    if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
        return  # nothing of it can be wrong

    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(mode, headers=headers))
    def one(case: Any) -> None:
        answer = case.call_and_validate()
        found[answer.status_code] += 1

    one._hypothesis_internal_use_seed = seed  # type: ignore[attr-defined] # hypothesis.seed sets it so
    one()


async def tried(folder: Path, examples: int, seed: int) -> Counter[int]:
    """The same against a county of its own."""
    async with programs(folder) as here:
        furnish(here)
        token = here.program(Role.ADMIN, "").token
        return await asyncio.to_thread(ask, here.url, token, examples, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given_ = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(tried(Path(folder), given_.examples, given_.seed))
    sys.stdout.write(f"{sum(found.values())} answers as described: {dict(sorted(found.items()))}\n")


if __name__ == "__main__":
    main()
