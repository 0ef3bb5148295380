package incident_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/templates"
)

func TestEveryVerbTakesPartInRandomIncidents(t *testing.T) {
	for _, verb := range incident.Verbs() {
		if commands[verb] == nil && rare[verb] == nil {
			t.Errorf("%s has no random arguments in random_commands_test.go", verb)
		}
	}
}

// TestRandomIncidents runs random commands of all verbs by random people. World
// checks at each step that deciding changes nothing, that events survive storage,
// that folding one by one and all at once agree, and that snapshots are restored
// as they were; here is what else holds.
func TestRandomIncidents(t *testing.T) {
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	often, seldom := slices.Sorted(maps.Keys(commands)), slices.Sorted(maps.Keys(rare))
	rapid.Check(t, func(rt *rapid.T) {
		r := newRun(t, rt, book)
		for range rapid.IntRange(1, 40).Draw(rt, "commands") {
			verb := rapid.SampledFrom(often).Draw(rt, "verb")
			draw := commands[verb]
			if rapid.IntRange(0, 7).Draw(rt, "rare") == 0 {
				verb = rapid.SampledFrom(seldom).Draw(rt, "end")
				draw = rare[verb]
			}
			r.step(rt, draw(chance{rt, r.w}))
		}
	})
}

// run is one random incident.
type run struct {
	w    *incidenttest.World
	book *say.Book
}

func newRun(t *testing.T, rt *rapid.T, book *say.Book) *run {
	w := incidenttest.Empty(reporter{t, rt}, incidenttest.WithPolicy(func(p *incident.Policy) {
		p.Executives = []incident.PersonID{cleo}
		p.Services = []incident.ServicePolicy{{Name: "checkout-api", Related: []string{"cart"}, PagerDuty: "PABC123", Hook: incident.HookCommand, Component: "c1"}, {Name: "cart"}}
		p.Hooks = incident.HookPolicy{By: []incident.PersonID{bob}, Named: []string{"dora@example.org"}}
		p.Public = incident.PublicPolicy{On: true, Resolved: "This is resolved."}
		p.Paging = incident.PagingPolicy{On: true, Phones: []incident.Phone{{Name: "Payments", Number: "+34 600 000 000"}}}
	}))
	r := &run{w: w, book: book}
	r.checked(rt, ana, incident.OpenIncident{
		Title: secret + " is down", Severity: rapid.IntRange(0, 4).Draw(rt, "severity"),
		Private: rapid.Bool().Draw(rt, "private"), Drill: rapid.Bool().Draw(rt, "drill"),
		Call: incident.Call{URL: "https://meet.example.org/inc-7", Provider: "jitsi"},
	})
	return r
}

// step runs one command and looks at what came of it.
func (r *run) step(rt *rapid.T, c incident.Command) {
	actor := rapid.SampledFrom([]incident.PersonID{ana, ana, bob, bob, cleo, guest, incidenttest.Robot, incidenttest.Gone, incident.System}).Draw(rt, "actor")
	before := r.state(rt)
	d, done := r.checked(rt, actor, c)
	r.invariants(rt)
	// Following is the actor's own affair, and so is its undo.
	if verb := c.Verb(); actor != incident.System && verb != "follow" && verb != "undo" && len(keysOf(d)) == 0 && r.state(rt) != before {
		rt.Fatalf("%s changes what no key names, so that no undo can see it", verb)
	}
	if len(d.Events) > 0 && actor != incident.System && c.Verb() != "undo" && rapid.Bool().Draw(rt, "take it back") {
		r.takeBack(rt, actor, c, d, before)
	}
	if done {
		r.clocks(rt)
	}
	if rapid.IntRange(0, 3).Draw(rt, "pass time") == 0 {
		minutes := rapid.SampledFrom([]int{1, 4, 9, 40, 600}).Draw(rt, "minutes")
		for _, fired := range r.w.Advance(time.Duration(minutes) * time.Minute) {
			r.outcome(rt, fired)
		}
		r.invariants(rt)
	}
}

// checked runs a command; a refusal must be one that a person can read.
func (r *run) checked(rt *rapid.T, actor incident.PersonID, c incident.Command) (incident.Decision, bool) {
	d, err := r.w.Try(actor, c)
	var e *incident.Error
	switch {
	case err == nil:
		r.outcome(rt, d)
		return d, true
	case !errors.As(err, &e):
		rt.Fatalf("%s fails with %v, which is no refusal", c.Verb(), err)
	case e.Code == incident.Ask && len(e.Choices) == 0:
		rt.Fatalf("%s asks %s without a choice", c.Verb(), e.Say.ID)
	}
	r.readable(rt, e.Say)
	for _, choice := range e.Choices {
		r.readable(rt, choice.Label)
	}
	return d, false
}

// outcome holds what a decision says and does to what a person and a private
// incident may expect.
func (r *run) outcome(rt *rapid.T, d incident.Decision) {
	if d.Say.ID != "" {
		r.readable(rt, d.Say)
	}
	if hint := d.UndoHint(); hint.ID != "" {
		r.readable(rt, hint)
	}
	private := r.w.Incident.Identity.Private
	for _, e := range d.Effects {
		if e.Say.ID != "" {
			r.readable(rt, e.Say)
		}
		body, err := json.Marshal(e)
		if err != nil {
			rt.Fatal(err)
		}
		if p, ok := r.w.Incident.Board.Page(e.Number); ok && private && strings.Contains(r.w.Incident.PageText(p, incidenttest.Names{}), secret) {
			rt.Fatalf("a private incident is told to PagerDuty: %+v", p)
		}
		if private && e.Kind == incident.Tell && strings.Contains(string(body), secret) {
			rt.Fatalf("a private incident is told outside its channel: %s", body)
		}
	}
	if keys := keysOf(d); private && slices.Contains(incident.CardsOf(private, keys), incident.AnnouncementCard) {
		rt.Fatalf("a private incident is announced after %v", keys)
	}
}

// keysOf are the parts of the state that a decision touches.
func keysOf(d incident.Decision) []string {
	var keys []string
	for _, e := range d.Events {
		keys = append(keys, e.Keys()...)
	}
	return keys
}

// readable says that there is a text and that it can be filled in.
func (r *run) readable(rt *rapid.T, s incident.Say) {
	text := r.book.Text(s, say.Plain{Who: incidenttest.Names{}})
	switch {
	case text == "" || text == "["+s.ID+"]":
		rt.Fatalf("the text %s is missing or broken, with %v", s.ID, s.Args)
	case strings.Contains(text, "<no value>") || strings.Contains(text, "%!") || strings.Contains(text, "map["):
		rt.Fatalf("the text %s reads %q", s.ID, text)
	}
}

// state is everything but the numbers used, the log and what undo remembers.
func (r *run) state(rt *rapid.T) string {
	i := *r.w.Incident
	i.Head, i.Trace = 0, incident.Trace{}
	body, err := i.Snapshot()
	if err != nil {
		rt.Fatal(err)
	}
	return string(body)
}

// takeBack undoes the command that was just carried out.
func (r *run) takeBack(rt *rapid.T, actor incident.PersonID, c incident.Command, d incident.Decision, before string) {
	instead := strings.HasPrefix(d.UndoHint().ID, "instead.")
	undone, err := r.w.Try(actor, incident.Undo{})
	if instead != (err != nil) {
		rt.Fatalf("%s by %s says %s, and undo answers %v", c.Verb(), actor, d.UndoHint().ID, err)
	}
	if err != nil {
		return
	}
	r.outcome(rt, undone)
	r.invariants(rt)
	if after := r.state(rt); after != before {
		rt.Fatalf("%s undone leaves\n%s\nand not\n%s", c.Verb(), after, before)
	}
	if rapid.IntRange(0, 3).Draw(rt, "once more") > 0 {
		return
	}
	again, err := r.w.Try(actor, incident.Undo{})
	if err == nil && again.Events[0].(incident.Undone).Command == undone.Events[0].(incident.Undone).Command {
		rt.Fatalf("%s is undone twice", c.Verb())
	}
}

func (r *run) invariants(rt *rapid.T) {
	i := r.w.Incident
	switch {
	case len(i.Review.Kept()) > incident.MaxActions:
		rt.Fatalf("%d actions are kept", len(i.Review.Kept()))
	case i.Life.Peak > i.Life.Severity || i.Life.Peak < incident.WorstSeverity:
		rt.Fatalf("the peak is sev%d of a sev%d", i.Life.Peak, i.Life.Severity)
	case len(i.Life.Marks) == 0:
		rt.Fatal("the incident has no beginning")
	case i.Life.Status == incident.Resolved && i.Review.Owner == incident.System:
		rt.Fatal("nobody writes the RFO")
	}
	for _, line := range r.w.Lines() {
		if line == "" || strings.Contains(line, "<@") {
			rt.Fatalf("a line of the timeline reads %q", line)
		}
	}
	for _, rec := range r.w.Records {
		own := rec.Seq
		switch e := rec.Event.(type) {
		case incident.UpdateDrafted:
			own = e.Entry
		case incident.DecisionMade:
			own = e.Entry
		case incident.DeadlockRaised:
			own = e.Entry
		}
		if own != rec.Seq {
			rt.Fatalf("%s is entry %d and calls itself %d", rec.Event.Kind(), rec.Seq, own)
		}
	}
	for name, points := range i.Stamps {
		for _, p := range points {
			if p.At.IsZero() || p.At.After(r.w.Now.Add(time.Minute)) {
				rt.Fatalf("%s is at %s, now is %s", name, p.At, r.w.Now)
			}
		}
	}
}

// clocks lists the moments twice and fires each at its time, on a copy: a clock
// that is due has something to record and is then over or moved.
func (r *run) clocks(rt *rapid.T) {
	dues := incident.Dues(r.w.Incident, r.w.Policy)
	if again := incident.Dues(r.w.Incident, r.w.Policy); !slices.Equal(dues, again) {
		rt.Fatalf("the clocks are %v and then %v", dues, again)
	}
	type name struct{ kind, key string }
	seen := map[name]bool{}
	for _, due := range dues {
		if k := (name{due.Kind, due.Key}); seen[k] || due.At.IsZero() {
			rt.Fatalf("the clock %v is there twice or has no time", due)
		} else {
			seen[k] = true
		}
		if left := incident.Dues(r.fired(rt, due), r.w.Policy); slices.Contains(left, due) {
			rt.Fatalf("the clock %v is due again when it has fired", due)
		}
	}
}

// fired is the incident after a clock fired at its moment.
func (r *run) fired(rt *rapid.T, due incident.Due) *incident.Incident {
	at := due.At
	if r.w.Now.After(at) {
		at = r.w.Now
	}
	s := incident.Stamp{At: at, Command: "of-a-clock", Surface: "clock"}
	d, err := incident.Decide(r.w.Incident, incident.Fire{Due: due}, s, incident.Facts{Policy: r.w.Policy, People: r.w.People})
	if err != nil {
		rt.Fatalf("the clock %v: %v", due, err)
	}
	if len(d.Events) == 0 {
		rt.Fatalf("the clock %v fired at its time and recorded nothing", due)
	}
	r.outcome(rt, d)
	body, err := r.w.Incident.Snapshot()
	if err != nil {
		rt.Fatal(err)
	}
	next, err := incident.Restore(body)
	if err != nil {
		rt.Fatal(err)
	}
	for _, e := range d.Events {
		if err := next.Apply(incident.NewRecord(next.Head+1, s, e)); err != nil {
			rt.Fatal(err)
		}
	}
	return next
}
