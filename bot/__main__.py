"""`python -m bot …` is `zhucun …`."""

from bot.cli import main

main()
