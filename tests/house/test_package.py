"""The installed program has all that it reads: all that git holds of the rooms, locked and licensed."""

import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from PIL import ImageFont

from reports.fonts import REGULAR
from tests.house.tree import ROOMS, ROOT, report, tracked

LOCKED = ("base", "dev", "build")
NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)", re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel built from a copy of the tree, as git would commit it."""
    copy = tmp_path_factory.mktemp("tree")
    for path in tracked(ROOT):
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        "out",
        ".",
    ]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    [built] = (copy / "out").glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_the_wheel_holds_every_file_of_the_rooms(wheel: set[str]) -> None:
    names = (path.relative_to(ROOT).as_posix() for path in tracked(ROOT))
    missing = [name for name in names if name.startswith(ROOMS) and name not in wheel]
    assert not missing, report(missing)


def test_the_wheel_holds_no_tests_and_the_licences(wheel: set[str]) -> None:
    assert not [name for name in wheel if name.startswith("tests/")]
    assert {"LICENSE", "NOTICE", "OFL.txt"} <= {name.rsplit("/", 1)[-1] for name in wheel}


def unlocked(wanted: str, locked: str) -> list[str]:
    """Names asked for that the lock lacks, and locked lines without a hash."""
    broken = [name for name in _names(wanted) if _plain(name) not in map(_plain, _names(locked))]
    entries = re.split(r"\n(?=\S)", locked.strip())
    return broken + [
        entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry
    ]


def _names(requirements: str) -> list[str]:
    return NAME.findall(requirements)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKED)
def test_the_requirements_are_locked(name: str) -> None:
    folder = ROOT / "requirements"
    broken = unlocked((folder / f"{name}.in").read_text("utf-8"), (folder / f"{name}.txt").read_text("utf-8"))
    assert not broken, report(broken)


@pytest.mark.parametrize(
    ("wanted", "locked"),
    [
        ("babel\nrich", "babel==2.18.0 \\\n    --hash=sha256:00"),
        ("babel", "babel==2.18.0"),
        ("babel", "babel==2.18.0 \\\n    --hash=sha256:00\nrich==15.0.0"),
        ("babel", "babel>=2.18.0 \\\n    --hash=sha256:00"),
    ],
)
def test_an_open_requirement_is_seen(wanted: str, locked: str) -> None:
    assert len(unlocked(wanted, locked)) == 1


def test_base_and_dev_agree() -> None:
    """The tests run with what the program runs with."""
    base, dev = (set(re.findall(r"^\S+==\S+", _read(name), re.MULTILINE)) for name in ("base", "dev"))
    assert base <= dev


def _read(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


def test_the_font_draws_rare_names() -> None:
    font = ImageFont.truetype(str(REGULAR), 32)
    absent = font.getmask("\U0010fffd").getbbox(), bytes(font.getmask("\U0010fffd"))
    for character in "武清区䶮镕堃㐂㛃㵘李卫国✓①㎡𬭼":
        assert (font.getmask(character).getbbox(), bytes(font.getmask(character))) != absent, character


def test_the_check_before_landing_is_ready_to_run() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111
