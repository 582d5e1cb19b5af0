"""docs/workflows.md from the tables: `python -m tests.workflows` draws every life anew between its marks."""

import re
from pathlib import Path

from storage.clock_rules import DEFAULTS
from storage.kinds import KINDS
from storage.states import STATES
from storage.texts import _
from storage.workflow import WHO, Workflow

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "workflows.md"


def lives() -> dict[str, Workflow]:
    return {name: kind.life for name, kind in KINDS.items() if kind.life is not None}


def drawn(life: Workflow) -> str:
    """The picture, the steps, the clocks."""
    return f"```mermaid\n{life.diagram(STATES)}\n```\n\n{life.rows(STATES)}\n\n{clocks(life)}"


def clocks(life: Workflow) -> str:
    rows = [["时限", "谁欠", "等哪一步", "默认多长"], ["---"] * 4]
    for clock in life.clocks:
        length = (
            f"由交办人定（默认 {DEFAULTS[clock.name].words}）" if clock.fixed else DEFAULTS[clock.name].words
        )
        if clock.after:
            length = f"{DEFAULTS[clock.after].words}公示之后 {length}"
        rows.append([_(clock.title), _(WHO[clock.owes]), _(life.step(clock.step).title), length])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def section(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


def main() -> None:
    text = DOCUMENT.read_text("utf-8")
    for name, life in lives().items():
        found = section(name).search(text)
        assert found is not None, f"docs/workflows.md has no part for {name}"
        text = text.replace(found[0], f"{found[1]}\n{drawn(life)}\n\n{found[2]}")
    DOCUMENT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
