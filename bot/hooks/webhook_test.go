package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/hookfake"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
	"github.com/rollcall-bot/rollcall/incident"
)

func TestWebhook(t *testing.T) {
	w := newWorld(t)
	w.ends(ask(incident.HookWebhook, "checkout"), 1, incident.HookDone)
	orders := w.hook.Orders()
	if len(orders) != 1 || orders[0]["event"] != "rollback" || orders[0]["key"] != "INC-7" || orders[0]["service"] != "checkout" ||
		orders[0]["run"] != run || orders[0]["title"] != "Checkout is down" {
		t.Errorf("ordered was %v", orders)
	}
	if c := w.hook.Calls()[0]; c.Key != run {
		t.Errorf("the key is %q", c.Key)
	}
}

// TestWebhookThroughTrouble: whatever goes wrong, the receiver acts once, and what
// the program then says is so.
func TestWebhookThroughTrouble(t *testing.T) {
	for name, fault := range map[string]hookfake.Fault{
		"reset":      {Kind: standin.Reset, Times: 2},
		"hang":       {Kind: standin.Hang, Times: 1},
		"500":        {Kind: standin.Status, Times: 2},
		"503":        {Kind: standin.Status, Code: 503, Times: 1},
		"429":        {Kind: standin.Limited, RetryAfter: 20, Times: 1},
		"lost reply": {Kind: standin.LostReply, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.hook.Faults.Inject(fault)
			w.ends(ask(incident.HookWebhook, "checkout"), 4, incident.HookDone)
			if n, calls := len(w.hook.Orders()), len(w.hook.Calls()); n != 1 || calls < 2 {
				t.Errorf("carried out %d times in %d calls", n, calls)
			}
		})
	}
}

func TestWebhookFailuresAreToldApart(t *testing.T) {
	for name, one := range map[string]struct {
		fault hookfake.Fault
		end   outbound.End
		fix   string
	}{
		"404":        {hookfake.Fault{Kind: standin.Status, Code: 404}, outbound.Refused, "it answered 404"},
		"302":        {hookfake.Fault{Kind: standin.Status, Code: 302}, outbound.Refused, "it answered 302"},
		"500":        {hookfake.Fault{Kind: standin.Status}, outbound.Unclear, ""},
		"lost reply": {hookfake.Fault{Kind: standin.LostReply}, outbound.Unclear, ""},
		"429":        {hookfake.Fault{Kind: standin.Limited}, outbound.Delayed, "it answered 429"},
	} {
		w := newWorld(t)
		w.hook.Faults.Inject(one.fault)
		_, f := w.attempts(ask(incident.HookWebhook, "checkout"), 1)
		if f == nil || f.End != one.end || f.Fix != one.fix {
			t.Errorf("%s: %+v", name, f)
		}
	}
	w := newWorld(t)
	w.opts.Secret = strings.Repeat("x", 32)
	w.restart()
	if _, f := w.attempts(ask(incident.HookWebhook, "checkout"), 1); f == nil || f.Fix != "it answered 401" || len(w.hook.Orders()) != 0 {
		t.Errorf("wrongly signed: %+v", f)
	}
}

func TestWebhookThatOnlyTakesTheOrder(t *testing.T) {
	w := newWorld(t)
	w.hook.Answer(http.StatusAccepted)
	w.ends(ask(incident.HookWebhook, "checkout"), 1, incident.HookAccepted)
}

func TestWebhookOfAPrivateIncidentHoldsNoTitle(t *testing.T) {
	w := newWorld(t)
	h := ask(incident.HookWebhook, "checkout")
	h.Title = ""
	w.ends(h, 1, incident.HookDone)
	if body := w.hook.Calls()[0].Body; body != `{"event":"rollback","run":"`+run+`","key":"INC-7","service":"checkout"}` {
		t.Errorf("sent was %s", body)
	}
}

// TestWebhookIsSignedUnderBothNames: receivers know the names that were documented first.
func TestWebhookIsSignedUnderBothNames(t *testing.T) {
	w := newWorld(t)
	w.ends(ask(incident.HookWebhook, "checkout"), 1, incident.HookDone)
	h := w.hook.Calls()[0].Header
	for present, former := range map[string]string{"Rollcall-Timestamp": "X-Rollcall-Timestamp", "Rollcall-Signature": "X-Rollcall-Signature"} {
		if h.Get(present) == "" || h.Get(present) != h.Get(former) {
			t.Errorf("%s is %q, %s is %q", present, h.Get(present), former, h.Get(former))
		}
	}
}

func TestWebhookDoesNotReachOurOwnNetwork(t *testing.T) {
	w := newWorld(t)
	w.opts.Outgoing = guard.Options{}
	w.restart()
	_, f := w.attempts(ask(incident.HookWebhook, "checkout"), 1)
	if f == nil || f.End != outbound.Refused || !strings.Contains(f.Fix, "outgoing.allow_hosts") || len(w.hook.Calls()) != 0 {
		t.Errorf("%+v, and %d calls arrived", f, len(w.hook.Calls()))
	}
}
