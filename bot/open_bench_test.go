package bot_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
)

// BenchmarkOpen opens incidents where many were opened before that hit the same
// service and share words. "ratio" is how much longer the last ones took than the
// first ones of the same run, which is what a history costs whoever waits.
func BenchmarkOpen(b *testing.B) {
	const history = 400
	c := newCommands(b, 1)
	open := func(i int) {
		a := c.bot.Handle(b.Context(), bot.Request{
			Delivery: bot.Delivery{Source: "open", ID: fmt.Sprint(i)}, From: bot.From{Team: "T1", User: "U1"}, Surface: "slash",
			Text: fmt.Sprintf("open service cart Checkout of shop%d is down in region%d", i, i%7),
		})
		if a.Kind != bot.Done {
			b.Fatal(a.Text)
		}
	}
	const measured = 30
	timed := func(from int) time.Duration {
		began := time.Now()
		for i := range measured {
			open(from + i)
		}
		return time.Since(began)
	}
	first := timed(0)
	for i := range history {
		open(1000 + i)
	}
	last := timed(2000)
	b.ResetTimer()
	for i := range b.N {
		open(10_000 + i)
	}
	b.ReportMetric(last.Seconds()/first.Seconds(), "ratio")
}
