"""What the states of a report are called."""

from storage.report import Report, ReportState
from storage.texts import N_, _

STATES = {
    ReportState.SENT: N_("已发送"),
    ReportState.WITHDRAWN: N_("已撤回"),
    ReportState.OPEN: N_("待核查"),
    ReportState.VERIFIED: N_("待评议公示"),
    ReportState.PUBLISHED: N_("公示中"),
    ReportState.SUPPORTED: N_("监测帮扶中"),
    ReportState.ORDINARY: N_("一般帮扶中"),
    ReportState.SECURED: N_("已兜底，继续监测"),
    ReportState.PROPOSED: N_("待核实销号"),
    ReportState.RESOLVED: N_("已解决"),
    ReportState.NOT_TRUE: N_("不属实"),
    ReportState.NOT_OURS: N_("不属本部门"),
    ReportState.VANISHED: N_("自行消除"),
    ReportState.NOT_NOW: N_("暂不具备条件"),
    ReportState.FOUND: N_("待上报"),
    ReportState.REPORTED: N_("待鉴定"),
    ReportState.DANGEROUS: N_("危房，待安置"),
    ReportState.REHOUSED: N_("已安置，待改造"),
    ReportState.REBUILT: N_("待改造验收"),
    ReportState.PASSED: N_("验收合格"),
    ReportState.SAFE: N_("鉴定为安全"),
    ReportState.ISSUED: N_("待整改"),
    ReportState.COMPLETED: N_("待验收"),
    ReportState.ACCEPTED: N_("已验收"),
    ReportState.STRUCK_OFF: N_("已销号"),
}


def state_of(report: Report) -> str:
    """The report's state in words; one sent back says so, because somebody owes a correction."""
    return _("退回待改") if report.returned else _(STATES[report.state])
