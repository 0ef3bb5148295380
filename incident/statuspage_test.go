package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// publicly is a policy with a status page, on which checkout-api is shown.
func publicly(p *incident.Policy) {
	p.Public = incident.PublicPolicy{On: true, Resolved: "This is resolved."}
	p.Services = append(p.Services, incident.ServicePolicy{Name: "checkout-api", Component: "c1"}, incident.ServicePolicy{Name: "cart"})
}

// published are the notices that a decision has brought to the page.
func published(d incident.Decision) (entries []int) {
	for _, e := range d.Effects {
		if e.Kind == incident.TellPage {
			entries = append(entries, e.Number)
		}
	}
	return entries
}

func TestNothingIsPublicBeforeSomebodyPresses(t *testing.T) {
	w := incidenttest.Led(t, incidenttest.WithPolicy(publicly))
	w.Do(ana, incident.RateService{Name: "checkout-api", State: incident.Bleeding})
	w.Do(ana, incident.RateService{Name: "cart", State: incident.Bleeding}) // no component of the page
	d := w.Do(ana, incident.DraftNotice{Text: "Payments fail."})
	entry := w.Incident.Head
	id := incident.EntryID(entry)
	equal(t, "sent by drafting", len(published(d)), 0)
	incidenttest.MustOffer(t, d.Choices, "statuspage publish "+id, "statuspage edit "+id, "statuspage stop "+id)
	n, _ := w.Incident.Log.Public.Notice(entry)
	equal(t, "title", n.Title, "Checkout is down")
	equal(t, "status", n.Status, incident.Investigating)
	equal(t, "components", len(n.Components), 1)
	equal(t, "state of the component", n.Components[0], incident.Component{Service: "checkout-api", ID: "c1", State: "major_outage"})
	for range 3 { // hours pass
		for _, d := range w.Advance(3600e9) {
			equal(t, "sent by waiting", len(published(d)), 0)
		}
	}
	d = w.Do(bob, incident.PublishNotice{Entry: entry})
	equal(t, "sent", slices.Equal(published(d), []int{int(entry)}), true)
	equal(t, "on the timeline", slices.Contains(w.Lines(), "status page, investigating: Payments fail."), true)
	w.MustRefuse(ana, incident.PublishNotice{Entry: entry}, incident.Conflict, "statuspage.published_already")
	w.MustRefuse(ana, incident.EditNotice{Entry: entry, Text: "no"}, incident.Conflict, "statuspage.published_already")
	w.MustRefuse(ana, incident.StopNotice{Entry: entry}, incident.Conflict, "statuspage.published_already")
	w.MustRefuse(bob, incident.Undo{}, incident.Conflict, "undo.permanent")

	told := w.Do(incident.System, incident.NoteNotice{Entry: entry, Ref: "p1", URL: "https://stspg.io/x"})
	equal(t, "posts", len(told.Effects), 1) // where it is read
	stamp, _ := w.Incident.Stamps.Last(incident.FirstComms)
	equal(t, "customers were told", stamp.Source, "statuspage")
	w.MustRefuse(incident.System, incident.NoteNotice{Entry: entry}, incident.Conflict, "statuspage_sent.settled")
}

func TestWhatThePageShowsFollowsTheIncidentAndItsEnd(t *testing.T) {
	w := incidenttest.Led(t, incidenttest.WithPolicy(publicly))
	publish := func(c incident.DraftNotice) incident.Notice {
		t.Helper()
		w.Do(ana, c)
		entry := w.Incident.Head
		w.Do(ana, incident.PublishNotice{Entry: entry})
		w.Do(incident.System, incident.NoteNotice{Entry: entry, Ref: "p1", URL: "https://stspg.io/x"})
		n, _ := w.Incident.Log.Public.Notice(entry)
		equal(t, "state", n.State, incident.NoticeOut)
		return n
	}
	w.Do(ana, incident.RateService{Name: "checkout-api", State: incident.Bleeding})
	equal(t, "given", publish(incident.DraftNotice{Title: "Payments are slow", Status: incident.Identified, Text: "We know why."}).Status, incident.Identified)
	again := publish(incident.DraftNotice{Text: "We are rolling back."})
	equal(t, "status goes on", again.Status, incident.Identified)
	equal(t, "title goes on", again.Title, "Payments are slow")
	well := w.Do(ana, incident.Mitigate{})
	incidenttest.MustOffer(t, well.Choices, "repair none", "repair", "statuspage", "impact")
	monitoring := publish(incident.DraftNotice{Text: "It works again."})
	equal(t, "when users are well", monitoring.Status, incident.Monitoring)
	equal(t, "its component", monitoring.Components[0].State, "operational")

	w.Do(bob, incident.DraftNotice{Text: "stale"})
	stale := w.Incident.Head
	end := w.Do(ana, incident.Resolve{})
	last := incident.EntryID(w.Incident.Head)
	incidenttest.MustOffer(t, end.Choices, "statuspage publish "+last, "statuspage edit "+last, "statuspage stop "+last)
	equal(t, "sent by resolving", len(published(end)), 0)
	w.MustRefuse(bob, incident.PublishNotice{Entry: stale}, incident.Conflict, "statuspage.stopped_already")
	w.Do(bob, incident.PublishNotice{Entry: w.Incident.Head})
	n, _ := w.Incident.Log.Public.Notice(w.Incident.Head - 1)
	equal(t, "at the end", n.Text+" "+string(n.Status), "This is resolved. resolved")
	equal(t, "still said to go on", w.Incident.Log.Public.Unresolved(), false)
}

func TestWhatMustNotBePublicIsNot(t *testing.T) {
	private := incidenttest.Empty(t, incidenttest.WithPolicy(publicly))
	private.Do(ana, incident.OpenIncident{Title: "Salaries leaked", Severity: 1, Private: true, Call: incident.Call{URL: "https://meet.example.org/x", Provider: "jitsi"}})
	private.Do(ana, incident.DraftNotice{Text: "We look into it."})
	entry := private.Incident.Head
	n, _ := private.Incident.Log.Public.Notice(entry)
	equal(t, "title of a private one", n.Title, "Service disruption")
	e := private.MustRefuse(ana, incident.PublishNotice{Entry: entry}, incident.Ask, "statuspage_publish.ask")
	equal(t, "asks once more", e.Choices[0].Confirmed, true)
	equal(t, "then it goes", len(published(private.Do(ana, incident.PublishNotice{Entry: entry, Confirmed: true}))), 1)

	drill := incidenttest.Empty(t, incidenttest.WithPolicy(publicly))
	drill.Do(ana, incident.OpenIncident{Title: "Practice", Severity: 1, Drill: true, Call: incident.Call{URL: "https://meet.example.org/x", Provider: "jitsi"}})
	drill.Do(ana, incident.DraftNotice{Text: "We look into it."})
	equal(t, "a drill sends", len(published(drill.Do(ana, incident.PublishNotice{Entry: drill.Incident.Head}))), 0)

	w := incidenttest.Led(t, incidenttest.WithPolicy(publicly))
	w.Do(ana, incident.DraftNotice{Text: "We look into it."})
	held := w.Incident.Head
	refused(t, w, []refusal{
		{"a name", incident.DraftNotice{Text: "ask <@bob>"}, incident.Invalid, "statuspage.people"},
		{"nothing", incident.DraftNotice{Text: " "}, incident.Invalid, "statuspage.empty"},
		{"too long", incident.DraftNotice{Text: tooLong}, incident.Invalid, "refuse.long"},
		{"an odd status", incident.DraftNotice{Text: "x", Status: "odd"}, incident.Invalid, "statuspage.status"},
		{"another entry", incident.PublishNotice{Entry: 1}, incident.NotFound, "statuspage.unknown"},
		{"another entry", incident.StopNotice{Entry: 99}, incident.NotFound, "statuspage.unknown"},
	})
	w.MustRefuse(incidenttest.Guest, incident.PublishNotice{Entry: held}, incident.Forbidden, "refuse.guest")
	w.MustRefuse(incidenttest.Program, incident.PublishNotice{Entry: held}, incident.Invalid, "refuse.machine")
	off := incidenttest.Led(t)
	off.MustRefuse(ana, incident.DraftNotice{Text: "x"}, incident.Conflict, "statuspage.off")
}

func TestAPageThatDoesNotTakeItIsToldOfOnceAndTriedAgainByAPerson(t *testing.T) {
	w := incidenttest.Led(t, incidenttest.WithPolicy(publicly))
	w.Do(ana, incident.DraftNotice{Text: "first"})
	first := w.Incident.Head
	w.Do(bob, incident.DraftNotice{Text: "second"})
	second := w.Incident.Head
	w.Do(ana, incident.PublishNotice{Entry: first})
	w.Do(bob, incident.PublishNotice{Entry: second})
	before, waits := w.Incident.Log.Public.Before(second)
	equal(t, "waits for the first", waits && before.Seq == first, true)
	equal(t, "posts", len(w.Do(incident.System, incident.FailNotice{Entry: first, Reason: "it does not answer."}).Effects), 1)
	w.MustRefuse(incident.System, incident.FailNotice{Entry: first}, incident.Conflict, "statuspage_sent.settled")
	d := w.Do(incident.System, incident.FailNotice{Entry: first, Reason: "it was refused.", Final: true})
	incidenttest.MustOffer(t, d.Effects[0].Choices, "statuspage publish "+incident.EntryID(first))
	_, waits = w.Incident.Log.Public.Before(second)
	equal(t, "waits for what was given up", waits, false)
	equal(t, "sent again", len(published(w.Do(ana, incident.PublishNotice{Entry: first}))), 1)

	w.Do(ana, incident.DraftNotice{Text: "third"})
	third := w.Incident.Head
	w.Do(ana, incident.StopNotice{Entry: third})
	w.MustRefuse(ana, incident.PublishNotice{Entry: third}, incident.Conflict, "statuspage.stopped_already")
	w.Do(ana, incident.EditNotice{Entry: third, Text: "better", Status: incident.Monitoring})
	n, _ := w.Incident.Log.Public.Notice(w.Incident.Head)
	equal(t, "taken up again", n.Text+" "+string(n.Status), "better monitoring")
}
