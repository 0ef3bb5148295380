package rfo_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

// names are people as a workspace shows them.
type names map[incident.PersonID]string

func (n names) Name(p incident.PersonID) string {
	if p == incident.System {
		return "Rollcall"
	}
	return n[p]
}

var staff = names{Ana: "Ana Ruiz", Bob: "Bob Lind", Cleo: "Cleo Okafor", Guest: "Gus Tell"}

// scenario is one incident and how its document is asked for.
type scenario struct {
	world   *World
	names   incident.Names
	options rfo.Options
}

func (s scenario) document() rfo.Document {
	return rfo.Build(s.world.Incident, s.world.Records, s.names, s.options)
}

// scenarios are the incidents of the golden files.
var scenarios = map[string]func(testing.TB) scenario{
	"full": full, "empty": empty, "night": night, "reopened": again, "hostile": hostile, "drill": drill, "disorder": disorder,
}

// made are the scenarios that were played already: making one takes longer than
// what most tests do with it.
var made = map[string]scenario{}

// kept is a scenario to read from, not to go on with.
func kept(t testing.TB, name string) scenario {
	s, ok := made[name]
	if !ok {
		s = scenarios[name](t)
		made[name] = s
	}
	return s
}

// at lets time pass until so much after the start.
func at(w *World, d time.Duration) {
	if now := w.Now.Sub(Start); now < d {
		w.Advance(d - now)
	}
}

func mark(clock string) time.Time {
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		panic(err)
	}
	return time.Date(2026, 3, 4, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

var pages = rfo.Options{BaseURL: "https://rollcall.example.org/", ChannelURL: "https://acme.slack.com/archives/C07"}

func quiet(w *World) { w.Policy.DefaultTasks = nil }

// full is an outage in which every step of the practice was taken.
func full(t testing.TB) scenario {
	w := New(t, WithPolicy(func(p *incident.Policy) { p.Services = nil }))
	do := func(after time.Duration, who incident.PersonID, c incident.Command) {
		at(w, after)
		w.Do(who, c)
	}
	do(30*time.Second, Ana, incident.Lead{Who: Ana})
	do(50*time.Second, Ana, incident.SetDetected{Source: "customer", At: mark("13:57:00"), Text: "a shop phoned support: card payments fail, https://support.example.org/t/4711"})
	do(70*time.Second, Bob, incident.SetFirstError{At: mark("13:48:00"), Text: "checkout-api: no free database connection, https://logs.example.org/q/81"})
	do(80*time.Second, Bob, incident.SetStarted{At: mark("13:46:00")})
	do(90*time.Second, Ana, incident.Acknowledge{At: mark("13:58:30")})
	do(2*time.Minute, Ana, incident.AssignTask{Number: 1, Who: Bob})
	do(2*time.Minute+10*time.Second, Ana, incident.AssignTask{Number: 2, Who: Cleo})
	do(2*time.Minute+20*time.Second, Ana, incident.AssignTask{Number: 3, Who: Ana})
	do(3*time.Minute, Ana, incident.ConfirmTasks{})
	do(4*time.Minute, Cleo, incident.RateService{Name: "checkout-api", State: incident.Bleeding})
	do(5*time.Minute, Cleo, incident.RateService{Name: "payments", State: incident.Suspect})
	do(6*time.Minute, Cleo, incident.RateService{Name: "search", State: incident.Clear})
	do(7*time.Minute, Bob, incident.AddNote{Text: "Every failing request waits 30 s for a connection; the pool is at 20 of 20"})
	do(8*time.Minute, Ana, incident.MakeDecision{Text: "Roll back checkout-api and payments to yesterday's release"})
	do(9*time.Minute, Cleo, incident.RollBack{Service: "checkout-api"})
	do(10*time.Minute, Cleo, incident.RollBack{Service: "payments", Result: "not-needed", Reason: "it only waits for checkout-api"})
	do(11*time.Minute, Ana, incident.AddCustomer{Name: "Northwind"})
	do(12*time.Minute, Ana, incident.TellCustomers{Text: "We are looking into failing card payments; next update at 14:45 UTC"})
	do(13*time.Minute, Ana, incident.TellCustomer{Name: "Northwind"})
	do(14*time.Minute, Ana, incident.SendUpdate{Text: "Card payments fail for about one shop in three. We are rolling back the release of 13:45 UTC."})
	do(16*time.Minute, Cleo, incident.AddNote{Text: "typo, ignore"})
	do(16*time.Minute+30*time.Second, Cleo, incident.Undo{})
	do(18*time.Minute, Cleo, incident.RollBack{Service: "checkout-api", Result: "done"})
	do(21*time.Minute, Ana, incident.Mitigate{At: mark("14:19:00"), Text: "the old release is out; payments succeed again"})
	do(22*time.Minute, Ana, incident.SetImpact{Low: 1800, High: 2400, Unit: "users", About: true, HasNumber: true, Text: "counted from failed payment attempts, each user once"})
	do(25*time.Minute, Bob, incident.FinishTask{Number: 1})
	do(26*time.Minute, Cleo, incident.FinishTask{Number: 2})
	do(27*time.Minute, Ana, incident.FinishTask{Number: 3})
	do(70*time.Minute, Ana, incident.Resolve{Text: "pool size is set per replica again and the release is out with it; failed payments were checked, none was charged twice"})
	answers(w)
	until := func(day int) incident.Civil { return incident.Civil{Year: 2026, Month: time.March, Day: day} }
	w.Do(Ana, incident.AddAction{Who: Bob, Due: until(11), Kind: incident.Detects, Tracker: "https://tracker.example.org/71", Text: "Alert when checkout-api waits more than 1 s for a connection", DoneWhen: "the alert fires in the game day"})
	w.Do(Ana, incident.AddAction{Who: Cleo, Due: until(13), Kind: incident.Prevents, Tracker: "https://tracker.example.org/72", Text: "Refuse a release whose pools exceed what the database allows", DoneWhen: "the deploy gate stops the release of that day"})
	w.Do(Ana, incident.AddAction{Who: Ana, Due: until(18), Kind: incident.Detects, Tracker: "https://tracker.example.org/73", Text: "Run the payment end-to-end test every minute against production", DoneWhen: "it pages within 2 minutes in a drill"})
	at(w, 26*time.Hour)
	w.Do(Ana, incident.PublishRFO{})
	at(w, 7*24*time.Hour)
	w.Do(Bob, incident.FinishAction{Number: 1})
	w.Do(Cleo, incident.MoveAction{Number: 2, Due: until(20), Reason: "the gate needs a number that only the database team can give"})
	w.Do(Ana, incident.PublishRFO{})
	return scenario{w, staff, pages}
}

// answers gives the six answers and the optional ones.
func answers(w *World) {
	for _, a := range [][2]string{
		{"summary", "Card payments failed for about one shop in three. A new release let each replica of checkout-api open twenty database connections, more than the database allows. Rolling back ended it."},
		{"impact", "Between 1,800 and 2,400 users could not pay by card. Search, login and payments by invoice worked. No data was lost and nobody was charged twice."},
		{"detection", "The end-to-end test of card payments runs hourly and missed it. An alert on the wait for a connection did not exist. Run every minute, the same test finds it in two."},
		{"speed", "Most of the time went into the rollback itself: the image had to be built again, because only the last one is kept warm. Keeping the last three would save eight minutes."},
		{"cause", "The size of the pool moved from the deployment to each replica, so that ten replicas asked for two hundred connections.\n- The limit of the database is written down nowhere that a test could read\n- Staging has one replica, so the sum was never reached\n- The review looked at the diff, which was right for one replica"},
		{"class", "A limit that is shared, and set in each of its users. A deploy gate can add the pools up and refuse; a type cannot, since the number of replicas is known only at the deploy."},
		{"fix", "Permanent: the pool is divided by the number of replicas. Verified by a load test with ten replicas. What remains: other services with pools of their own are not checked yet."},
		{"well", "- The call was open before the channel was\n- The rollback was decided in eight minutes"},
		{"luck", "It was not the last day of the month."},
		{"rejected", "A proxy in front of the database: a second thing to run for one limit."},
	} {
		w.Do(Ana, incident.AnswerQuestion{Question: a[0], Text: a[1]})
	}
}

// empty is opened and resolved, and nobody said anything.
func empty(t testing.TB) scenario {
	w := Empty(t)
	w.Do(Ana, incident.OpenIncident{Title: "Search is slow"})
	at(w, 95*time.Second)
	w.Do(Ana, incident.Resolve{})
	return scenario{w, staff, rfo.Options{}}
}

// night crosses midnight and, in Berlin, the hour that does not exist.
func night(t testing.TB) scenario {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := Empty(t)
	w.Now = time.Date(2026, 3, 28, 23, 41, 7, 0, time.UTC)
	start := w.Now
	do := func(after time.Duration, who incident.PersonID, c incident.Command) {
		if d := start.Add(after).Sub(w.Now); d > 0 {
			w.Advance(d)
		}
		w.Do(who, c)
	}
	quiet(w)
	w.Do(Bob, incident.OpenIncident{
		Title: "Nightly invoices are not sent", Severity: 3, Call: incident.Call{URL: "https://meet.example.org/inc-7", Provider: "static"},
	})
	do(time.Minute, Bob, incident.Lead{Who: Bob})
	do(2*time.Minute, Bob, incident.SetDetected{Source: "alert", At: start.Add(-3 * time.Minute), Text: "queue older than 30 minutes"})
	do(3*time.Minute, Bob, incident.SetFirstError{At: start.Add(-40 * time.Minute)})
	do(4*time.Minute, Bob, incident.SetStarted{At: start.Add(-41 * time.Minute)})
	do(20*time.Minute, Bob, incident.AddTask{Text: "Restart the sender with a smaller batch", Owner: Bob})
	do(68*time.Minute, Bob, incident.AddNote{Text: "Clocks in Berlin jump from 02:00 to 03:00 now; the sender waits for 02:30"})
	do(84*time.Minute, Bob, incident.MakeDecision{Text: "Send by hand and leave the schedule alone until the morning"})
	do(125*time.Minute, Bob, incident.Mitigate{Text: "all invoices of the night are out"})
	do(26*time.Hour, Bob, incident.Resolve{Text: "the schedule is in UTC"})
	return scenario{w, staff, rfo.Options{TeamZone: berlin, BaseURL: "https://rollcall.example.org"}}
}

// again was believed to be over too early.
func again(t testing.TB) scenario {
	w := Empty(t)
	quiet(w)
	do := func(after time.Duration, c incident.Command) {
		at(w, after)
		w.Do(Ana, c)
	}
	do(0, incident.OpenIncident{
		Title: "Login fails for some", Severity: 2, Call: incident.Call{URL: "https://meet.example.org/inc-7", Provider: "jitsi"},
	})
	do(time.Minute, incident.Lead{Who: Ana})
	do(2*time.Minute, incident.SetStarted{At: mark("13:50:00")})
	do(3*time.Minute, incident.SetFirstError{At: mark("13:52:00")})
	do(4*time.Minute, incident.SetDetected{Source: "synthetic", At: mark("13:55:00")})
	do(20*time.Minute, incident.Mitigate{Text: "the sign-in cache was emptied"})
	do(30*time.Minute, incident.Resolve{})
	do(80*time.Minute, incident.Reopen{Reason: "the same errors again since 15:15"})
	do(82*time.Minute, incident.SetStarted{At: mark("15:15:00")})
	do(83*time.Minute, incident.SetSeverity{Level: 1})
	do(100*time.Minute, incident.Mitigate{Text: "the cache is off"})
	do(101*time.Minute, incident.SetImpact{Low: 12, High: 12, Unit: "%", HasNumber: true, Text: "share of sign-ins that failed"})
	do(130*time.Minute, incident.Resolve{Text: "the cache keys carry the tenant"})
	return scenario{w, staff, pages}
}

// drill is practice: the real flow, out of all figures.
func drill(t testing.TB) scenario {
	w := Empty(t)
	quiet(w)
	w.Do(Cleo, incident.OpenIncident{Title: "What if the primary database is gone?", Severity: 2, Drill: true})
	at(w, 20*time.Minute)
	w.Do(Cleo, incident.Lead{Who: Cleo})
	at(w, 40*time.Minute)
	w.Do(Cleo, incident.Resolve{Text: "the replica took over after 9 minutes"})
	return scenario{w, staff, rfo.Options{}}
}

// disorder has times that cannot be, because clocks differ and people mistype.
func disorder(t testing.TB) scenario {
	w := Empty(t)
	quiet(w)
	w.Do(Ana, incident.OpenIncident{Title: "Uploads hang", Severity: 3})
	at(w, time.Minute)
	w.Do(Ana, incident.SetStarted{At: mark("13:59:00")})
	w.Do(Ana, incident.SetDetected{Source: "alert", At: mark("13:52:00")})
	w.Do(Ana, incident.SetFirstError{At: mark("13:58:00")})
	w.Do(Ana, incident.SetFirstError{At: mark("13:56:00")})
	w.Do(Ana, incident.Acknowledge{At: mark("13:51:20")})
	at(w, 30*time.Minute)
	w.Do(Bob, incident.Mitigate{At: mark("13:40:00")})
	w.Do(Bob, incident.Resolve{})
	return scenario{w, staff, rfo.Options{}}
}
