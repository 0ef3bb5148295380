package jobs_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// paged is a world with a PagerDuty: Bob has a user there, Bea is on call.
type paged struct {
	*world
	account  *pagerfake.Account
	bobThere string
	beaThere string
	service  string
	id       incident.ID
}

// newPaged opens an incident with Bob known, in a world that can page.
func newPaged(t *testing.T) *paged {
	t.Helper()
	return newPagedAt(t, fast)
}

// unhurried is a clock for what has to happen within the 5 s in which the first way is
// tried once more: at the speed of the others that is an eighth of a second, which
// a busy machine does not keep.
const unhurried = 4

// newPagedAt is newPaged on a clock of some speed.
func newPagedAt(t *testing.T, speed time.Duration) *paged {
	t.Helper()
	p := &paged{world: newWorldAt(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"), speed)}
	p.bot.Policy.Paging = incident.PagingPolicy{On: true, Phones: []incident.Phone{{Name: "Payments", Number: "+34 600 000 000"}}}
	p.account = pagerfake.New(pagerfake.Options{Now: p.clock.Now, StrictRates: true})
	base, err := p.account.Start(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	p.account.AddUser(pagerfake.User{Name: "Rollcall", Email: "rollcall@example.org"})
	p.bobThere = p.account.AddUser(pagerfake.User{Name: "Bob", Email: "bob@example.org"})
	p.beaThere = p.account.AddUser(pagerfake.User{Name: "Bea", Email: "bea@example.org"})
	key := strings.Repeat("a", 32)
	p.service = p.account.AddService(pagerfake.Service{Name: "checkout", OnCall: []string{p.beaThere}, RoutingKey: key})
	client, err := pagerout.New(pagerout.Options{
		Token: p.account.Token(), From: "rollcall@example.org", Service: p.service, RoutingKeys: map[string]string{"": key}, APIURL: base, EventsURL: base,
		Now: p.clock.Now, Timeout: 200 * time.Millisecond, Rest: 50 * time.Millisecond, Limits: jobs.Limits{Store: p.store},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.work(func(o *jobs.Options) { o.Pager = client })
	p.id = p.open("Checkout is down")
	p.settled(p.id)
	p.eventually("the people were read", func() (done bool) {
		p.read(func(r *storage.Reader) error {
			_, err := r.Meta(bot.MetaRoster)
			done = err == nil
			return nil
		})
		return done
	})
	p.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: p.bob, Name: "bob", Email: "bob@example.org"})
		return err
	})
	return p
}

func (p *paged) channel() string { return p.incident(p.id).Channel.ID }

// page pages Bob and waits until nothing is left to do.
func (p *paged) page() incident.Paging {
	p.t.Helper()
	p.does(p.ana, p.channel(), "page <@"+p.bob+"> come")
	p.settled(p.id)
	pages := p.incident(p.id).Board.Pages
	return pages[len(pages)-1]
}

// went fails unless exactly these people of PagerDuty's were paged.
func (p *paged) went(want ...string) {
	p.t.Helper()
	var got []string
	for _, one := range p.account.Pages() {
		got = append(got, one.UserID)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		for _, c := range p.account.Calls("") {
			p.t.Logf("%s %d %s", c.Name, c.Status, c.Fault)
		}
		p.t.Errorf("paged were %v; it should be %v", got, want)
	}
}

// said counts the messages in the channel with these words.
func (p *paged) said(words string) (n int) {
	for _, m := range p.slack.Messages(p.channel()) {
		if strings.Contains(m.Plain(), words) {
			n++
		}
	}
	return n
}

func (p *paged) once(words string) {
	p.t.Helper()
	if n := p.said(words); n != 1 {
		p.t.Errorf("%q was said %d times", words, n)
	}
}

func TestPageReachesThePerson(t *testing.T) {
	p := newPaged(t)
	one := p.page()
	p.went(p.bobThere)
	p.once("was paged about INC-1, as")
	i := p.account.Incidents()[0]
	if one.State != incident.PageOut || one.Ref != i.ID || i.Title != "INC-1 sev2: Checkout is down: come (ana asks)" {
		t.Errorf("%+v %q", one, i.Title)
	}
	if id, ok := incident.OwnPage(i.Key); !ok || id != p.id {
		t.Errorf("the key %q is not recognised", i.Key)
	}
	p.does(p.ana, p.channel(), "resolve")
	p.settled(p.id)
	if s := p.account.Incidents()[0].Status; s != pagerfake.Resolved {
		t.Errorf("over here, and there it is %s", s)
	}
}

// TestPageThroughTrouble goes through every way in which PagerDuty fails once:
// somebody is paged, nobody twice, and the channel hears it.
func TestPageThroughTrouble(t *testing.T) {
	for name, test := range map[string]struct {
		fault pagerfake.Fault
		speed time.Duration
		bea   bool // whoever is on call is paged instead
		say   string
	}{
		"500":        {pagerfake.Fault{Kind: pagerfake.Status}, unhurried, false, "was paged about INC-1 now after all"},
		"lost reply": {pagerfake.Fault{Kind: pagerfake.LostReply}, fast, false, "was paged about INC-1 now after all"},
		"hang":       {pagerfake.Fault{Kind: pagerfake.Hang}, fast, true, "was paged about INC-1 instead"}, // 8 s of this clock
		"429":        {pagerfake.Fault{Kind: pagerfake.LimitedNo}, fast, true, "was paged about INC-1 instead"},
		"402":        {pagerfake.Fault{Kind: pagerfake.Status, Code: 402}, fast, true, "was paged about INC-1 instead"},
		"404":        {pagerfake.Fault{Kind: pagerfake.Status, Code: 404}, fast, true, "was paged about INC-1 instead"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPagedAt(t, test.speed)
			test.fault.Method, test.fault.Times = "POST /incidents", 1
			p.account.Inject(test.fault)
			one := p.page()
			if one.State != incident.PageOut {
				t.Errorf("the page is %s", one.State)
			}
			p.once(test.say)
			if test.bea {
				p.went(p.beaThere)
			} else {
				p.went(p.bobThere)
			}
		})
	}
}

func TestPageWhoseLookFailsIsNeverSentTwice(t *testing.T) {
	p := newPaged(t)
	p.account.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.LostReply, Times: 1})
	p.account.Inject(pagerfake.Fault{Method: "GET /incidents", Kind: pagerfake.Status, Times: 3})
	p.page()
	p.went(p.bobThere)
	p.once("may not have been paged")
	p.once("now after all")
}

func TestLostEventIsRepeatedUnderItsKey(t *testing.T) {
	p := newPaged(t)
	p.account.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.Status, Code: 403})
	p.account.Inject(pagerfake.Fault{Method: "POST /v2/enqueue", Kind: pagerfake.LostReply, Times: 2})
	p.page()
	p.went(p.beaThere)
	p.once("was paged about INC-1 instead")
	p.does(p.ana, p.channel(), "cancel a test")
	p.settled(p.id)
	if s := p.account.Incidents()[0].Status; s != pagerfake.Resolved {
		t.Errorf("over here, and there it is %s", s)
	}
}

func TestSomebodyPagerDutyDoesNotKnow(t *testing.T) {
	p := newPaged(t)
	p.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: p.bob, Name: "bob", Email: "other@example.org"})
		return err
	})
	p.page()
	p.went(p.beaThere)
	p.once("PagerDuty has nobody with the e-mail address of")
}

func TestRefusedInEveryWayIsSaidAtOnce(t *testing.T) {
	p := newPaged(t)
	p.account.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.Status, Code: 404})
	p.account.Inject(pagerfake.Fault{Method: "POST /v2/enqueue", Kind: pagerfake.Status, Code: 400})
	if one := p.page(); one.State != incident.PageLost {
		t.Errorf("the page is %s", one.State)
	}
	p.once("was not paged")
	p.once("+34 600 000 000")
	if n := len(p.account.Calls("POST /incidents")); n != 1 {
		t.Errorf("what was refused was tried %d times", n)
	}
	p.went()
}

func TestPagerDutyThatIsGoneIsSaidAtOnceAndTriedCalmly(t *testing.T) {
	p := newPaged(t)
	p.account.Inject(pagerfake.Fault{Kind: pagerfake.LimitedNo})
	p.does(p.ana, p.channel(), "page on-call")
	p.eventually("it is said", func() bool { return p.said("was not paged") == 1 })
	// Slack does not wait for PagerDuty.
	p.does(p.ana, p.channel(), "decide wait for the vendor")
	p.eventually("the decision stands there", func() bool { return p.said("wait for the vendor") >= 1 })
	for range 12 {
		p.clock.advance(time.Minute)
	}
	p.settled(p.id)
	if one := p.incident(p.id).Board.Pages[0]; one.State != incident.PageLost {
		t.Errorf("the page is %s", one.State)
	}
	p.once("+34 600 000 000")
	p.once("was given up")
	if n := len(p.account.Calls("")); n > 40 {
		t.Errorf("called %d times in 12 minutes", n)
	}
	p.went()
}

func TestPageGoesOutWhileSlackIsGone(t *testing.T) {
	p := newPaged(t)
	back := p.slack.Inject(slackfake.Fault{Kind: slackfake.Reset})
	p.does(p.ana, p.channel(), "page <@"+p.bob+">")
	p.eventually("Bob is paged", func() bool { return len(p.account.Pages()) == 1 })
	back()
	p.clock.advance(time.Minute)
	p.settled(p.id)
	p.went(p.bobThere)
	p.once("was paged about INC-1, as")
}

func TestPageOfAnIncidentThatIsOverEndsThereToo(t *testing.T) {
	p := newPaged(t)
	p.account.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.LostReply, Times: 1})
	looks := p.account.Inject(pagerfake.Fault{Method: "GET /incidents", Kind: pagerfake.Status})
	p.does(p.ana, p.channel(), "page <@"+p.bob+">")
	p.eventually("it is unclear", func() bool { return p.said("may not have been paged") == 1 })
	p.does(p.ana, p.channel(), "resolve")
	looks()
	p.clock.advance(time.Minute)
	p.settled(p.id)
	if s := p.account.Incidents()[0].Status; s != pagerfake.Resolved {
		t.Errorf("over here, and there it is %s", s)
	}
	p.went(p.bobThere)
}
