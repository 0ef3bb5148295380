package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

// pagerKey is where a script keeps its PagerDuty.
type pagerKey struct{}

// pager is the PagerDuty of a script.
type pager struct {
	account *pagerfake.Account
	service string
	hook    string            // id of the subscription
	alarm   string            // id of the last alarm
	names   map[string]string // by id
	road    *road
}

// publicHost is where scripts say that the program is reached from outside.
const publicHost = "rollcall.example.org"

// road leads PagerDuty's webhooks from the public address to the program, unless it is
// closed: then a proxy in front answers 404, after which PagerDuty drops a webhook.
type road struct {
	stage  *stage
	closed atomic.Bool
}

func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.closed.Load() {
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: req}, nil
	}
	if req.URL.Host == publicHost {
		to, err := url.Parse(r.stage.server.base)
		if err != nil {
			return nil, err
		}
		req = req.Clone(req.Context())
		req.URL.Scheme, req.URL.Host = to.Scheme, to.Host
	}
	return http.DefaultTransport.RoundTrip(req)
}

// pagerEvents are what PagerDuty does by itself.
var pagerEvents = map[string]func(*pager){
	"is down":            func(p *pager) { p.account.SetDown(true) },
	"is back":            func(p *pager) { p.account.Heal() },
	"cannot get through": func(p *pager) { p.road.closed.Store(true) },
	"gets through again": func(p *pager) { p.road.closed.Store(false) },
	"loses one reply":    func(p *pager) { p.fault("POST /incidents", pagerfake.Fault{Kind: pagerfake.LostReply, Times: 1}) },
	"refuses incidents":  func(p *pager) { p.fault("POST /incidents", pagerfake.Fault{Kind: pagerfake.Status, Code: 403}) },
	"refuses everything": func(p *pager) { p.fault("", pagerfake.Fault{Kind: pagerfake.Status, Code: 403}) },
}

func (p *pager) fault(operation string, f pagerfake.Fault) {
	f.Method = operation
	p.account.Inject(f)
}

// pagerduty starts an account in which these people are, the first of them on call for
// checkout and the last for cart, whose routing key is all c,
// and has the program know it. It sends its alarms, unless it is unsubscribed. Words of pagerEvents instead of names say what it does next.
func (s *stage) pagerduty(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "pagerduty [unsubscribed] PERSON… | pagerduty is down|…")
	p := ts.Value(pagerKey{}).(*pager) //nolint:forcetypeassert // set by Setup
	if do, ok := pagerEvents[strings.Join(args, " ")]; ok {
		do(p)
		return
	}
	subscribed := args[0] != "unsubscribed"
	if !subscribed {
		args = args[1:]
	}
	p.road = &road{stage: s}
	p.account = pagerfake.New(pagerfake.Options{Now: s.clock.Now, StrictRates: true, Client: &http.Client{Transport: p.road}})
	base, err := p.account.Start(s.ctx)
	ts.Check(err)
	p.names = map[string]string{p.account.AddUser(pagerfake.User{Name: "rollcall", Email: "rollcall@example.org"}): "rollcall"}
	var first, last string
	for n, name := range args {
		id := p.account.AddUser(pagerfake.User{Name: name, Email: name + "@example.org"})
		if p.names[id] = name; n == 0 {
			first = id
		}
		last = id
	}
	key := strings.Repeat("e", 32)
	p.service = p.account.AddService(pagerfake.Service{Name: "checkout", OnCall: []string{first}, RoutingKey: key})
	p.account.AddService(pagerfake.Service{Name: "cart", OnCall: []string{last}, RoutingKey: strings.Repeat("c", 32)})
	if subscribed {
		var secret string
		p.hook, secret = p.account.Subscribe("http://127.0.0.1:1/", webhookEvents...)
		ts.Setenv("PAGERDUTY_WEBHOOK_SECRET", secret+",the-one-before")
	}
	for name, value := range map[string]string{
		"PAGERDUTY_API_TOKEN": p.account.Token(), "PAGERDUTY_FROM": "rollcall@example.org", "PAGERDUTY_SERVICE_ID": p.service,
		"PAGERDUTY_ROUTING_KEY": key, "PAGERDUTY_API_URL": base, "PAGERDUTY_EVENTS_URL": base,
	} {
		ts.Setenv(name, value)
	}
}

// pages prints who was paged with what, how the incidents there stand, and what was noted on them.
func (s *stage) pages(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 0, "pages")
	p := ts.Value(pagerKey{}).(*pager) //nolint:forcetypeassert // set by Setup
	var out strings.Builder
	for _, one := range p.account.Pages() {
		_, _ = fmt.Fprintf(&out, "page %s: %s\n", p.names[one.UserID], one.Title)
	}
	for _, i := range p.account.Incidents() {
		_, _ = fmt.Fprintf(&out, "incident %s: %s\n", i.Status, i.Title)
		for _, n := range i.Notes {
			_, _ = fmt.Fprintf(&out, "note on %s: %s\n", i.Title, n.Content)
		}
	}
	_, _ = fmt.Fprint(ts.Stdout(), out.String())
}

// hears waits until a channel shows some words, moving the clock meanwhile.
func (s *stage) hears(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2 && s.ws != nil, "hears CHANNEL WORDS")
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for {
		if ch, ok := s.ws.Channel(args[0]); ok {
			for _, m := range s.ws.Messages(ch.ID) {
				if strings.Contains(m.Plain(), args[1]) {
					return
				}
			}
		}
		ts.Check(s.move(step))
		select {
		case <-tick.C:
		case <-late.C:
			ts.Fatalf("%s did not hear %q\n%s", args[0], args[1], s.server.log.String())
		}
	}
}

// alarm has PagerDuty tell of an alarm: a monitor triggers one, somebody there does
// something with it, or everything is told again in another order.
func (s *stage) alarm(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0 && s.server != nil, "alarm TITLE | alarm again | alarm PERSON acknowledges|resolves|reopens | alarm PERSON notes TEXT")
	p := ts.Value(pagerKey{}).(*pager) //nolint:forcetypeassert // set by Setup
	if p.hook != "" {
		p.account.Redirect(p.hook, s.server.base+webhookPath)
	}
	if len(args) == 1 && args[0] == "again" {
		for _, status := range p.account.ResendShuffled(s.ctx, 5) {
			if status != http.StatusAccepted {
				ts.Fatalf("a webhook that is told again is answered %d", status)
			}
		}
		return
	}
	if len(args) == 1 {
		id, err := p.account.Trigger(p.service, args[0], args[0])
		ts.Check(err)
		p.alarm = id
	} else {
		ts.Check(p.does(args))
	}
	p.account.Wait()
}

// does has somebody do something with the last alarm.
func (p *pager) does(args []string) error {
	who := ""
	for id, name := range p.names {
		if name == args[0] {
			who = id
		}
	}
	switch args[1] {
	case "acknowledges":
		return p.account.Acknowledge(who, p.alarm)
	case "resolves":
		return p.account.Resolve(who, p.alarm)
	case "reopens":
		return p.account.Reopen(who, p.alarm)
	default:
		return p.account.Note(who, p.alarm, args[len(args)-1])
	}
}
