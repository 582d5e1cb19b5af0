"""One record as a Word document in the layout of official papers (reports/official.py). Heavy: for a process of its
own."""

from collections.abc import Sequence

from reports import official
from reports.case_paper import CasePaper
from reports.official import LARGE, RED, SMALL, TITLE, line, write
from reports.paper_photos import photos
from storage.texts import _


def draw(case: CasePaper, shown: Sequence[bytes]) -> bytes:
    """The document with those pictures, in the order of its photos; one that cannot be read is left out."""
    paper = official.blank()
    official.centred(paper, case.issuer, TITLE, LARGE, RED)
    official.ruled(official.centred(paper, _("编号：{number}").format(number=case.number)))
    official.title(paper, _("{kind}记录").format(kind=case.kind))
    official.section(paper, 1, _("基本情况"))
    official.table(paper, (_("项目"), _("内容")), case.facts, (40, 116))
    official.section(paper, 2, _("内容"))
    for text in (*case.answers, *case.beside):
        write(line(paper, indent=True), text)
    official.section(paper, 3, _("办理经过"))
    official.table(paper, (_("时间"), _("经办人"), _("事项")), case.life, (40, 26, 90))
    if case.clocks:
        official.section(paper, 4, _("时限"))
        heads = (_("时限"), _("开始"), _("到期"), _("结果"))
        official.table(paper, heads, case.clocks, (36, 38, 38, 44))
    if case.names_hidden:
        write(line(paper), _("姓名和号码打码。"), size=SMALL)
    about = [label for _sha, label in case.photos]
    photos(paper, _("附：照片"), list(zip(shown, about, strict=True)), case.more)
    return official.whole(paper)
