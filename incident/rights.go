package incident

import "slices"

// Right is who may use a verb. Everything else that decides about access is
// the visibility gate of storage: who may not see an incident is told that
// there is none.
type Right int

// The rights, from the widest to the narrowest.
const (
	Insider Right = iota // whoever is in the incident's channel, guests too
	Full                 // a full member of the workspace
	Machine              // only Rollcall itself: its clocks and workers
)

// rule is one row of the table of rights.
type rule struct {
	who Right
	in  []Status // where the verb makes sense; nil: before the first event
}

var (
	running = []Status{Open, Mitigated}
	written = []Status{Open, Mitigated, Resolved}
	always  = []Status{Open, Mitigated, Resolved, Cancelled, Merged}
)

// rights is the table of rights and of the statuses a verb makes sense in. It
// is printed in docs/ARCHITECTURE.md, which a test holds against it.
var rights = map[string]rule{
	"open":            {Full, nil},
	"private":         {Full, nil},
	"private_leave":   {Full, running},
	"note":            {Insider, always},
	"task_add":        {Insider, running},
	"undo":            {Insider, always},
	"fire":            {Machine, always},
	"call":            {Insider, written},
	"call_room":       {Machine, running},
	"lead":            {Insider, running},
	"lead_accept":     {Insider, running},
	"lead_decline":    {Insider, running},
	"handover":        {Insider, running},
	"join":            {Insider, always},
	"invite":          {Insider, always},
	"invite_refused":  {Machine, always},
	"task_join":       {Insider, written},
	"task_done":       {Insider, written},
	"task_assign":     {Insider, written},
	"task_drop":       {Insider, written},
	"task_confirm":    {Insider, running},
	"service":         {Insider, written},
	"rollback":        {Full, written},
	"rollback_after":  {Full, written},
	"rollback_run":    {Full, written},
	"rollback_ended":  {Machine, always},
	"decide":          {Insider, running},
	"deadlock":        {Insider, running},
	"deadlock_settle": {Insider, written},
	"data_repair":     {Insider, written},
	"customer":        {Insider, written},
	"follow":          {Insider, always},
	"follow_service":  {Full, nil},

	"severity":      {Insider, written},
	"title":         {Insider, written},
	"detected":      {Insider, written},
	"first_error":   {Insider, written},
	"started":       {Insider, written},
	"ack":           {Insider, written},
	"comms":         {Insider, written},
	"impact":        {Insider, written},
	"timeline_edit": {Insider, always},
	"timeline_hide": {Insider, always},
	"mitigated":     {Insider, written},
	"resolve":       {Insider, written},
	"reopen":        {Insider, always},
	"cancel":        {Insider, always},
	"merge":         {Insider, written},
	"update":        {Insider, written},
	"update_send":   {Insider, written},
	"update_stop":   {Insider, written},
	"update_edit":   {Insider, written},
	"update_seen":   {Insider, always},
	"update_ask":    {Insider, written},
	"update_answer": {Insider, always},
	"update_snooze": {Insider, running},

	"statuspage":         {Insider, always},
	"statuspage_edit":    {Insider, always},
	"statuspage_stop":    {Insider, always},
	"statuspage_publish": {Full, always},
	"statuspage_sent":    {Machine, always},
	"statuspage_failed":  {Machine, always},

	"action_add":      {Insider, written},
	"action_done":     {Insider, always},
	"action_move":     {Insider, always},
	"action_drop":     {Insider, always},
	"action_escalate": {Insider, always},
	"action_assign":   {Insider, always},
	"action_orphan":   {Machine, always},
	"action_track":    {Machine, always},
	"rfo_answer":      {Insider, written},
	"rfo_owner":       {Insider, written},
	"rfo_skip":        {Insider, written},
	"rfo_publish":     {Full, written},
	"rfo_review":      {Insider, written},
	"rfo_approve":     {Full, written},
	"rfo_waive":       {Full, written},
	"rfo_take":        {Machine, always},
	"rfo_export":      {Full, written},

	"rfo_exported":      {Machine, always},
	"rfo_export_failed": {Machine, always},

	"rfo_customer":         {Full, written},
	"rfo_customer_approve": {Full, written},
	"channel_bound":        {Machine, always},
	"list":                 {Full, always},
	"overdue":              {Full, always},
	"similar":              {Full, always},
	"page":                 {Full, running},
	"page_sent":            {Machine, always},
	"page_failed":          {Machine, always},
	"channel_lost":         {Machine, always},
	"alarm_attach":         {Insider, written},
	"alarm_ignore":         {Full, nil},
	"alarm_raise":          {Machine, always},
	"alarm_clear":          {Machine, always},
	"alarm_note":           {Machine, always},
	"alarm_people":         {Machine, always},
	"alarm_unacked":        {Machine, running},
	"pin":                  {Insider, always},
	"unpin":                {Insider, always},
	"pin_follow":           {Machine, always},
}

// May refuses somebody a verb that the table of rights does not give them. A verb
// that is not in the table only shows what the visibility gate lets through.
func May(verb string, who Person) error {
	r, ok := rights[verb]
	switch {
	case who.ID == System || !ok:
		return nil
	case r.who == Machine:
		return refuse(Forbidden, "refuse.verb", "verb", verb)
	case who.Inactive || who.Bot && !who.Full:
		return refuse(Forbidden, "refuse.stranger")
	case r.who == Full && !who.Full:
		return refuse(Forbidden, "refuse.guest", "verb", verb)
	}
	return nil
}

// permit checks a command against the table of rights.
func permit(i *Incident, c Command, f Facts) error {
	r, ok := rights[c.Verb()]
	if !ok {
		return refuse(Forbidden, "refuse.verb", "verb", c.Verb())
	}
	if err := May(c.Verb(), f.Actor); err != nil {
		return err
	}
	if r.in == nil {
		if i.Head != 0 {
			return refuse(Conflict, "refuse.exists", "key", i.Key())
		}
		return nil
	}
	if !slices.Contains(r.in, i.Life.Status) {
		return refuse(Conflict, "refuse.status."+string(i.Life.Status), "key", i.Key(), "verb", c.Verb(),
			"into", i.mergedInto())
	}
	return nil
}
