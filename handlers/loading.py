"""Loads aiogram without building what is never used.

While it is loaded, aiogram builds the validators of all its 444 types: two thirds of a start, and much of the
memory. Here each one is built when it is first used, with the names that aiogram says its annotations mean.
"""

import importlib
import sys
from typing import Any

from pydantic import BaseModel

_BUILD = "model_rebuild"


def load() -> None:
    """Load aiogram, once; where it is loaded already, nothing is done."""
    if "aiogram" in sys.modules:
        return
    names: dict[str, Any] = {}
    build: Any = BaseModel.__dict__[_BUILD]

    def put_off(cls: type[BaseModel], /, **given: Any) -> bool | None:
        if not cls.__module__.startswith("aiogram."):
            return bool(build.__func__(cls, **given))
        names.update(given.get("_types_namespace") or {})
        return None

    def build_now(cls: type[BaseModel], /, **given: Any) -> bool | None:
        found: bool | None = build.__func__(cls, **given | {"_types_namespace": names})
        return found

    setattr(BaseModel, _BUILD, classmethod(put_off))
    try:
        types, methods = (importlib.import_module(f"aiogram.{part}.base") for part in ("types", "methods"))
    finally:
        setattr(BaseModel, _BUILD, build)
    for kind in (types.TelegramObject, methods.TelegramMethod):
        setattr(kind, _BUILD, classmethod(build_now))
