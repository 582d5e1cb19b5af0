"""Fixtures that every test may ask for."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data folder (real photos, region lists), named by ZHUCUN_SHARED; skips where absent."""
    folder = (PROJECT / os.environ.get("ZHUCUN_SHARED", "../shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip(f"the shared data folder is not here: {folder} (set ZHUCUN_SHARED)")
    return folder
