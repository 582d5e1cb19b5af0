"""The English catalogue brought up to date with the code: `make texts`.

Sentences are found in the syntax tree, because Babel's own extraction does not look into f-strings; Babel
reads and writes the catalogue. English that is there stays; a new sentence comes with none, and one that
nobody says any more goes. Neither dates nor places in the code are written, so that a difference shows what
was translated and nothing else.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.house.tree import ROOMS, ROOT, Source, called, is_text, sources

MARKS = {"_", "N_"}
CATALOGUE = "storage/locale/en/LC_MESSAGES/zhucun.po"
HEAD = """\
# English of Zhucun: write it between the quotes; `make texts` brings in what the code says.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def translatable(root: Path) -> list[Source]:
    """The code whose words reach people; the sandbox plays Telegram and is no part of what we say."""
    return [source for source in sources(root, *ROOMS) if not source.name.startswith("bot/sandbox/")]


def sentences(root: Path) -> dict[str, str]:
    """Every sentence marked in the code → where it stands first."""
    found: dict[str, str] = {}
    for source in translatable(root):
        for line, sentence in sorted(_marked(source.tree)):
            found.setdefault(sentence, source.at(line))
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in MARKS and node.args and is_text(node.args[0]):
            yield node.lineno, str(node.args[0].value)


def catalogue(root: Path) -> Catalog:
    """What is translated so far. Raises PoFileError for a file that is none."""
    path = root / CATALOGUE
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def translations(root: Path) -> dict[str, Message]:
    return {str(message.id): message for message in catalogue(root) if message.id}


def update(root: Path) -> tuple[list[str], list[str]]:
    """Write the catalogue anew: the sentences that are without English now, and those that went."""
    said, known = sentences(root), translations(root)
    made = Catalog(locale="en")
    for sentence in said:
        english = known.get(sentence)
        made.add(sentence, english.string if english and not english.fuzzy else "")
    path = root / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + _written(made), "utf-8")
    return [str(one.id) for one in made if one.id and not one.string], sorted(known.keys() - said.keys())


def _written(made: Catalog) -> str:
    """The messages alone, sorted; Babel's header would carry dates and versions."""
    out = io.BytesIO()
    write_po(out, made, width=110, no_location=True, omit_header=True, sort_output=True)
    return out.getvalue().decode()


def main() -> None:
    new, gone = update(ROOT)
    for word, told in (("to translate", new), ("gone", gone)):
        sys.stdout.writelines(f"{word}: {sentence!r}\n" for sentence in told)


if __name__ == "__main__":
    main()
