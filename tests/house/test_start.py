"""What starts fast starts without the heavy libraries: each module is imported in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, write

LIGHT = {
    "bot.cli": ("aiogram", "telegram", "matplotlib", "numpy"),
    "bot.intake": ("aiogram", "telegram", "matplotlib", "numpy"),
    "bot.delivery": ("aiogram", "matplotlib", "numpy"),
    "bot.app": ("aiogram", "apscheduler", "babel", "matplotlib", "numpy", "obstore", "rich", "telegram.ext"),
    "bot.sandbox": ("aiogram", "telegram", "matplotlib", "numpy", "sqlalchemy", "pydantic"),
}
ASK = "import sys, {module}; print(*(name for name in {heavy} if name in sys.modules))"


def heavy_imports(root: Path, module: str, heavy: tuple[str, ...]) -> list[str]:
    """Which of the heavy libraries are loaded once `module` is imported, or why it cannot be imported."""
    command = [sys.executable, "-c", ASK.format(module=module, heavy=heavy)]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return ran.stdout.split() if ran.returncode == 0 else [ran.stderr]


@pytest.mark.parametrize(("module", "heavy"), LIGHT.items())
def test_it_starts_without(module: str, heavy: tuple[str, ...]) -> None:
    assert heavy_imports(ROOT, module, heavy) == []


def test_a_heavy_import_is_seen_however_deep(tmp_path: Path) -> None:
    sample = {"light/__init__.py": "from light import deeper", "light/deeper.py": "import numpy"}
    assert heavy_imports(write(tmp_path, sample), "light", ("aiogram", "numpy")) == ["numpy"]


def test_a_module_that_is_missing_fails(tmp_path: Path) -> None:
    [why] = heavy_imports(tmp_path, "nowhere.at_all", ("aiogram",))
    assert "No module named 'nowhere'" in why
