package bot

// The headings of help, in its order.
const (
	groupStart  = "Start"
	groupPeople = "Lead"
	groupWork   = "Divide the work"
	groupFacts  = "Keep the record"
	groupTell   = "Tell people"
	groupEnd    = "End"
	groupRFO    = "Learn"
	groupLook   = "Look"
)

// rows is the command table: a subcommand is one row here and its file.
var rows = []*Row{
	openRow, drillRow, privateRow, callRow,
	leadRow, leadAcceptRow, leadDeclineRow, handoverRow, decideRow, deadlockRow, deadlockSettleRow,
	joinRow, inviteRow, pageRow, oncallRow,
	taskAddRow, taskReplaceRow, taskJoinRow, taskDoneRow, taskAssignRow, taskDropRow, tasksRow, taskConfirmRow,
	serviceRow, servicesRow, rollbackRow, rolledBackRow,
	noteRow, timelineRow, timelineEditRow, timelineHideRow, undoRow,
	severityRow, titleRow, startedRow, firstErrorRow, detectedRow, ackRow, impactRow,
	updateRow, updateSendRow, updateEditRow, updateStopRow, updateSeenRow, updateAskRow, updateAnswerRow, updateSnoozeRow, briefRow,
	statuspageRow, statuspagePublishRow, statuspageEditRow, statuspageTitleRow, statuspageStopRow,
	commsRow, customersRow, customerRow, followServiceRow, followRow, unfollowServiceRow, unfollowRow,
	mitigatedRow, dataRepairRow, resolveRow, reopenRow, cancelRow, mergeRow,
	rfoRow, rfoAnswerRow, rfoCheckRow, rfoWaiveRow, rfoOwnerRow, rfoReviewRow, rfoApproveRow, rfoDiffRow, rfoCustomerRow, rfoCustomerWriteRow, rfoCustomerApproveRow, rfoPublishRow, rfoAnywayRow, rfoExportRow, rfoSkipRow,
	actionAddRow, actionReplaceRow, actionDoneRow, actionMoveRow, actionDropRow, actionEscalateRow, actionAssignRow, actionsRow, overdueRow,
	listRow, similarRow, statusRow, linkRow, helpRow,
	pagedRow, calledRow,
	alarmOpenRow, alarmAttachRow, alarmIgnoreRow,
}
