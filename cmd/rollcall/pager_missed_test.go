package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

func TestMissedAlarmIsTakenInAsItsWebhookWouldBe(t *testing.T) {
	at := time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)
	found := outbound.Alarm{ID: "P1", Title: "Checkout fails", ServiceName: "checkout", URL: "https://example.pagerduty.com/incidents/P1", At: at}
	var took alarm.Alarm
	answer := error(nil)
	take := missed(func(_ context.Context, a alarm.Alarm) error { took = a; return answer })
	if err := take(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	r := took.Report
	if r.Ref != (incident.AlarmRef{Source: "pagerduty", ID: "P1"}) || !r.Raises() || !r.At.Equal(at) || !r.Began.Equal(at) ||
		r.Facts != (incident.AlarmFacts{Title: "Checkout fails", Service: "checkout", URL: found.URL}) || len(took.Deliveries) != 1 {
		t.Errorf("%+v", took)
	}
	if answer = alarm.ErrUnnamed; take(t.Context(), outbound.Alarm{}) != nil {
		t.Error("what can never be taken is tried for ever")
	}
	if answer = errors.New("not saved"); take(t.Context(), found) == nil {
		t.Error("what was not saved is not tried again")
	}
}
