"""A month's diary as a Word document in the official layout. Heavy: for a process of its own."""

from reports import official
from reports.diaries import Month, count, head, lines, where
from reports.official import HEAD, line, write
from storage.texts import _, labelled, speaking

PAPER = "zh"


def draw(month: Month) -> bytes:
    with speaking(PAPER):
        return document(month)


def document(month: Month) -> bytes:
    page = official.blank()
    title = _("驻村工作日记（{year}年{month}月）").format(year=month.first.year, month=month.first.month)
    official.title(page, title)
    write(line(page), _("{name}　{team}").format(name=month.name, team=month.team))
    write(line(page), labelled(_("驻村天数"), count(month.counted)))
    for one in month.pages:
        made = line(page, indent=True)
        made.paragraph_format.keep_with_next = True
        write(made, head(one.day.day), HEAD)
        write(made, f"　{where(one.day)}")
        for text in lines(one):
            write(line(page, indent=True), text)
    official.signed(page, month.name)
    return official.whole(page)
