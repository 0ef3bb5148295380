package incident_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// secret stands in every text that the random people type, so that a leak of one
// can be found.
const secret = "zebra"

// reporter lets a World fail a rapid test, so that rapid finds the shortest way there.
type reporter struct {
	testing.TB
	rt *rapid.T
}

func (r reporter) Helper()                      { r.rt.Helper() }
func (r reporter) Error(args ...any)            { r.rt.Error(args...) }
func (r reporter) Errorf(f string, args ...any) { r.rt.Errorf(f, args...) }
func (r reporter) Fatal(args ...any)            { r.rt.Fatal(args...) }
func (r reporter) Fatalf(f string, args ...any) { r.rt.Fatalf(f, args...) }

// chance draws arguments: mostly such as make sense, sometimes such as do not.
type chance struct {
	*rapid.T
	w *incidenttest.World
}

func pick[V any](c chance, name string, from ...V) V { return rapid.SampledFrom(from).Draw(c.T, name) }

func (c chance) text() string {
	return pick(c, "text", secret+" crossing", secret+" crossing", secret+" queue is full", secret+" & <b> <!channel> *x* `y`\nz",
		"ask <@bob> about the "+secret, strings.Repeat(secret, 601), " ", "")
}

func (c chance) who() incident.PersonID {
	return pick(c, "who", ana, ana, bob, bob, cleo, guest, incidenttest.Robot, incidenttest.Gone, incidenttest.Nobody, incident.System)
}

// at is a time that is mostly left out or past.
func (c chance) at() time.Time {
	minutes := pick(c, "minutes", 0, 0, 0, -1, -7, -90, -3000, 1, 30)
	if minutes == 0 {
		return time.Time{}
	}
	return c.w.Now.Add(time.Duration(minutes) * time.Minute)
}

func (c chance) number() int { return rapid.IntRange(0, 6).Draw(c.T, "number") }

// lint is what a document said and what was found in it.
func (c chance) lint() incident.Lint {
	l := incident.Lint{Hash: pick(c, "hash", "5f3a", "77b1", ""), Kept: 20, Of: 24}
	if c.yes() {
		l.Findings = []incident.Finding{{Rule: "L12", Where: "What happened", Quote: secret}}
	}
	return l
}

func (c chance) yes() bool { return rapid.Bool().Draw(c.T, "yes") }

func (c chance) entry() int64 {
	return rapid.Int64Range(0, int64(len(c.w.Records))+1).Draw(c.T, "entry")
}

// held is mostly an update or a deadlock that is there.
func (c chance) held() int64 {
	entries := []int64{1}
	for _, u := range c.w.Incident.Log.Updates {
		entries = append(entries, u.Seq)
	}
	for _, d := range c.w.Incident.Board.Deadlocks {
		entries = append(entries, d.Seq)
	}
	return pick(c, "held", entries...)
}

// notice is mostly a text for the status page.
func (c chance) notice() int64 {
	entries := []int64{1}
	for _, n := range c.w.Incident.Log.Public.Notices {
		entries = append(entries, n.Seq)
	}
	return pick(c, "notice", entries...)
}

// pinned is an entry that is a message.
func (c chance) pinned() int64 {
	for _, message := range []string{"C1:1", "C1:2"} {
		if entry, ok := c.w.Incident.Log.Pins[message]; ok {
			return entry
		}
	}
	return 0
}

func (c chance) due() incident.Civil {
	days := pick(c, "days", 0, 3, 14, 60, -1)
	if c.number() == 6 {
		return incident.Civil{}
	}
	return incident.CivilOf(c.w.Now.AddDate(0, 0, days), time.UTC)
}

func (c chance) service() string {
	return pick(c, "service", "checkout-api", "cart", "db", "Not a name")
}

// commands draws the arguments of every verb. Verbs that begin and end
// an incident stand for themselves in rare.
var commands = map[string]func(chance) incident.Command{
	"note": func(c chance) incident.Command { return incident.AddNote{Text: c.text(), At: c.at()} },
	"call": func(c chance) incident.Command {
		if c.number() == 0 {
			return incident.SetCall{Provider: pick(c, "room", "meet", "zoom"), Room: true}
		}
		return incident.SetCall{URL: pick(c, "url", "https://meet.example.org/x", "https://meet.example.org/y", "http://x", "")}
	},
	"call_room":    func(c chance) incident.Command { return incident.OfferCall{Provider: pick(c, "room", "meet", "zoom")} },
	"lead":         func(c chance) incident.Command { return incident.Lead{Who: c.who(), Confirmed: c.yes()} },
	"lead_accept":  func(chance) incident.Command { return incident.AcceptLead{} },
	"lead_decline": func(chance) incident.Command { return incident.DeclineLead{} },
	"handover":     func(c chance) incident.Command { return incident.Handover{To: c.who()} },
	"join":         func(chance) incident.Command { return incident.Join{} },
	"invite": func(c chance) incident.Command {
		return incident.InvitePeople{Who: []incident.PersonID{c.who(), c.who()}}
	},
	"invite_refused": func(c chance) incident.Command {
		return incident.RefuseInvitations{Who: []incident.PersonID{c.who()}, Reason: "user_is_restricted"}
	},
	"task_add": func(c chance) incident.Command {
		return incident.AddTask{Text: c.text(), Owner: c.who(), Confirmed: c.yes()}
	},
	"task_join":    func(c chance) incident.Command { return incident.JoinTask{Number: c.number()} },
	"task_done":    func(c chance) incident.Command { return incident.FinishTask{Number: c.number()} },
	"task_assign":  func(c chance) incident.Command { return incident.AssignTask{Number: c.number(), Who: c.who()} },
	"task_drop":    func(c chance) incident.Command { return incident.DropTask{Number: c.number(), Reason: c.text()} },
	"task_confirm": func(chance) incident.Command { return incident.ConfirmTasks{} },
	"service": func(c chance) incident.Command {
		return incident.RateService{Name: c.service(), Confirmed: c.yes(), State: pick(c, "state", incident.Unrated, incident.Bleeding,
			incident.Suspect, incident.RolledBack, incident.NotNeeded, incident.Clear, incident.ServiceState("broken"), "")}
	},
	"rollback": func(c chance) incident.Command {
		return incident.RollBack{Service: c.service(), Result: pick(c, "result", "", "done", "failed", "not-needed", "odd"), Reason: c.text(), Confirmed: c.yes()}
	},
	"rollback_after": func(c chance) incident.Command {
		return incident.SettleRollback{Service: c.service(), How: pick(c, "how", incident.RolledForward, incident.Kept, "odd")}
	},
	"statuspage": func(c chance) incident.Command {
		return incident.DraftNotice{Title: c.text(), Status: pick(c, "page", "", incident.Identified, incident.NoticeStatus("odd")), Text: c.text()}
	},
	"statuspage_edit":    func(c chance) incident.Command { return incident.EditNotice{Entry: c.notice(), Text: c.text()} },
	"statuspage_stop":    func(c chance) incident.Command { return incident.StopNotice{Entry: c.notice()} },
	"statuspage_publish": func(c chance) incident.Command { return incident.PublishNotice{Entry: c.notice(), Confirmed: c.yes()} },
	"statuspage_sent": func(c chance) incident.Command {
		return incident.NoteNotice{Entry: c.notice(), Ref: "p1", URL: "https://stspg.io/x"}
	},
	"statuspage_failed": func(c chance) incident.Command {
		return incident.FailNotice{Entry: c.notice(), Reason: "it does not answer.", Final: c.yes()}
	},
	"data_repair": func(c chance) incident.Command {
		return incident.RepairData{State: pick(c, "repair", incident.RepairNone, incident.RepairNeeded, incident.RepairDone), Text: c.text()}
	},
	"decide":          func(c chance) incident.Command { return incident.MakeDecision{Text: c.text()} },
	"deadlock":        func(c chance) incident.Command { return incident.RaiseDeadlock{Question: c.text()} },
	"deadlock_settle": func(c chance) incident.Command { return incident.SettleDeadlock{Entry: c.held(), Text: c.text()} },
	"customer": func(c chance) incident.Command {
		if name := pick(c, "customer", secret+" Ltd", "Other "+secret, ""); c.yes() {
			return incident.AddCustomer{Name: name}
		} else {
			return incident.TellCustomer{Name: name, By: c.who()}
		}
	},
	"page": func(c chance) incident.Command {
		return incident.Page{Who: c.who(), Service: pick(c, "page", "", "checkout-api"), Text: c.text(), Confirmed: c.yes()}
	},
	"page_sent": func(c chance) incident.Command {
		return incident.PageWent{Number: c.number(), Way: "incident", Ref: "P1", Instead: c.yes(), Reason: pick(c, "reason", "", "unknown")}
	},
	"rollback_run": func(c chance) incident.Command {
		return incident.RunHook{Service: c.service(), Bound: incident.Bound{
			For: c.who(), Until: c.w.Now.Add(pick(c, "until", time.Minute, -time.Minute)), Nth: 1 + c.number(),
		}}
	},
	"rollback_ended": func(c chance) incident.Command {
		return incident.EndHook{Number: c.number(), State: pick(c, "end", incident.HookDone, incident.HookFailed, incident.HookAccepted,
			incident.HookUnclear, incident.HookRunning, "odd"), Reason: "exit status 1"}
	},
	"page_failed": func(c chance) incident.Command {
		return incident.FailPage{Number: c.number(), Reason: pick(c, "reason", "unknown", "refused", "unreachable", "unclear", "over"), Final: c.yes()}
	},
	"follow":   func(c chance) incident.Command { return incident.Follow{On: c.yes()} },
	"severity": func(c chance) incident.Command { return incident.SetSeverity{Level: c.number()} },
	"title":    func(c chance) incident.Command { return incident.SetTitle{Title: c.text()} },
	"detected": func(c chance) incident.Command {
		return incident.SetDetected{Source: c.source(), At: c.at(), Text: c.text()}
	},
	"first_error":   func(c chance) incident.Command { return incident.SetFirstError{At: c.at(), Text: c.text()} },
	"started":       func(c chance) incident.Command { return incident.SetStarted{At: c.at()} },
	"ack":           func(c chance) incident.Command { return incident.Acknowledge{At: c.at()} },
	"comms":         func(c chance) incident.Command { return incident.TellCustomers{At: c.at(), Text: c.text()} },
	"impact":        chance.impact,
	"timeline_edit": func(c chance) incident.Command { return incident.EditEntry{Entry: c.entry(), Text: c.text()} },
	"timeline_hide": func(c chance) incident.Command { return incident.HideEntry{Entry: c.entry(), Reason: c.text()} },
	"update":        func(c chance) incident.Command { return incident.SendUpdate{Text: c.text()} },
	"update_send":   func(c chance) incident.Command { return incident.SendNow{Entry: c.held()} },
	"update_edit": func(c chance) incident.Command {
		return incident.EditUpdate{Entry: c.held(), Text: c.text()}
	},
	"update_seen":   func(c chance) incident.Command { return incident.SeeUpdate{Entry: c.held()} },
	"update_ask":    func(c chance) incident.Command { return incident.AskAboutUpdate{Entry: c.held(), Text: c.text()} },
	"update_answer": func(c chance) incident.Command { return incident.AnswerAboutUpdate{Entry: c.entry(), Text: c.text()} },
	"update_snooze": func(chance) incident.Command { return incident.SnoozeUpdate{} },
	"update_stop":   func(c chance) incident.Command { return incident.StopUpdate{Entry: c.held()} },
	"action_add": func(c chance) incident.Command {
		return incident.AddAction{
			Who: c.who(), Due: c.due(), Text: c.text(), DoneWhen: c.text(), Replace: c.number() * c.number() / 6,
			Kind: pick(c, "kind", "", incident.Detects, "odd"), Tracker: pick(c, "tracker", "", "https://tracker.example.org/1", "x"),
		}
	},
	"action_done": func(c chance) incident.Command { return incident.FinishAction{Number: c.number()} },
	"action_move": func(c chance) incident.Command {
		return incident.MoveAction{Number: c.number(), Due: c.due(), Reason: c.text()}
	},
	"action_drop": func(c chance) incident.Command { return incident.DropAction{Number: c.number(), Reason: c.text()} },
	"action_escalate": func(c chance) incident.Command {
		return incident.EscalateAction{Number: c.number(), Who: c.who(), Due: c.due()}
	},
	"action_assign": func(c chance) incident.Command { return incident.AssignAction{Number: c.number(), Who: c.who()} },
	"action_orphan": func(c chance) incident.Command { return incident.OrphanActions{Who: c.who()} },
	"action_track": func(c chance) incident.Command {
		return incident.TrackAction{Number: c.number(), Link: pick(c, "issue", "https://github.example.org/acme/shop/issues/1", ""), Closed: c.yes(), Reason: pick(c, "reason", "", "", "GitHub answered 404.")}
	},
	"rfo_answer": func(c chance) incident.Command {
		return incident.AnswerQuestion{Question: pick(c, "question", "summary", "cause", "luck", "blame"), Text: c.text()}
	},
	"rfo_owner": func(c chance) incident.Command { return incident.OwnRFO{Who: c.who()} },
	"rfo_publish": func(c chance) incident.Command {
		return incident.PublishRFO{Lint: c.lint(), Anyway: c.yes(), Reason: c.text()}
	},
	"rfo_review": func(c chance) incident.Command { return incident.AskReview{Who: c.who()} },
	"rfo_take": func(c chance) incident.Command {
		return incident.TakeRFO{From: "the published file", Overlays: []incident.Overlay{{Section: "fix", Base: secret, Text: c.text()}}}
	},
	"rfo_export": func(c chance) incident.Command {
		return incident.ExportRFO{Target: pick(c, "target", "git", "webhook", "nowhere"), Confirmed: c.yes()}
	},
	"rfo_exported": func(c chance) incident.Command {
		return incident.NoteExport{Target: "git", Revision: 1, Place: secret}
	},
	"rfo_export_failed": func(c chance) incident.Command {
		return incident.FailExport{Target: "git", Revision: 1, Reason: "odd", Final: c.yes()}
	},
	"rfo_customer": func(c chance) incident.Command {
		return incident.WriteCustomer{Part: pick(c, "part", "summary", "contact", "final", "numbers", "next", "odd"), Text: c.text(), Yes: c.yes(), At: c.at()}
	},
	"rfo_customer_approve": func(c chance) incident.Command { return incident.ApproveCustomer{Hash: c.lint().Hash} },
	"rfo_approve":          func(c chance) incident.Command { return incident.ApproveRFO{Hash: c.lint().Hash, Blocking: 2} },
	"rfo_waive": func(c chance) incident.Command {
		return incident.WaiveFindings{Rule: "L12", Findings: c.lint().Findings, Reason: c.text()}
	},
	"channel_bound": func(c chance) incident.Command {
		return incident.BindChannel{ID: pick(c, "id", "C1", "C2", ""), Name: "inc-7"}
	},
	"channel_lost": func(chance) incident.Command { return incident.LoseChannel{Reason: "channel_archive"} },
	"pin": func(c chance) incident.Command {
		return incident.PinMessage{Message: pick(c, "message", "C1:1", "C1:2"), Author: c.who(), Text: c.text(), At: c.at()}
	},
	"unpin": func(c chance) incident.Command {
		return incident.UnpinMessage{Message: pick(c, "message", "C1:1", "C1:2")}
	},
	"pin_follow": func(c chance) incident.Command {
		return incident.FollowPin{Message: pick(c, "message", "C1:1", "C1:2"), Entry: c.pinned(), Text: c.text(), Deleted: c.yes()}
	},
	"undo": func(chance) incident.Command { return incident.Undo{} },
	"fire": func(c chance) incident.Command {
		return incident.Fire{Due: incident.Due{Kind: pick(c, "kind", append(incident.ClockKinds(), "odd")...), Key: pick(c, "key", "5", "A1"), At: c.w.Now}}
	},
}

// rare are the verbs after which most others are refused, and the way back.
var rare = map[string]func(chance) incident.Command{
	"open":      func(c chance) incident.Command { return incident.OpenIncident{Title: c.text()} },
	"mitigated": func(c chance) incident.Command { return incident.Mitigate{At: c.at(), Text: c.text()} },
	"resolve":   func(c chance) incident.Command { return incident.Resolve{Text: c.text()} },
	"cancel":    func(c chance) incident.Command { return incident.Cancel{Reason: c.text()} },
	"private": func(c chance) incident.Command {
		return incident.CopyPrivately{Of: c.w.Incident, Confirmed: c.yes()}
	},
	"private_leave": func(chance) incident.Command { return incident.LeaveToPrivate{} },
	"merge":         func(c chance) incident.Command { return c.merge() },
	"reopen":        func(c chance) incident.Command { return incident.Reopen{Reason: c.text()} },
	"rfo_skip":      func(c chance) incident.Command { return incident.SkipRFO{Reason: c.text()} },
}

func (c chance) merge() incident.Command {
	return incident.Merge{Into: incident.Brief{ID: "0190-9", Number: 5 + c.number(), Status: incident.Open}, Confirmed: c.yes()}
}

func (c chance) source() string {
	return pick(c, "source", append(incident.DetectionSources(), "luck")...)
}

func (c chance) impact() incident.Command {
	low := pick(c, "low", 0.0, 5, 12.5, 2000)
	return incident.SetImpact{
		HasNumber: c.yes(), Low: low, High: low + pick(c, "more", 0.0, 10, -1), Unit: pick(c, "unit", "users", "%", ""),
		About: c.yes(), Text: c.text(),
	}
}
