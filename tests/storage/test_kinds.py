"""The declarations themselves: each kind is whole, and nothing in one is forgotten elsewhere."""

import pytest

from storage.forms import Photos, Village
from storage.forms.detail import Kind
from storage.kinds import KINDS
from storage.report import Report
from storage.tables import metadata

HEADER = {"village", "household", "team"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_answer_has_a_place_to_be_kept(kind: Kind) -> None:
    for name, ask in kind.asks.items():
        assert name in kind.table.model_fields or name in HEADER or isinstance(ask, Photos), name
    assert set(kind.table.model_fields) <= {*kind.asks, "report_id"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_asks_for_its_village_and_has_its_table(kind: Kind) -> None:
    assert isinstance(kind.asks["village"], Village)
    assert kind.table.__tablename__ in metadata.tables
    assert kind.correctable
    assert KINDS[kind.name] is kind


def test_prefixes_and_commands_are_each_used_once() -> None:
    kinds = list(KINDS.values())
    assert len({kind.prefix for kind in kinds}) == len({kind.command for kind in kinds}) == len(kinds)
    assert [KINDS[name].prefix for name in ("visit", "photo", "hardship")] == ["ZF", "ZP", "KN"]
    assert {"household_id", "village"} <= set(Report.model_fields)


def test_values_of_lists_fit_on_a_button() -> None:
    for kind in KINDS.values():
        for name, ask in kind.asks.items():
            for one in getattr(ask, "of", ()):
                assert len(f"f:flip:99999999:{name}:{one}".encode()) <= 56
