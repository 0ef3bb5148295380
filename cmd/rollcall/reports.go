package main

import (
	"context"
	"fmt"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/report"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// partReports is the part that reports; its own trouble is in the log only.
const partReports = "reports"

// newReports makes what tells those who run the program of trouble inside it.
func (s *server) newReports() (*report.Reporter, error) {
	var places []report.Place
	if s.cfg.Sentry.DSN.IsSet() {
		place, err := report.Sentry(s.cfg.Sentry.DSN.Reveal(), version(), s.keyOf)
		if err != nil {
			return nil, err
		}
		places = append(places, place)
	}
	if s.cfg.Practice.OpsChannel != "" {
		places = append(places, report.Place{Name: "Slack", Tell: (&opsChannel{server: s}).tell})
	}
	return report.New(s.p.clock, s.log, places...), nil
}

// keyOf is the key of the incident that trouble is about. It says no more than that
// there is one, of a private incident too.
func (s *server) keyOf(ctx context.Context, t outbound.Trouble) string {
	if t.Incident == "" {
		return ""
	}
	key := string(t.Incident)
	_ = s.store.Read(ctx, func(r *storage.Reader) error { // the id does as well
		b, err := r.RawBrief(t.Incident)
		if err == nil {
			key = incident.Key(b.Number)
		}
		return err
	})
	return key
}

// opsChannel is the channel of those who run the program. One message is told at a time.
type opsChannel struct {
	*server
	id string // once it was found: looking through all channels takes many calls
}

// tell writes into it, like every message within Slack's limits.
func (s *opsChannel) tell(ctx context.Context, t outbound.Trouble, count int) error {
	if t.Standing {
		return nil // has a message of its own there, which is edited once it is over
	}
	if s.id == "" {
		ch, ok, err := s.slack.ChannelByName(ctx, s.cfg.Practice.OpsChannel)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("there is no channel %s: create it and invite Rollcall, or set ops_channel to another one", s.cfg.Practice.OpsChannel)
		}
		s.id = ch.ID
	}
	_, err := s.slack.Post(ctx, outbound.Post{
		Op: s.p.newID(), To: outbound.Place{Channel: s.id}, Since: s.p.clock.Now(),
		Say:  incident.Say{ID: "ops.trouble", Args: incident.Args{"kind": t.Kind, "what": t.What, "count": count, "key": s.keyOf(ctx, t)}},
		View: outbound.View{Who: nobodyKnown{}},
	})
	f := outbound.FailureOf(err)
	if f == nil || f.End == outbound.Unclear { // what may have arrived is not said again
		return nil
	}
	if f.End == outbound.Refused {
		s.id = "" // it may be another one next time
	}
	return f
}

// nobodyKnown looks nobody up: a report names nobody.
type nobodyKnown struct{}

func (nobodyKnown) Name(incident.PersonID) string    { return "somebody" }
func (nobodyKnown) SlackID(incident.PersonID) string { return "" }

// restarted counts and reports a part of the program that ended. Socket Mode ends
// whenever Slack does not want us, which its own metric shows.
func (s *server) restarted(name string) {
	s.metrics.Restarted(name)
	if name != partReports && name != partSocket {
		s.reports.Report(outbound.Trouble{Kind: "part " + name, What: "ended, and was started again"})
	}
}

// panicked is what a write's or a request's panic is reported with.
func (s *server) panicked(kind string) func(p any, stack []byte) {
	return func(p any, stack []byte) {
		if s.reports != nil { // before the server is wired there is nobody to tell
			s.reports.Report(outbound.Panicked(kind, p, stack))
		}
	}
}
