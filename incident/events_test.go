package incident_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

var update = flag.Bool("update", false, "write golden files of new kinds and versions of events; never changes one that is there")

// samples is one event of each kind with every field filled in.
var samples = []incident.Event{
	incident.Opened{Number: 7, Title: "Checkout is down", Severity: 1, Private: true, Drill: true, ChannelName: "inc-7-checkout-is-down", Machine: true},
	incident.Noted{Text: "queue is full, says <@bob>", At: clock(14, 5)},
	incident.Undone{Command: "0190-c", Seq: 5, Touched: []string{"task:T2"}},
	incident.SeverityChanged{From: 2, To: 1},
	incident.Retitled{From: "Checkout is down", To: "Payments fail"},
	incident.WasDetected{Source: "customer", At: clock(14, 0), AtLatest: true, Text: "cannot pay"},
	incident.FirstErrorSeen{At: clock(13, 50), Text: "timeouts"},
	incident.ImpactBegan{At: clock(13, 40)},
	incident.Acknowledged{At: clock(14, 1)},
	incident.CustomersTold{At: clock(14, 20), Text: "status page"},
	incident.ImpactGiven{Low: 2000, High: 5000, Unit: "users", About: true, Text: "cannot pay"},
	incident.EntryEdited{Entry: 5, Text: "queue was full", Also: []string{"decision:E5"}},
	incident.EntryHidden{Entry: 5, Reason: "a password", Also: []string{"decision:E5"}},
	incident.WasMitigated{At: clock(14, 30), Text: "rolled back"},
	incident.WasResolved{Text: "verified", Owner: ana},
	incident.WasReopened{Reason: "it is back"},
	incident.WasCancelled{Reason: "a test"},
	incident.WasMerged{Into: "0190-9", Number: 9},
	incident.CopiedFrom{Number: 7},
	incident.WentElsewhere{},
	incident.UpdateDrafted{Entry: 9, Text: "we are looking", To: []incident.PersonID{cleo}},
	incident.UpdateWent{Entry: 9, Text: "we are looking"},
	incident.UpdateHalted{Entry: 9},
	incident.NoticeDrafted{Entry: 9, PublicWords: incident.PublicWords{
		Title: "Payments fail", Status: incident.Identified, Text: "We know why.",
		Components: []incident.Component{{Service: "checkout-api", ID: "8kbf7d35c070", State: "major_outage"}},
	}},
	incident.NoticeHalted{Entry: 9},
	incident.NoticeSent{Entry: 9, Status: incident.Identified, Text: "We know why.", Private: true},
	incident.NoticeArrived{Entry: 9, Ref: "p31zjtct2jer", URL: "https://stspg.io/p31zjtct2jer"},
	incident.NoticeBounced{Entry: 9, Reason: "it does not answer.", Final: true},
	incident.DataRepair{State: incident.RepairNeeded, Text: "orders without a payment"},
	incident.UpdateMissed{},
	incident.UpdateSeen{Entry: 9},
	incident.UpdateQuestioned{Entry: 12, Update: 9, Text: "when are refunds out?"},
	incident.UpdateAnswered{Entry: 12, Text: "on Thursday"},
	incident.UpdateSnoozed{Until: clock(14, 20)},
	incident.ActionAdded{Number: 1, Text: "alert on the age", DoneWhen: "it fired once", Does: incident.Detects, Tracker: "https://tracker.example.org/1", Owner: bob, Due: day(18), Last: true},
	incident.ActionAssigned{Number: 1, From: bob, To: cleo},
	incident.ActionOrphaned{Number: 1, Who: bob},
	incident.Reminded{Clock: "action.nudge", Key: "A1"},
	incident.ReminderHeld{Clock: "action.nudge", Key: "A1", Until: clock(15, 0)},
	incident.RFOFollowedUp{Revision: 2},
	incident.ActionFinished{Number: 1, Elsewhere: true},
	incident.ActionTracked{Number: 1, Link: issueLink},
	incident.ActionUntracked{Number: 1, Reason: "GitHub answered 404."},
	incident.ActionMoved{Number: 1, From: day(18), To: day(20), Reason: "waits for the vendor"},
	incident.ActionDeprioritised{Number: 1, Reason: "no use"},
	incident.ActionEscalated{Number: 1, From: bob, To: cleo, FromDue: day(18), Due: day(25)},
	incident.QuestionAnswered{Question: "cause", Text: "a full queue"},
	incident.RFOOwned{Who: bob},
	incident.RFOSkipped{Reason: "a test shop"},
	incident.RFOPublished{Revision: 2, Hash: "5f3a", Reason: "the vendor answers in May", Kept: 22, Of: 24},
	incident.RFODrafted{Revision: 2, Hash: "5f3a", Blocking: 3, Unapproved: true, Kept: 20, Of: 24},
	incident.ReviewAsked{Who: bob},
	incident.CustomerWritten{Part: "numbers", Text: "We are sorry.", Yes: true, At: clock(17, 0)},
	incident.CustomerApproved{Hash: "5f3a"},
	incident.RFOTaken{Overlays: []incident.Overlay{{Section: "fix", Base: "## Fix", Text: "## Fix\n\nfor good"}}, From: "the published file"},
	incident.RFOApproved{Hash: "5f3a"},
	incident.RFOExportAsked{Target: "git", Revision: 2, Approved: true},
	incident.RFOExported{Target: "git", Revision: 2, Place: "rfo/2026/INC-7-checkout-is-down.md"},
	incident.RFOExportFailed{Target: "git", Revision: 2, Reason: "the token is not accepted"},
	incident.FindingsWaived{Findings: []incident.Finding{{Rule: "L12", Where: "What happened", Quote: "Bob broke it"}}, Reason: "a quotation"},
	incident.ChannelBound{ID: "C0000007", Name: "inc-7-checkout-is-down"},
	incident.ChannelLost{Reason: "channel_archive"},

	incident.CallSet{URL: "https://meet.example.org/inc-7", Provider: "jitsi"},
	incident.CallAwaited{Provider: "meet", Asked: true},
	incident.CallOffered{URL: "https://meet.google.com/abc-defg-hij", Provider: "meet"},
	incident.LeaderProposed{Who: bob, Handover: true, Auto: true},
	incident.LeaderSet{Leader: bob, Former: ana},
	incident.LeaderDeclined{Who: bob},
	incident.LeaderAsked{},
	incident.LeaderReminded{},
	incident.LeaderMissed{Leader: bob},
	incident.LeaderAnswered{},
	incident.Joined{},
	incident.InvitationsRefused{Who: []incident.PersonID{bob}, Reason: "user_is_restricted"},
	incident.PeopleInvited{Who: []incident.PersonID{bob, cleo}},
	incident.TaskAdded{Number: 2, Text: "look at the queue", Owner: bob},
	incident.RollbackCameFirst{},
	incident.TaskJoined{Number: 2},
	incident.TaskFinished{Number: 2},
	incident.TaskAssigned{Number: 2, Who: cleo, Former: bob},
	incident.TaskAbandoned{Number: 2, Reason: "not needed"},
	incident.TasksWereConfirmed{},
	incident.ServiceRated{Name: "checkout-api", State: incident.RollingNow, Reason: "deployed at noon", Owner: bob},
	incident.RollbackSettled{Name: "checkout-api", How: "forward"},
	incident.ServicesListed{Names: []string{"cart", "db"}, With: "checkout-api"},
	incident.DecisionMade{Entry: 12, Text: "roll back everything"},
	incident.DeadlockRaised{Entry: 13, Question: "roll back the database too?"},
	incident.DeadlockReminded{Entry: 13},
	incident.DeadlockSettled{Entry: 13, Text: "yes"},
	incident.CustomerAdded{Name: "Example Ltd"},
	incident.CustomerTold{Name: "Example Ltd", By: cleo},
	incident.Followed{On: true},
	incident.HookStarted{Number: 1, Service: "checkout-api", Hook: incident.HookWorkflow},
	incident.HookEnded{Number: 1, Service: "checkout-api", State: incident.HookFailed, Reason: "cancelled", Ref: "https://github.example.org/runs/1", Took: time.Minute},
	incident.PageRequested{Number: 1, Who: bob, Service: "checkout-api", Target: "PABC123", Text: "the queue is full", Drill: true},
	incident.PageSent{Number: 1, Way: "event", Ref: "rollcall/0190-7/P1", Instead: true, Reason: "unknown"},
	incident.PageFailed{Number: 1, Reason: "unreachable", Final: true},
	incident.MessagePinned{
		Message: "C1:1700000000.000100", Author: bob, From: "Grafana", Text: "the queue is full",
		Link: "https://example.slack.com/archives/C1/p1700000000000100", At: clock(14, 5),
	},
	incident.PinReworded{Message: "C1:1700000000.000100", Entry: 5, Text: "the queue is full"},
	incident.MessageUnpinned{Message: "C1:1700000000.000100", Entry: 5, Deleted: true},
}

// stored is an event as it stands in a golden file.
type stored struct {
	Kind    string
	Version int
	Body    json.RawMessage
}

func goldenName(kind string, version int) string {
	return filepath.Join("testdata", "events", fmt.Sprintf("%s.v%d.json", kind, version))
}

func TestEveryKindOfEventHasAFullSample(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range samples {
		if seen[e.Kind()] {
			t.Errorf("%s has two samples", e.Kind())
		}
		seen[e.Kind()] = true
		for _, field := range reflect.VisibleFields(reflect.TypeOf(e)) {
			if reflect.ValueOf(e).FieldByIndex(field.Index).IsZero() {
				t.Errorf("the sample of %s leaves %s empty", e.Kind(), field.Name)
			}
		}
	}
	for kind := range incident.Kinds() {
		if !seen[kind] {
			t.Errorf("%s has no sample in events_test.go", kind)
		}
	}
	equal(t, "samples", len(samples), len(incident.Kinds()))
}

// TestEventsAreStoredAsEver holds what is written today to the golden files: a
// changed body needs a new version with an upcast from the one before.
func TestEventsAreStoredAsEver(t *testing.T) {
	for _, e := range samples {
		kind, version, body, err := incident.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		name := goldenName(kind, version)
		golden, err := os.ReadFile(name)
		if os.IsNotExist(err) && *update {
			golden = writeGolden(t, name, stored{kind, version, body})
			err = nil
		}
		if err != nil {
			t.Errorf("%s has no golden file (%v): go test ./incident -run Events -update", kind, err)
			continue
		}
		var want stored
		if err := json.Unmarshal(golden, &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, want := compact(t, body), compact(t, want.Body); got != want {
			t.Errorf("%s is stored as\n%s\nand stood there as\n%s\nA changed body needs a new version with an upcast.", kind, got, want)
		}
	}
}

func writeGolden(t *testing.T, name string, s stored) []byte {
	t.Helper()
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	out = append(out, '\n')
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, out, 0o644); err != nil {
		t.Fatal(err)
	}
	return out
}

func compact(t *testing.T, body []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, body); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestEveryGoldenEventIsStillRead decodes whatever was ever written.
func TestEveryGoldenEventIsStillRead(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil || len(files) < len(incident.Kinds()) {
		t.Fatalf("%d golden files of %d kinds (%v)", len(files), len(incident.Kinds()), err)
	}
	for _, name := range files {
		golden, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var s stored
		if err := json.Unmarshal(golden, &s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		equal(t, "the file of "+s.Kind, name, goldenName(s.Kind, s.Version))
		e, err := incident.Decode(s.Kind, s.Version, s.Body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if u, unknown := e.(incident.Unknown); unknown {
			t.Errorf("%s: version %d of %s cannot be read any more", name, u.Version, u.Name)
		}
		if line := e.Line(incidenttest.Names{}); strings.ContainsAny(line, "\n") || strings.Contains(line, "<@") {
			t.Errorf("%s reads %q on the timeline", s.Kind, line)
		}
	}
}

func TestEventOfANewerProgramIsShownAndNotDecidedOn(t *testing.T) {
	for _, test := range []struct {
		kind    string
		version int
	}{{"task.painted", 1}, {"noted", 99}, {"noted", 0}} {
		e, err := incident.Decode(test.kind, test.version, []byte(`{"Text":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		kind, version, body, err := incident.Encode(e)
		equal(t, "kind", kind, test.kind)
		equal(t, "version", version, test.version)
		equal(t, "body", string(body), `{"Text":"x"}`)
		equal(t, "error", err, nil)

		w := incidenttest.New(t)
		if err := w.Incident.Apply(incident.NewRecord(w.Incident.Head+1, incident.Stamp{At: w.Now}, e)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Try(ana, incident.AddNote{Text: "x"}); err == nil || !strings.Contains(err.Error(), "refuse.newer") {
			t.Errorf("a command on %s was answered %v", test.kind, err)
		}
		equal(t, "clocks", len(incident.Dues(w.Incident, w.Policy)), 0)
	}
}

func TestEventThatIsNoJSONIsAnError(t *testing.T) {
	if e, err := incident.Decode("noted", 1, []byte(`{"Text":`)); err == nil {
		t.Errorf("half a body was read as %v", e)
	}
}

// FuzzDecodeEvent reads whatever bytes: an event, or an error, never a panic.
func FuzzDecodeEvent(f *testing.F) {
	for _, e := range samples {
		kind, version, body, err := incident.Encode(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(kind, version, body)
	}
	f.Add("noted", 1, []byte("null"))
	f.Fuzz(func(t *testing.T, kind string, version int, body []byte) {
		e, err := incident.Decode(kind, version, body)
		if err != nil {
			return
		}
		i := incident.New("0190-7")
		first := incident.NewRecord(1, incident.Stamp{At: clock(14, 0), Actor: ana, Command: "c1"}, incident.Opened{Number: 7, Severity: 1})
		second := incident.NewRecord(2, incident.Stamp{At: clock(14, 0).Add(time.Second), Actor: ana, Command: "c2"}, e)
		_ = e.Line(incidenttest.Names{})
		again, err := incident.Fold(i.ID, []incident.Record{first, second})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.Snapshot(); err != nil {
			t.Fatal(err)
		}
	})
}
