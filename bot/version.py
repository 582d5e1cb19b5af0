"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("zhucun")
except PackageNotFoundError:  # run from its folder without being installed
    VERSION = "?"
