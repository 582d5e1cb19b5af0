"""What the states of a report are called."""

from storage.report import Report, ReportState
from storage.texts import N_, _

STATES = {
    ReportState.SENT: N_("已发送"),
    ReportState.WITHDRAWN: N_("已撤回"),
    ReportState.OPEN: N_("待核查"),
    ReportState.ISSUED: N_("待整改"),
    ReportState.COMPLETED: N_("待验收"),
    ReportState.ACCEPTED: N_("已验收"),
    ReportState.STRUCK_OFF: N_("已销号"),
}


def state_of(report: Report) -> str:
    """The report's state in words; one sent back says so, because somebody owes a correction."""
    return _("退回待改") if report.returned else _(STATES[report.state])
